"""The results of a smoke test: checks with their steps in order."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

from ..text import one_line
from .advice import advise

_LONGEST: Final = 600  # characters of a step


class Outcome(StrEnum):
    """The outcome of a step."""

    OK = "ok"
    NOTE = "note"
    """Worth knowing, but no failure."""
    UNSEEN = "not seen"
    """It may have happened; it cannot be observed."""
    ENDED = "ended"
    """The message goes no further, or an expectation was not met."""


@dataclass(frozen=True, slots=True)
class Step:
    """A hop, a message or a call of a callback."""

    outcome: Outcome
    what: str
    seconds: float
    """Since the check began."""
    change: str = ""
    """What to change, if it failed."""
    code: str = ""
    """The reason, for programs; "" if there is none."""


@dataclass(frozen=True, slots=True)
class Check:
    """The test of one account or one callback."""

    kind: Literal["account", "callback"]
    name: str
    """Unique in a report: the account's logical name, or `bot (custom_bot)`."""
    about: str
    """Channel and address, or the callback's address."""
    steps: Sequence[Step] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether no step failed. Steps that cannot be observed are no failures."""
        return not self.ends

    @property
    def ends(self) -> list[Step]:
        """The steps that failed."""
        return [step for step in self.steps if step.outcome is Outcome.ENDED]

    @property
    def seconds(self) -> float:
        """The time of the last step."""
        return max((step.seconds for step in self.steps), default=0.0)

    @property
    def label(self) -> str:
        """The heading: `account "orders"`."""
        return f'{self.kind} "{self.name}"'


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of a run, in order."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether all checks passed."""
        return all(check.passed for check in self.checks)


class Log:
    """Collects the steps of a check, which begins now."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.steps: list[Step] = []

    def clock(self) -> float:
        """Return the seconds since the check began."""
        return time.monotonic() - self.began

    def add(
        self,
        outcome: Outcome,
        what: str,
        change: str = "",
        *,
        code: str = "",
        seconds: float | None = None,
    ) -> None:
        """Add a step, by default at the current time."""
        at = self.clock() if seconds is None else seconds
        what = one_line(what, _LONGEST)
        self.steps.append(Step(outcome, what, round(max(at, 0.0), 3), change, code))

    def fail(self, code: str, what: str) -> None:
        """Add a step that failed, with the advice for its code."""
        self.add(Outcome.ENDED, what, advise(code), code=code)
