"""What was measured: samples, and what is asked of them. Kept as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.cases import Case


@dataclass(frozen=True)
class Sample:
    """One operation of one row, once."""

    row: str
    operation: str
    repetition: int
    seconds: float
    calls: dict[str, int]
    """Calls of the API by method and path; those for tokens are in `tokens`."""
    tokens: int
    in_flight: int
    """The most calls at once that the emulator saw."""
    refused: int
    """Answers 429."""
    span: float
    """Seconds from the arrival of the first call to the end of the last answer."""
    memory: dict[str, float] = field(default_factory=dict)
    """Role → peak of resident memory, in megabytes."""
    state: float | None = None
    """Megabytes in the backend afterwards, where that is the matter."""
    problem: str | None = None
    """Why it failed; then it counts for nothing."""

    @property
    def total(self) -> int:
        """How many calls of the API."""
        return sum(self.calls.values())


@dataclass(frozen=True)
class Measured:
    """A case and its samples."""

    case: Case
    samples: list[Sample]

    def of(self, row: str, operation: str) -> list[Sample]:
        """The samples that count, by repetition."""
        return [
            s for s in self.samples if (s.row, s.operation, s.problem) == (row, operation, None)
        ]

    def failed(self, row: str) -> str | None:
        """Why a row could not do it."""
        return next((s.problem for s in self.samples if s.row == row and s.problem), None)

    def seconds(self, row: str, operation: str) -> float | None:
        """The median, or None where nothing was measured."""
        found = [s.seconds for s in self.of(row, operation)]
        return median(found) if found else None

    def ratio(self, row: str, other: str, operation: str) -> float | None:
        """The median of the ratios of the repetitions: what slows the machine slows both."""
        return _median([a.seconds / b.seconds for a, b in self.pairs(row, other, operation)])

    def beyond(self, row: str, other: str, operation: str) -> float | None:
        """By how many seconds one row takes longer than another, likewise."""
        return _median([a.seconds - b.seconds for a, b in self.pairs(row, other, operation)])

    def pairs(self, row: str, other: str, operation: str) -> Iterator[tuple[Sample, Sample]]:
        """The samples of two rows in the same repetition."""
        others = {sample.repetition: sample for sample in self.of(other, operation)}
        for sample in self.of(row, operation):
            if sample.repetition in others:
                yield sample, others[sample.repetition]

    def memory(self, row: str, role: str) -> float | None:
        """The highest peak of a role over all operations: the most that a machine must have."""
        found = [s.memory[role] for s in self.samples if s.row == row and role in s.memory]
        return max(found) if found else None


def _median(values: list[float]) -> float | None:
    return median(values) if values else None


@dataclass(frozen=True)
class Results:
    """Everything that a run of the benchmarks has found."""

    suite: str
    machine: dict[str, Any]
    startup: dict[str, Any]
    measured: list[Measured]

    def case(self, **wanted: Any) -> Measured | None:
        """The first case with these properties."""
        return next(
            (m for m in self.measured if wanted.items() <= asdict(m.case).items()),
            None,
        )

    def lacking(self, cases: Iterable[Case]) -> list[Case]:
        """What is not measured yet."""
        done = [each.case for each in self.measured]
        return [case for case in cases if case not in done]

    def complete(
        self, cases: Iterable[Case], measure: Callable[[Case], Measured], file: Path
    ) -> None:
        """Measure what is lacking. Each case is kept at once, whatever becomes of the rest."""
        for case in self.lacking(cases):
            self.measured.append(measure(case))
            self.save(file)

    def save(self, file: Path) -> None:
        """Write them."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(self), indent=1) + "\n")


def load(file: Path) -> Results:
    """Read them again."""
    found = json.loads(file.read_text())
    measured = [
        Measured(_case(each["case"]), [Sample(**sample) for sample in each["samples"]])
        for each in found.pop("measured")
    ]
    return Results(**found, measured=measured)


def _case(found: dict[str, Any]) -> Case:
    lists = {key: tuple(value) for key, value in found.items() if isinstance(value, list)}
    return Case(**{**found, **lists})
