"""The example program as its users have it: the real CLI, a backend of its own, the emulator."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY


@pytest.fixture
def hub(tmp_path: Path, emulator: Emulator) -> Stack:
    """Stack `local` of this repository's own program, not yet deployed."""
    stack = Stack.of(REPOSITORY, tmp_path, name="local", passphrase="local", env=emulator.env)
    stack.init()
    return stack


def edit(stack: Stack, old: str, new: str) -> None:
    """Change the program as a person would."""
    file = stack.folder / "__main__.py"
    text = file.read_text()
    assert text.count(old) == 1, f"{old!r} is in the program {text.count(old)} times"
    file.write_text(text.replace(old, new))
