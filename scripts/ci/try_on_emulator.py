"""`scripts/try-on-emulator STACK`: run a stack's program on the emulator.

The program runs with the stack's configuration, without its secrets, on a temporary backend and
emulator, which gets stand-ins for what the program finds in its tenant. That shows whether it can
be created, settles and can be destroyed; it says nothing about the stack's tenant.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from scripts.ci import cli
from scripts.ci.placeholders import without_secrets
from scripts.ci.stand_ins import found_by, stand_ins
from toolchain import emulator, environment, private, variables
from toolchain.local import Local
from toolchain.say import Refusal, say

INIT: Final = ("stack init", ("stack", "init"))
STEPS: Final = (
    ("up", ("up", "--yes", "--skip-preview")),
    ("second preview", ("preview", "--diff", "--expect-no-changes")),
    ("state unprotect", ("state", "unprotect", "--all", "--yes")),
    ("destroy", ("destroy", "--yes", "--skip-preview")),
)
LEFT_OUT: Final = (".git", ".venv", ".local", "__pycache__", "node_modules", ".*_cache")
PATIENCE: Final = 15.0
ENDS: Final = (signal.SIGINT, signal.SIGTERM)


def run(stack: str) -> int:
    """Run up, an empty second preview and destroy; return 1, naming the step, if one fails."""
    say(f"{stack} on the emulator, not compared with {stack}")
    with _sigterm_interrupts(), _temporary_copy() as project:
        _write_stack(project, stack)
        local = Local(project)
        try:
            with _interrupts_deferred():
                running = emulator.start(local, _emulator)
            env = _environment(project, running.port)
            seeded: list[str] = []
            for name, arguments in (INIT, *STEPS):
                if name == "up":
                    seeded = _seed(project, env, running.port, stack)
                say(f"-- {name}")
                if code := _call(project, env, *arguments, "--stack", stack):
                    say(f"error: {stack} on the emulator: step `{name}` failed ({code}), see above")
                    return 1
        finally:
            with _interrupts_deferred():
                emulator.stop(local)
    say(f"{stack} can be created, settles and can be destroyed; not compared with {stack}")
    if seeded:
        say(f"not shown: that {stack} has what the program finds; {_list(seeded)}")
    return 0


def _seed(project: Path, env: Mapping[str, str], port: int, stack: str) -> list[str]:
    """Add stand-ins for what the program finds; return what they are.

    A program that cannot be previewed gets none: its `up` fails too, and shows why.
    """
    preview = project / ".local" / "preview.json"
    if _call(project, env, "preview", "--json", "--stack", stack, into=preview):
        return []
    finds = found_by(json.loads(preview.read_text()))
    added = stand_ins(finds, _control(port, "/objects"))
    for one in added:
        _control(port, f"/objects/{one.collection}", one.body)
    seeded = [one.what for one in added if one.what]
    if seeded:
        say(f"-- {_list(seeded)}")
    return seeded


def _list(seeded: list[str]) -> str:
    return f"stand-ins on the emulator: {', '.join(seeded)}"


def _control(port: int, path: str, body: object = None) -> Any:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/_emulator{path}", data)
    with direct.open(request, timeout=10) as answer:
        return json.load(answer)


@contextlib.contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """Treat SIGTERM, with which runners end jobs, like Ctrl-C: it must leave nothing behind."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _interrupts_deferred() -> Iterator[None]:
    """Defer interrupts: an interrupted start would leave a process that nobody ends."""
    came: list[int] = []
    before = {each: signal.signal(each, lambda number, _: came.append(number)) for each in ENDS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        if came:
            raise KeyboardInterrupt


@contextlib.contextmanager
def _temporary_copy() -> Iterator[Path]:
    """Copy the project, and remove the copy afterwards."""
    scratch = Path(tempfile.mkdtemp(prefix="try-on-emulator-"))
    try:
        project = scratch / "project"
        ignored = shutil.ignore_patterns(*LEFT_OUT)
        shutil.copytree(cli.PROJECT, project, symlinks=True, ignore=ignored)
        (project / ".venv").symlink_to(environment.FOLDER)
        private.folder(project / ".local")
        yield project
    finally:
        with _interrupts_deferred():
            shutil.rmtree(scratch)


def _write_stack(project: Path, stack: str) -> None:
    settings = _yaml(project / "Pulumi.yaml")
    folder = project / str(settings.get("stackConfigDir") or ".")
    file = folder / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        raise Refusal(
            f"there is no {file.relative_to(project)}: {stack} is not a stack of this project"
        )
    local = folder / "Pulumi.local.yaml"
    prefix = f"{settings['name']}:"
    types = {
        key if ":" in key else prefix + key: str(declared["type"])
        for key, declared in (settings.get("config") or {}).items()
        if isinstance(declared, Mapping) and "type" in declared
    }
    filled = without_secrets(_yaml(file), _yaml(local) if local.is_file() else {}, types)
    file.write_text(yaml.safe_dump(filled, sort_keys=False))


def _yaml(file: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(file.read_text()) or {}
    except (OSError, yaml.YAMLError) as problem:
        raise Refusal(f"{file.name} cannot be read: {' '.join(str(problem).split())}") from None
    if not isinstance(found, dict):
        raise Refusal(f"{file.name} is not a mapping")
    return found


def _environment(project: Path, port: int) -> dict[str, str]:
    """Return variables that lead to this run's stack only, with a random passphrase."""
    local = Local(project)
    private.folder(local.state)
    ours = variables.of_stack(local, port)
    ours["PULUMI_CONFIG_PASSPHRASE"] = secrets.token_urlsafe(24)
    # The program may use other providers, whose plugins are downloaded.
    del ours["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"]
    return {**variables.clean(os.environ), **ours}


def _emulator(port: int, database: Path) -> list[str]:
    module = [str(environment.PYTHON), "-m", "egain_pulumi.emulator"]
    return [*module, "--port", str(port), "--db", str(database)]


def _call(project: Path, env: Mapping[str, str], *arguments: str, into: Path | None = None) -> int:
    """Run the CLI; return its exit code. `into`: the file that gets its output, shown otherwise."""
    sys.stdout.flush()
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(into.open("wb")) if into else None
        child = subprocess.Popen(
            ["pulumi", *arguments, *cli.QUIET],
            cwd=project,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.DEVNULL if file else None,
        )
    try:
        return child.wait()
    finally:
        if child.poll() is None:
            # On SIGINT the CLI ends its children first; a kill would leave them running.
            child.send_signal(signal.SIGINT)
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
