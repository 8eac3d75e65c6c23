"""One strict emulator for the folder, as new for every test; and starting further ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from .handle import Emulator


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    emulator = Emulator("--port", "0", "--db", ":memory:", "--strict")
    yield emulator
    emulator.end()


@pytest.fixture
def emulator(running: Emulator) -> Iterator[Emulator]:
    """Reset before the test; after it, nothing that it answered may have broken the contract."""
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
