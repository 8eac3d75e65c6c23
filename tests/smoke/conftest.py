"""One deployed hub and bot a worker; callbacks that misbehave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator.callbacks import Callbacks
from tests.smoke.world import World
from tests.support.emulator import Emulator


@pytest.fixture(scope="session")
def _worlds() -> Iterator[list[World]]:
    """None, or one: the emulator of the worker may be another one by now."""
    made: list[World] = []
    yield made
    for each in made:
        each.stop_bot()


@pytest.fixture
def world(
    _worlds: list[World], emulator: Emulator, tmp_path_factory: pytest.TempPathFactory
) -> World:
    """The hub, as `pulumi up` leaves it, and its bot."""
    if _worlds and _worlds[0].emulator is not emulator:
        _worlds.pop().stop_bot()
    if not _worlds:
        _worlds.append(World(emulator, tmp_path_factory.mktemp("world")))
        emulator.reset()
    _worlds[0].restore()
    return _worlds[0]


@pytest.fixture(scope="session")
def _callbacks() -> Iterator[Callbacks]:
    made = Callbacks()
    yield made
    made.stop()


@pytest.fixture
def callbacks(_callbacks: Callbacks) -> Iterator[Callbacks]:
    """Another callback server, which does what it is told."""
    _callbacks.reset()
    yield _callbacks
    _callbacks.reset()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in: no `Pulumi.yaml`, no file of ours."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
