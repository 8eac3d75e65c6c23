"""PROGRAM SIDE: how often Python looks for garbage while the CLI runs a program.

What a program declares lives to its end: for every property Pulumi keeps futures and a task, and
each search for garbage walks over all of them and finds none. With Python's own thresholds that
is a third of the program's processor time at 400 objects, and half of it at 2,000
(docs/performance-profile.md).
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Final

ENOUGH: Final = 10_000
"""New objects between two searches; Python's own is 700, or 2,000 from 3.13 on. More than this is
hardly faster, and takes more memory."""
_LAUNCHER: Final = "pulumi-language-python-exec"


def search_rarely() -> None:
    """Raise the threshold in a process that the CLI started for one program. It ends with it, so
    there is nothing to put back. Who has chosen more, or none at all, keeps that.

    Relies on the name of the SDK's launcher. Without it, and in programs of the Automation API,
    whose process is somebody else's: as Python has it, which is slower only.
    """
    often, *rest = gc.get_threshold()
    if 0 < often < ENOUGH and any(Path(each).name == _LAUNCHER for each in sys.orig_argv):
        gc.set_threshold(ENOUGH, *rest)
