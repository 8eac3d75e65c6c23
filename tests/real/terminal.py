"""A command in a terminal of its own, where Ctrl-C can be typed and a display redraws itself."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support import process

CTRL_C = b"\x03"
SIZE = (50, 250)
"""Rows and columns: wide enough for a status column that is not cut."""
LEADER = """\
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Makes the terminal that of its session: its keys reach whatever runs in the foreground there."""


class Terminal:
    """A running command and what it has drawn so far."""

    def __init__(self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> None:
        self._drawn = bytearray()
        self._keys, screen = pty.openpty()
        termios.tcsetwinsize(screen, SIZE)
        self.popen = subprocess.Popen(
            [sys.executable, "-c", LEADER, *command],
            cwd=cwd,
            env={**env, "TERM": "xterm"},
            stdin=screen,
            stdout=screen,
            stderr=screen,
            start_new_session=True,
        )
        os.close(screen)
        process.opened(self.popen.pid)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        """Everything drawn so far, with what has been drawn over."""
        return self._drawn.decode(errors="replace")

    def press(self, keys: bytes) -> None:
        """Type something."""
        os.write(self._keys, keys)

    def wait(self, seconds: float) -> int:
        """The exit code; whatever the command has left running is ended."""
        try:
            return self.popen.wait(seconds)
        finally:
            self.end()

    def end(self) -> None:
        """End the command and whatever it has started."""
        process.end_session(self.popen.pid)
        self.popen.wait()
        self._reader.join()
        os.close(self._keys)

    def _read(self) -> None:
        while True:
            try:
                self._drawn += os.read(self._keys, 2**16)
            except OSError:  # nobody has the screen open any more
                return
