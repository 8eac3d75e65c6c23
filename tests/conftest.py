"""Fixtures of all tests, and guards: no network, nothing of the shell, no process left behind."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.support import process
from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.engine import Engine

KEPT = {"EGAIN_PULUMI_CLI"}
"""The one variable that says something about the machine and not about a tenant."""


def pytest_configure() -> None:
    """Drop what the shell says about tenants and proxies, before anything can read it."""
    # Whoever starts tests in the background has Ctrl-C ignored by them and all their children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in list(os.environ):
        proxy = name.lower() in ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
        ours = name.startswith(("EGAIN_", "PULUMI_")) and name not in KEPT
        if proxy or ours:
            del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: workers that share the rest then end together."""
    items.sort(key=lambda item: item.get_closest_marker("cli") is None)


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    """Refuse connections and look-ups of the test process that would leave this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        real = socket.getaddrinfo

        def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
            refuse_outside(host)
            return real(host, *arguments, **options)

        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            refuse_outside(address[0])
        return connect(self, address)

    return guarded


class OutsideError(Exception):
    """A test wanted to leave this machine. No `OSError`, which clients catch and try again."""


def refuse_outside(host: Any) -> None:
    """Raise for anything but this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    try:
        inside = name in (None, "", "localhost") or ipaddress.ip_address(name).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise OutsideError(f"tests talk to this machine only, not to {name}")


@pytest.fixture(autouse=True)
def _no_process_left() -> Iterator[None]:
    """Fail a test that leaves a process running, and end the process."""
    before = process.strays().keys()
    yield
    left = {pid: text for pid, text in process.strays().items() if pid not in before}
    if left:
        process.end_strays()
        pytest.fail(f"processes left running: {left}")


@pytest.fixture(scope="session")
def _emulators() -> Iterator[list[Emulator]]:
    """The emulator of this worker's run: none, or one."""
    running: list[Emulator] = []
    yield running
    for each in running:
        each.stop()


@pytest.fixture
def emulator(_emulators: list[Emulator]) -> Iterator[Emulator]:
    """The emulator, strict and as at its start. A test that ends it costs the next one a start."""
    if _emulators and _emulators[0].child.popen.poll() is not None:
        _emulators.pop().stop()
    if not _emulators:
        made = Emulator(strict=True)
        process.lasting.add(made.child.popen.pid)
        _emulators.append(made)
    running = _emulators[0]
    running.reset()
    yield running
    if running.child.popen.poll() is None:
        violations = running.overview()["violations"]
        assert not violations, f"the emulator broke its own contract: {violations}"


class MakeEngine(Protocol):
    """Makes engines that end with the test; the keywords are those of `Engine`."""

    def __call__(self, **options: Any) -> Engine: ...


@pytest.fixture
def make_engine(tmp_path: Path) -> Iterator[MakeEngine]:
    """Engines of one's own: with other configuration, or several."""
    made: list[Engine] = []

    def make(**options: Any) -> Engine:
        folder = tmp_path / f"engine-{len(made)}"
        folder.mkdir()
        made.append(Engine(**{"cwd": folder, **options}))
        return made[-1]

    yield make
    for engine in made:
        engine.stop()


@pytest.fixture
def engine(make_engine: MakeEngine, emulator: Emulator) -> Engine:
    """An engine of its own, configured for the emulator; the host starts with the first call."""
    return make_engine(config=emulator.config)


class MakeStack(Protocol):
    """Makes initialised CLI stacks; the keywords are those of `Stack`."""

    def __call__(self, **options: Any) -> Stack: ...


@pytest.fixture
def make_stack(tmp_path: Path) -> MakeStack:
    """Stacks of one's own, each in folders of its own."""
    count = 0

    def make(**options: Any) -> Stack:
        nonlocal count
        count += 1
        stack = Stack(tmp_path / f"stack-{count}", **options)
        stack.init()
        return stack

    return make


@pytest.fixture
def stack(make_stack: MakeStack, emulator: Emulator) -> Stack:
    """A stack of the real CLI, configured for the emulator through its environment."""
    return make_stack(env=emulator.env)
