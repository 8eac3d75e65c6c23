"""A problem in a declaration: its path, its code, its text and how much it weighs. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Final

from ..names import closest
from .model import Path
from .tree import show

UNKNOWN: Final = type("Unknown", (), {"__repr__": lambda self: "UNKNOWN"})()
"""Placeholder for a value that is not known yet: an Output, or computed by another resource."""


class Weight(Enum):
    """How much a complaint weighs."""

    MISTAKE = "mistake"
    """Always an error: a wrong JSON type, an unknown name, a duplicate key."""
    LIMIT = "limit"
    """Documented by the vendor: an error, unless `egain:validation` is `warn`."""
    ADVICE = "advice"
    """A warning: assumed by the contract, or probably unintended."""


class Code(StrEnum):
    """What a complaint is about. Code that tells complaints apart reads this, never the text."""

    UNKNOWN_NAME = auto()
    """No field or argument has this name."""
    MISSING = auto()
    """A required field is left out."""
    WRONG_TYPE = auto()
    """The value does not have the field's type."""
    INVALID_VALUE = auto()
    """The value has the field's type, but breaks one of its limits."""
    TWICE = auto()
    """A key or a unique value is given twice."""
    WRONG_REFERENCE = auto()
    """A resource cannot be used here, or a resource of another kind is expected."""
    RULE = auto()
    """A rule of the model across fields."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A problem to fix, or to look at."""

    path: Path
    code: Code
    text: str
    weight: Weight = Weight.MISTAKE
    meant: str | None = None
    """With UNKNOWN_NAME, the name that was probably meant."""

    def __str__(self) -> str:
        return f"{show(self.path)}: {self.text}" if self.path else self.text


def unknown_name(path: Path, what: str, names: Sequence[str], more: str = "") -> Complaint:
    """Return the complaint that the last step of `path` is none of `names`."""
    meant = closest(str(path[-1]), names)
    hint = f"did you mean {meant}?" if meant else f"the {what}s are {', '.join(names)}{more}"
    return Complaint(path, Code.UNKNOWN_NAME, f"unknown {what}; {hint}", meant=meant)


def one_of(path: Path, names: Sequence[str], given: str) -> Complaint:
    """Return the complaint that a documented word is expected; `given` is no secret."""
    meant = closest(given, names)
    text = f"must be one of {', '.join(names)}" + (f"; did you mean {meant}?" if meant else "")
    return Complaint(path, Code.INVALID_VALUE, text, Weight.LIMIT, meant)


def errors_and_warnings(
    found: list[Complaint], validation: str
) -> tuple[list[Complaint], list[Complaint]]:
    """Split complaints into errors and warnings by `egain:validation` (`error` or `warn`)."""
    limits_are_errors = validation != "warn"
    errors = [
        c
        for c in found
        if c.weight is Weight.MISTAKE or (c.weight is Weight.LIMIT and limits_are_errors)
    ]
    return errors, [c for c in found if c not in errors]
