"""The work behind the Makefile: one verb a target. Run by any Python from 3.11 on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

HELP = """\
make up           set everything up, start the emulator, deploy stack local
make preview      what `make up` would change, property by property
make bot          start the bot of examples/bot/, which stack local leads to
make down         destroy stack local, stop its emulator and bot
make reset        stop emulator and bot, and remove .local/, whatever is in it
make test         all tests, with the Pulumi CLI and the emulator
                  ARGS=fast: without CLI, plugin host, browser and random programs, in a minute
                  ARGS="tests/host -k adopt": these tests; ARGS holds options of pytest
make soak         the long proofs that make test leaves out
make bench        how fast it is beside what else there is; ARGS=--help for the choices
make check        format, lint, types, imports, workflows; in seconds
make constraints  write constraints.txt anew with the newest versions that fit
"""
CHECKS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports", "--no-logo"),
)
FAST = ("-m", "not cli and not host and not browser and not soak", "--ignore=tests/random")


def main(verb: str, *arguments: str) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - a run with an older Python must say so itself
        have = ".".join(map(str, sys.version_info[:2]))
        print(
            f"error: Python 3.11 or newer is needed and `{sys.executable}` is {have}; "
            "say which to use: make PYTHON=python3.12 up",
            file=sys.stderr,
        )
        return 2
    # Run as a file, Python looks for modules in toolchain/ only, not in its parent.
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
    }
    return say.answer(verbs[verb])


def check() -> int:
    """Format, lint, types, imports, workflows; all of them, whatever the first one finds."""
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
    """The tests that take too long for every change."""
    return _pytest("-m", "soak")


def bench(*arguments: str) -> int:
    """The benchmarks, with the library that draws their plots, which nothing else needs."""
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
    workflows.actionlint()  # tests reach nothing but this machine
    return _python("-m", "pytest", "-n", "auto", "--dist", "worksteal", *arguments)


def _python(*arguments: str) -> int:
    """The environment's Python, with the CLI that it is to drive."""
    from toolchain import environment, stack, variables

    environment.ensure()
    env = variables.clean(os.environ)
    env[variables.KEPT] = str(stack.cli())
    return environment.run("python", *arguments, env=env)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
