"""BOTH SIDES: raises the threshold of Python's garbage collection in processes of a CLI command.

What a program declares lives until it ends: Pulumi keeps futures and a task for every property,
and each collection walks over all of them and frees none. With Python's own threshold this takes a
third of the program's CPU time at 400 objects, and half at 2,000
(docs/performance.md#where-the-time-outside-the-engine-goes). Imported modules live as long, so this
runs before all other imports.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Final

THRESHOLD: Final = 10_000
"""New objects between two collections; Python's own is 700, or 2,000 since 3.13. A higher value is
hardly faster and needs more memory."""
_COMMANDS: Final = ("pulumi-language-python-exec", "pulumi.dynamic")
"""The SDK's launcher of programs, and the module of the plugin host."""


def raise_threshold() -> None:
    """Raise the threshold in a process that the CLI started, which ends with the command. A higher
    threshold, or none, stays as it is.

    Relies on the names of the SDK's commands. Without them, and in programs of the Automation API,
    which run in the user's own process, Python's threshold stays, which is only slower.
    """
    often, *rest = gc.get_threshold()
    if 0 < often < THRESHOLD and any(Path(each).name in _COMMANDS for each in sys.orig_argv):
        gc.set_threshold(THRESHOLD, *rest)
