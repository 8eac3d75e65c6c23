"""BOTH SIDES: how often Python looks for garbage in the processes of one CLI command.

What a program declares lives to its end: for every property Pulumi keeps futures and a task, and
each search for garbage walks over all of them and finds none. With Python's own thresholds that
is a third of the program's processor time at 400 objects, and half of it at 2,000
(docs/performance.md#where-the-time-outside-the-engine-goes). Imported modules live as long, so this
runs before all other imports.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Final

THRESHOLD: Final = 10_000
"""New objects between two searches; Python's own is 700, or 2,000 from 3.13 on. More than this is
hardly faster, and takes more memory."""
_COMMANDS: Final = ("pulumi-language-python-exec", "pulumi.dynamic")
"""The SDK's launcher of programs, and the module that is the plugin host."""


def raise_threshold() -> None:
    """Raise the threshold in a process that the CLI started. It ends with the command, so there
    is nothing to put back. Who has chosen more, or none at all, keeps that.

    Relies on the names of what the SDK starts. Without them, and in programs of the Automation
    API, whose process is somebody else's: as Python has it, which is slower only.
    """
    often, *rest = gc.get_threshold()
    if 0 < often < THRESHOLD and any(Path(each).name in _COMMANDS for each in sys.orig_argv):
        gc.set_threshold(THRESHOLD, *rest)
