"""One line of a diagnosis."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, what was found, and what to do about it."""

    area: str
    """`machine`, `settings`, `network`, `tenant` or `readings`."""
    id: str
    status: Status
    text: str
    todo: str = ""
    """A sentence; empty if there is nothing to do."""
