"""The emulator of stack `local`, on a port that stays the same."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from pathlib import Path

from toolchain import private
from toolchain.local import Local
from toolchain.say import Refusal, say
from toolchain.server import NotStarted, Running, Server, free

PORT = 8780
PORTS = 200
ATTEMPTS = 20

Command = Callable[[int, Path], list[str]]


def running(local: Local) -> Running | None:
    """Return our emulator if it still runs."""
    return _server(local).running()


def start(local: Local, command: Command) -> Running:
    """Start our emulator unless it runs and answers. Refusal: it did not start, and why."""
    found = running(local)
    if found and local.database.exists() and _answers(found.port):
        return found
    stop(local)
    for _ in range(ATTEMPTS):
        port = choose_port(local)
        try:
            started = _server(local).start(command(port, local.database), port)
        except NotStarted as failure:
            last = str(failure)
        else:
            say(f"the emulator runs on http://127.0.0.1:{port}")
            return started
        # Another clone may have taken the port in between; then try the next one.
        if "in use" not in last and free(port):
            break
    raise Refusal(f"the emulator did not start: {last} (see .local/emulator.log)")


def stop(local: Local) -> bool:
    """Stop our emulator; return whether it ran."""
    return _server(local).stop()


def choose_port(local: Local) -> int:
    """Return and record a port: the last one if it is free, else the first free from 8780 on."""
    candidates = list(range(PORT, PORT + PORTS))
    if remembered := _remembered(local):
        candidates.insert(0, remembered)
    port = next(filter(free, candidates), None)
    if port is None:
        raise Refusal(
            f"no port from {PORT} to {PORT + PORTS - 1} is free; stop a server that uses one"
        )
    private.folder(local.folder)
    private.write(local.port, f"{port}\n")
    return port


def known_port(local: Local) -> int:
    """Return the port for a command that does not start the emulator."""
    found = running(local)
    return found.port if found else _remembered(local) or PORT


def _server(local: Local) -> Server:
    return Server(local.process, local.log, local.project)


def _answers(port: int) -> bool:
    """Whether an emulator answers within a few seconds."""
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
