"""The work behind the Makefile: one verb per target. Runs with any Python from 3.11 on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

HELP = """\
make up           set everything up, start the emulator, deploy stack local
make preview      show what `make up` would change, property by property
make bot          start the bot of examples/bot/, which stack local calls
make down         destroy stack local, stop its emulator and bot
make reset        stop emulator and bot, and remove .local/
make test         run all tests, with the Pulumi CLI and the emulator
                  ARGS=fast: those of the package without CLI, plugin host, browser and emulator;
                  about a minute
                  ARGS="tests/host -k adopt": these tests, or any other options of pytest
make soak         run the long tests that make test leaves out
make bench        measure the performance; ARGS=--help shows the options
make check        check format, lint, types, imports and workflows; in seconds
make constraints  update constraints.txt and the lock files to the newest versions allowed
make audit        look for known vulnerabilities in the packages of requirements.lock
"""
CHECKS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports", "--no-logo"),
)
FAST = (
    "-m",
    "not cli and not host and not browser and not soak",
    *(f"--ignore=tests/{each}" for each in ("random", "emulator", "toolchain", "support_tests")),
)


def main(verb: str, *arguments: str) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - reached with an older Python only
        have = ".".join(map(str, sys.version_info[:2]))
        print(
            f"error: Python 3.11 or newer is needed, and `{sys.executable}` is {have}; "
            "choose another: make PYTHON=python3.12 up",
            file=sys.stderr,
        )
        return 2
    # For a script, Python looks for modules in its own folder only.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from toolchain import environment, say, stack

    def usage() -> int:
        print(HELP, end="")
        return 0

    verbs: dict[str, Callable[[], int]] = {
        "help": usage,
        "up": stack.up,
        "preview": stack.preview,
        "bot": stack.bot,
        "down": stack.down,
        "reset": stack.reset,
        "test": partial(test, *arguments),
        "soak": soak,
        "bench": partial(bench, *arguments),
        "check": check,
        "constraints": environment.pin,
        "audit": environment.audit,
    }
    return say.run(verbs[verb])


def check() -> int:
    """Check format, lint, types, imports and workflows; a finding does not stop the others."""
    from toolchain import environment, workflows

    environment.ensure()
    codes = [*(environment.run(*command) for command in CHECKS), workflows.check()]
    return int(any(codes))


def test(*arguments: str) -> int:
    """Run the tests on all cores; `fast` is a subset, any other argument is one of pytest."""
    from toolchain import browser, say

    if arguments[:1] == ("fast",):
        return _pytest(*FAST, *arguments[1:])
    if browser.ensure():
        return _pytest(*arguments)
    say.say(browser.LEFT_OUT)
    code = _pytest("-m", "not soak and not browser", *arguments)
    say.say(browser.LEFT_OUT)
    return code


def soak() -> int:
    """Run the tests that take too long for every change."""
    return _pytest("-m", "soak")


def bench(*arguments: str) -> int:
    """Run the benchmarks; first install matplotlib, which only they need."""
    import tomllib

    from toolchain import environment, say

    environment.ensure()
    look = "import importlib.util, sys; sys.exit(importlib.util.find_spec('matplotlib') is None)"
    if environment.run("python", "-c", look):
        say.say("getting matplotlib (once, some seconds)")
        project = tomllib.loads((environment.PROJECT / "pyproject.toml").read_text())["project"]
        wanted = project["optional-dependencies"]["bench"]
        pip = ("python", "-m", "pip", "install", "--quiet", "-c", "constraints.txt")
        if environment.run(*pip, *wanted):
            raise say.Refusal("matplotlib cannot be installed, see above")
    return _python("-m", "benchmarks", *arguments)


def _pytest(*arguments: str) -> int:
    from toolchain import environment, workflows

    environment.ensure()
    workflows.actionlint()  # built now, because tests may not use the network
    return _python("-m", "pytest", "-n", "auto", "--dist", "worksteal", *arguments)


def _python(*arguments: str) -> int:
    """Run `.venv`'s Python with the path of the Pulumi CLI in its environment."""
    from toolchain import environment, stack, variables

    environment.ensure()
    env = variables.clean(os.environ)
    env[variables.KEPT] = str(stack.cli())
    return environment.run("python", *arguments, env=env)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
