"""The machine: interpreter, packages, the Pulumi CLI, its plugin host, the passphrase."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import selectors
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from ..text import one_line
from ..version import VERSION
from .check import Check, Status

_SECONDS: Final = 30.0
_OLDEST: Final = (3, 259)
"""Of the CLI and the SDK."""
_PACKAGES: Final = ("pulumi", "requests", "pydantic", "tenacity", "grpcio")
_HOST: Final = "pulumi-resource-pulumi-python"


def checks(project: Path | None, environment: Mapping[str, str]) -> Iterator[Check]:
    """Check this machine; `project` is the folder of `Pulumi.yaml`, if there is one."""
    yield _check(
        "interpreter",
        Status.OK,
        f"Python {platform.python_version()} on {platform.system()} {platform.machine()}: "
        f"{sys.executable}",
    )
    yield _packages()
    yield from _cli()
    yield from _program(project)
    yield _passphrase(environment)


def _check(id: str, status: Status, text: str, todo: str = "") -> Check:
    return Check("machine", id, status, text, todo)


def _packages() -> Check:
    found = {name: _version(name) for name in _PACKAGES}
    text = ", ".join([f"egain-pulumi {VERSION}", *(f"{k} {v or 'none'}" for k, v in found.items())])
    missing = [name for name, version in found.items() if version is None]
    if missing:
        return _check("packages", Status.FAILED, text, "Run: pip install egain-pulumi")
    if _parts(found["pulumi"]) < _OLDEST:
        return _check("packages", Status.FAILED, text, 'Run: pip install "pulumi>=3.259,<4"')
    return _check("packages", Status.OK, text)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _parts(version: str | None) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version or "")[:2]))


def _cli() -> Iterator[Check]:
    cli = shutil.which("pulumi")
    if cli is None:
        yield _check(
            "cli",
            Status.FAILED,
            "pulumi is not on the PATH",
            "Install the Pulumi CLI; if make up installed it, run: . .local/env",
        )
        return
    code, said = _run([cli, "version"])
    if code or not _parts(said):
        yield _check("cli", Status.FAILED, f"{cli} version: {one_line(said)}", "Install it anew.")
    elif _parts(said) < _OLDEST:
        text = f"Pulumi CLI {one_line(said, 40)} is older than 3.259: {cli}"
        yield _check("cli", Status.FAILED, text, "Install a newer Pulumi CLI.")
    else:
        yield _check("cli", Status.OK, f"Pulumi CLI {one_line(said, 40)}: {cli}")
    host = shutil.which(_HOST) or shutil.which(_HOST, path=str(Path(cli).resolve().parent))
    if host is None:
        text = f"{_HOST} is neither beside the CLI nor on the PATH"
        yield _check("plugin-starter", Status.FAILED, text, "Install the whole Pulumi CLI anew.")


def _program(project: Path | None) -> Iterator[Check]:
    """Check the interpreter in which programs and the plugin host run."""
    if project is None:
        yield _check(
            "program",
            Status.WARNING,
            "there is no Pulumi.yaml here or above, so the program's interpreter is not checked",
            "Run it in the folder of the program.",
        )
        return
    options = _options(project / "Pulumi.yaml")
    if "toolchain" not in options:
        yield _check(
            "toolchain",
            Status.WARNING,
            "Pulumi.yaml has no runtime.options.toolchain, so the program and the plugin host may "
            "run in different interpreters",
            'Set it: "pip", "uv" or "poetry".',
        )
    python = sys.executable
    if "virtualenv" in options:
        folder = project / str(options["virtualenv"])
        places = ("bin/python", "Scripts/python.exe")
        found = next((folder / place for place in places if (folder / place).is_file()), None)
        if found is None:
            text = f"the virtual environment of Pulumi.yaml has no interpreter: {folder}"
            yield _check("program", Status.FAILED, text, "Run: pulumi install")
            return
        python = str(found)
    code, said = _run(
        [python, "-c", "from egain_pulumi.version import VERSION; print(VERSION)"], project
    )
    if code:
        text = f"{python} cannot import egain_pulumi: {_last(said)}"
        yield _check("program", Status.FAILED, text, "Install egain-pulumi there.")
        return
    if said.strip() != VERSION:
        text = f"{python} has egain-pulumi {one_line(said, 40)}, but this command is of {VERSION}"
        yield _check("program", Status.WARNING, text, "Install the same version in both.")
    else:
        yield _check("program", Status.OK, f"programs run in {python}")
    yield _plugin_host(python, project)


def _plugin_host(python: str, folder: Path) -> Check:
    """Start the plugin host as the CLI does; the first line that it prints must be its port."""
    # It serves nobody: the address of the engine is one where nothing listens.
    with subprocess.Popen(
        [python, "-u", "-m", "pulumi.dynamic", "127.0.0.1:1"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as host:
        assert host.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(host.stdout, selectors.EVENT_READ)
            line = host.stdout.readline() if selector.select(_SECONDS) else b""
        host.kill()
    said = line.decode("utf-8", errors="replace").strip()
    if said.isdecimal():
        return _check("plugin-host", Status.OK, "the plugin host starts")
    text = f"the plugin host prints {one_line(said, 80)!r} instead of its port"
    todo = "Look for code that prints at the start of Python (sitecustomize, a .pth file)."
    if not said:
        text, todo = "the plugin host does not start", f"Run: {python} -m pulumi.dynamic"
    return _check("plugin-host", Status.FAILED, text, todo)


def _passphrase(environment: Mapping[str, str]) -> Check:
    text, file = (environment.get(f"PULUMI_CONFIG_PASSPHRASE{end}") for end in ("", "_FILE"))
    if text is not None:
        return _check("passphrase", Status.OK, "PULUMI_CONFIG_PASSPHRASE is set")
    if not file:
        return _check(
            "passphrase",
            Status.WARNING,
            "neither PULUMI_CONFIG_PASSPHRASE nor PULUMI_CONFIG_PASSPHRASE_FILE is set",
            "Set one of them, unless your stacks use Pulumi Cloud or a key service.",
        )
    if not os.access(file, os.R_OK):
        text = f"PULUMI_CONFIG_PASSPHRASE_FILE cannot be read: {file}"
        return _check("passphrase", Status.FAILED, text, "Correct the variable, or unset it.")
    return _check("passphrase", Status.OK, "PULUMI_CONFIG_PASSPHRASE_FILE names a readable file")


def _options(file: Path) -> Mapping[str, Any]:
    """Return `runtime.options` of a Pulumi.yaml; nothing if it has none, or is not YAML."""
    try:
        found = yaml.safe_load(file.read_text("utf-8", errors="replace"))
    except yaml.YAMLError:
        return {}
    for key in ("runtime", "options"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _run(command: list[str], folder: Path | None = None) -> tuple[int, str]:
    """Run a command; return its exit code, and its output or what it said instead."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return 1, type(problem).__name__
    return done.returncode, done.stdout if done.returncode == 0 else done.stderr


def _last(said: str) -> str:
    return one_line((said.strip().splitlines() or ["no reason given"])[-1])
