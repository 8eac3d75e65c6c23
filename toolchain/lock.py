"""A lock between runs, held through an open file: a killed run releases it too."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toolchain.say import say

AGAIN_SECONDS = 15.0


@contextmanager
def held(file: Path, other: str) -> Iterator[int]:
    """Hold the lock; while it waits, `other` tells the user what another run is doing.

    Yields the descriptor: a child that inherits it keeps the lock while it lives.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        started = time.monotonic()
        said = -AGAIN_SECONDS
        while not _take(descriptor):
            waited = time.monotonic() - started
            if waited - said >= AGAIN_SECONDS:
                said = waited
                say(f"{other}; waiting for it ({waited:.0f} s)")
            time.sleep(0.1)
        yield descriptor
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    try:
        # flock, not lockf: the lock belongs to the open file, which a child inherits.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
