"""What a smoke test has seen: steps in their order, each with its time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

from ..text import one_line

LONGEST: Final = 600  # characters of a step


class Outcome(StrEnum):
    """How a step went."""

    OK = "ok"
    NOTE = "note"
    """Worth knowing, and no reason to fail."""
    UNSEEN = "not seen"
    """It may have happened: nobody here can tell."""
    ENDED = "ended"
    """The way ends here, or what was expected did not come."""


@dataclass(frozen=True, slots=True)
class Step:
    """One hop, one line that was said, one call of a callback."""

    outcome: Outcome
    what: str
    seconds: float
    """Since the check began."""
    change: str = ""
    """Where it ended: what to change."""


@dataclass(frozen=True, slots=True)
class Check:
    """One account that was written to, or one callback that was called."""

    kind: Literal["account", "callback"]
    name: str
    """Unique in a report: the account's logical name, or `bot (custom_bot)`."""
    about: str
    """Channel and address, or the callback's address."""
    steps: Sequence[Step] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether the way did not end. What could not be seen does not count against it."""
        return not self.ends

    @property
    def ends(self) -> list[Step]:
        """Where it ended."""
        return [step for step in self.steps if step.outcome is Outcome.ENDED]

    @property
    def seconds(self) -> float:
        """How long it took, as far as the steps tell."""
        return max((step.seconds for step in self.steps), default=0.0)

    @property
    def label(self) -> str:
        """As a heading has it: `account "orders"`."""
        return f'{self.kind} "{self.name}"'


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of a run, in the order in which they were made."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether no way ended."""
        return all(check.passed for check in self.checks)


class Log:
    """Steps as they come in; `clock` says how many seconds ago the check began."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.steps: list[Step] = []

    def add(
        self, outcome: Outcome, what: str, change: str = "", *, seconds: float | None = None
    ) -> None:
        """A step, by default now."""
        at = self.clock() if seconds is None else seconds
        self.steps.append(Step(outcome, one_line(what, LONGEST), round(max(at, 0.0), 3), change))
