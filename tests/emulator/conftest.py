"""One strict emulator for the folder, reset for each test; callbacks; other emulators."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from .callbacks import Callbacks
from .handle import Emulator
from .hub import Hub


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    emulator = Emulator("--port", "0", "--db", ":memory:", "--strict")
    yield emulator
    emulator.end()


@pytest.fixture
def emulator(running: Emulator) -> Iterator[Emulator]:
    """The emulator, reset. After the test no answer may have broken the contract."""
    running.reset()
    running.forget_token()
    running.bearer()
    running.control("DELETE", "/log")
    yield running
    assert running.control("GET", "/")["violations"] == []


@pytest.fixture
def start() -> Iterator[Callable[..., Emulator]]:
    """Start emulators that end with the test."""
    started: list[Emulator] = []

    def begin(*options: str) -> Emulator:
        started.append(Emulator("--port", "0", *options))
        return started[-1]

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.end()
        one.close()


@pytest.fixture(scope="session")
def _callbacks() -> Iterator[Callbacks]:
    server = Callbacks()
    yield server
    server.stop()


@pytest.fixture
def callbacks(_callbacks: Callbacks) -> Callbacks:
    """The callback server, reset."""
    _callbacks.reset()
    return _callbacks


@pytest.fixture
def hub(emulator: Emulator, callbacks: Callbacks) -> Hub:
    """A working hub with customer, bot and agents."""
    return Hub(emulator, callbacks)
