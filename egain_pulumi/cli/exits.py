"""The one table of exit codes, for every command that there is or will be."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Code(IntEnum):
    """How a command ended."""

    FINE = 0
    FINDING = 1
    COULD_NOT_RUN = 2
    ACKNOWLEDGE = 3


MEANING: Final = {
    Code.FINE: "fine",
    Code.FINDING: "a finding: something that somebody should look at",
    Code.COULD_NOT_RUN: "could not run: wrong usage, a missing setting, no answer",
    Code.ACKNOWLEDGE: "needs somebody's acknowledgement",
}

INTERRUPTED: Final = 130
"""What shells expect after Ctrl-C."""


def table() -> str:
    """The table as the help shows it."""
    return "\n".join(f"  {code.value}  {text}" for code, text in MEANING.items())
