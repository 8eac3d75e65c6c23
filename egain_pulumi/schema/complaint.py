"""One thing that is wrong with a declaration, and how much it weighs. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from .model import Path
from .tree import show

UNKNOWN: Final = type("Unknown", (), {"__repr__": lambda self: "UNKNOWN"})()
"""A value that is not known yet: behind an Output, or computed by another resource."""


class Weight(Enum):
    """How much a complaint weighs."""

    MISTAKE = "mistake"
    """Always an error: a wrong JSON type, an unknown name, a key given twice."""
    LIMIT = "limit"
    """An error, unless `egain:validation` is `warn`: the vendor documents it."""
    ADVICE = "advice"
    """A warning: assumed by the contract, or probably not what was meant."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing to put right, or to look at."""

    path: Path
    text: str
    weight: Weight

    def __str__(self) -> str:
        return f"{show(self.path)}: {self.text}" if self.path else self.text


def weighed(found: list[Complaint], validation: str) -> tuple[list[Complaint], list[Complaint]]:
    """Errors and warnings, under `egain:validation` (`error` or `warn`)."""
    limits_are_errors = validation != "warn"
    errors = [
        c
        for c in found
        if c.weight is Weight.MISTAKE or (c.weight is Weight.LIMIT and limits_are_errors)
    ]
    return errors, [c for c in found if c not in errors]
