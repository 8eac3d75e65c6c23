"""The exit codes of all commands."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Code(IntEnum):
    """The exit code of a command."""

    FINE = 0
    FINDING = 1
    COULD_NOT_RUN = 2
    ACKNOWLEDGE = 3


MEANING: Final = {
    Code.FINE: "fine",
    Code.FINDING: "a finding: something needs attention",
    Code.COULD_NOT_RUN: "could not run: wrong usage, a missing setting, no answer",
    Code.ACKNOWLEDGE: "a person must acknowledge the change",
}

INTERRUPTED: Final = 130
"""What shells expect after Ctrl-C."""
