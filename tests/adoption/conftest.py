"""The command line beside a backend of its own, and a tenant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Call, call
from tests.support.cli import Stack
from tests.support.emulator import Emulator

__all__ = ["call"]


@pytest.fixture
def cli(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call, emulator: Emulator
) -> tuple[Call, Stack]:
    """A command line in an empty folder, with the emulator's settings; and stack `dev` of the
    project `hub` in it, which neither exists yet."""
    stack = Stack(tmp_path, project="hub", name="dev", env=emulator.env)
    (stack.folder / "Pulumi.yaml").unlink()
    stack.folder.rmdir()
    stack.folder = tmp_path / "hub"
    for name, value in stack.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return call, stack
