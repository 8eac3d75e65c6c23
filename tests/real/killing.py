"""Kills of an `up` at named points, with the real CLI, and the way back that the terminal shows."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.real.conftest import edit
from tests.real.terminal import Terminal
from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY, Child, commands

POINTS: dict[str, dict[str, Any]] = {
    "before a POST is carried out": {"action": "hang", "when": "before"},
    "after a POST is committed and before its answer": {"action": "hang", "when": "after"},
    "between two objects": {"action": "status", "status": 429, "headers": {"Retry-After": "60"}},
}
"""Where an `up` stands still: the fault that holds it there. Between two objects it waits for its
turn, with nothing under way."""

OBJECTS = {
    "authentications": ["bot-auth"],
    "clientapplications": ["bot", "customer-app", "eGain Agents"],
    "participants": ["greeter"],
    "channels": ["custom_channel"],
    "orchestrations": ["bot-first", "people-first"],
    "accounts": ["complaints", "orders"],
}
"""What eGain has once the hub is up, by name (channels by type)."""

REFUSED = re.compile(r'cannot create [a-z ]+ "(?P<name>[^"]+)": .*import_="(?P<id>[0-9a-f-]{36})"')
"""A create that met an object of an earlier run: whose, and the line that takes it over."""

GONE_SECONDS = 3.0
"""docs/rules.md#limits says one second; two more for a busy machine."""


def reached(
    child: Child | Terminal, condition: Callable[[], object], seconds: float = 60.0
) -> None:
    """Wait until a running call has come to a point."""
    until = time.monotonic() + seconds
    while not condition():
        assert child.popen.poll() is None, f"it ended before:\n{child.output}"
        assert time.monotonic() < until, f"it never came there:\n{child.output}"
        time.sleep(0.02)


def hold(
    child: Child, emulator: Emulator, point: str, path: str = "/participants", **more: Any
) -> None:
    """Let a running `up` go on to a point, and everything else in it to its end."""
    fault = emulator.fault("POST", path, **POINTS[point], **more)
    if POINTS[point]["action"] == "hang":
        reached(child, lambda: emulator.fired(fault) and "complaints created" in child.output)
    else:
        reached(child, lambda: "waiting 60 s for the rate limit" in child.output)
    emulator.settled()


def hub_of(folder: Path, emulator: Emulator) -> Stack:
    """The hub, not yet deployed, on an emulator of one's own."""
    stack = Stack.of(REPOSITORY, folder, name="local", passphrase="local", env=emulator.env)
    stack.init()
    return stack


def host_of(child: Child) -> int:
    """The plugin host that a running `up` has started: not the shell script around it."""
    [pid] = [
        pid
        for pid, command in commands(child.popen.pid).items()
        if "-m pulumi.dynamic" in command and not command.startswith("/bin/sh")
    ]
    return pid


def kill_cli(child: Child) -> float:
    """Kill the CLI; the seconds until everything that it had started has ended by itself."""
    began = time.monotonic()
    os.kill(child.popen.pid, signal.SIGKILL)
    while (left := commands(child.popen.pid)) and time.monotonic() - began < GONE_SECONDS:
        time.sleep(0.02)
    took = time.monotonic() - began
    child.end()
    assert not left, f"still there {took:.1f} s after the CLI: {left}"
    return took


@contextmanager
def persistent(folder: Path) -> Iterator[list[Emulator]]:
    """An emulator that survives a kill: the list holds the one that runs now."""
    running = [Emulator(db=folder / "emulator.db", strict=True)]
    try:
        yield running
        assert not running[0].overview()["violations"]
    finally:
        running[0].stop()


def replace_killed(running: list[Emulator], folder: Path) -> None:
    """Kill the emulator, and start it again with the same port and objects."""
    port = int(running[0].url.rpartition(":")[2])
    running[0].child.popen.kill()
    running[0].stop()
    running[0] = Emulator(db=folder / "emulator.db", strict=True, port=port)


def refused(output: str) -> dict[str, str]:
    """Logical name → id of what is there already, as the terminal says it."""
    return {found["name"]: found["id"] for found in REFUSED.finditer(output)}


def take_over(stack: Stack, found: Mapping[str, str]) -> None:
    """Write the lines into the program that the messages give; with nothing found, none."""
    stack.program((REPOSITORY / "__main__.py").read_text())
    accounts = {name: id for name, id in found.items() if name in ("orders", "complaints")}
    if accounts:
        edit(stack, "protect=production)", f"protect=production, import_={accounts}.get(name))")
    for name, id in found.items():
        if name not in accounts:
            line = f'"{name}", opts=pulumi.ResourceOptions(import_="{id}"),'
            edit(stack, f'\n    "{name}",\n', f"\n    {line}\n")


def exactly_one_each(stack: Stack, emulator: Emulator) -> None:
    """Nothing twice, nothing lost: eGain has the hub once, and the state has what eGain has."""
    there = {kind: emulator.objects(kind) for kind in OBJECTS}
    names = {kind: sorted(o.get("name") or o["type"] for o in rows) for kind, rows in there.items()}
    assert names == OBJECTS
    stored = {resource["id"] for resource in stack.resources().values() if resource.get("id")}
    assert stored == {each["id"] for rows in there.values() for each in rows}


def pending(stack: Stack) -> list[str]:
    """The names of what the CLI has begun to create, and knows no end of."""
    listed = stack.checkpoint()["deployment"].get("pending_operations") or []
    return [each["resource"]["urn"].rpartition("::")[2] for each in listed]


def unchanged(stack: Stack) -> None:
    """A second preview is empty."""
    assert stack.preview(json=True).digest["changeSummary"] == {"same": 11}
