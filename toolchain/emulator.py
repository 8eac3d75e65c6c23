"""The emulator of stack `local` as a background process: started, found again, stopped.

It outlives the make that started it. `.local/emulator.pid` holds its pid, port and
identity; a process that does not match is never touched.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from toolchain import process
from toolchain.local import Local
from toolchain.say import Refusal, say

PORT = 8780
PORTS = 200
START_SECONDS = 30.0
ATTEMPTS = 20

Command = Callable[[int, Path], list[str]]


@dataclass(frozen=True)
class Running:
    """Our emulator's process, as `.local/emulator.pid` remembers it."""

    pid: int
    port: int
    identity: str


def running(local: Local) -> Running | None:
    """The emulator that we started, if it still runs."""
    try:
        found = Running(**json.loads(local.process.read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return found if process.identity(found.pid) == found.identity else None


def start(local: Local, command: Command) -> Running:
    """Our emulator, started unless it runs and answers; Refusal with its own last words."""
    found = running(local)
    if found and local.database.exists() and _answers(found.port):
        return found
    stop(local)
    for _ in range(ATTEMPTS):
        port = choose_port(local)
        began = local.log.stat().st_size if local.log.exists() else 0
        if started := _launch(local, port, command(port, local.database), began):
            say(f"the emulator runs on http://127.0.0.1:{port}")
            return started
        said = _written(local, began).strip().splitlines()
        last = said[-1] if said else "it said nothing"
        # Another clone may have taken the port in between; then the next one will do.
        if "in use" not in last and free(port):
            break
    raise Refusal(f"the emulator did not start: {last} (all of it: .local/emulator.log)")


def stop(local: Local) -> bool:
    """Stop our emulator if it runs; whether there was one to stop."""
    found = running(local)
    stopped = found is not None and process.end(found.pid, found.identity)
    local.process.unlink(missing_ok=True)
    return stopped


def choose_port(local: Local) -> int:
    """The port of last time if it is free, else 8780 or the next free one; remembered."""
    candidates = list(range(PORT, PORT + PORTS))
    if remembered := _remembered(local):
        candidates.insert(0, remembered)
    port = next(filter(free, candidates), None)
    if port is None:
        raise Refusal(f"no free port between {PORT} and {PORT + PORTS - 1}; stop what uses them")
    local.folder.mkdir(exist_ok=True)
    local.port.write_text(f"{port}\n")
    return port


def known_port(local: Local) -> int:
    """The port to tell a command that needs no emulator."""
    found = running(local)
    return found.port if found else _remembered(local) or PORT


def _launch(local: Local, port: int, argv: list[str], began: int) -> Running | None:
    """Start the process; None if it ends, or does not say in time that it listens."""
    with local.log.open("ab") as log:
        child = subprocess.Popen(
            argv,
            cwd=local.project,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    identity = process.identity(child.pid)
    deadline = time.monotonic() + START_SECONDS
    while identity and child.poll() is None and time.monotonic() < deadline:
        # Its own announcement: an answer on the port could be that of somebody else's.
        if f"http://127.0.0.1:{port}" in _written(local, began).splitlines():
            found = Running(child.pid, port, identity)
            local.process.write_text(json.dumps(asdict(found)) + "\n")
            child.returncode = 0  # it is to outlive us: Popen need not warn that nobody waits
            return found
        time.sleep(0.02)
    child.kill()
    child.wait()
    return None


def _written(local: Local, began: int) -> str:
    with local.log.open("rb") as log:
        log.seek(began)
        return log.read().decode(errors="replace")


def _answers(port: int) -> bool:
    """Whether something answers as an emulator does, within a few seconds."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://127.0.0.1:{port}/_emulator/", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _remembered(local: Local) -> int | None:
    try:
        return int(local.port.read_text())
    except (OSError, ValueError):
        return None


def free(port: int) -> bool:
    """Whether a server may listen on a port of this machine."""
    with socket.socket() as candidate:
        # As servers do: the closed connections of an emulator just stopped are no obstacle.
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
