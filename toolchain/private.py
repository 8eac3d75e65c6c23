"""Files that other users of this machine must not read: state, settings, logs of stack `local`.

They get their mode when they are made, and also if they exist with a wider one.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import IO


def folder(path: Path) -> None:
    """Make a folder that only its owner may enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    _protect(path, 0o700)


def write(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    with _opened(path, os.O_TRUNC) as file:
        file.write(text.encode())


def append(path: Path) -> IO[bytes]:
    """Open a file that only its owner may read, at its end."""
    return _opened(path, os.O_APPEND)


def _opened(path: Path, flag: int) -> IO[bytes]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flag, 0o600)
    _protect(path, 0o600)
    return os.fdopen(descriptor, "ab" if flag == os.O_APPEND else "wb")


def _protect(path: Path, mode: int) -> None:
    # Some file systems (FAT, mounted folders) have no modes.
    with contextlib.suppress(PermissionError):
        path.chmod(mode)
