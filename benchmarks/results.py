"""Samples and the figures derived from them, saved as JSON."""

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
    """One run of one operation of one row."""

    row: str
    operation: str
    repetition: int
    seconds: float
    calls: dict[str, int]
    """API calls by method and path, without those for tokens."""
    tokens: int
    in_flight: int
    """The largest number of calls at once that the emulator saw."""
    refused: int
    """Number of 429 answers."""
    span: float
    """Seconds from the first call to the end of the last answer."""
    memory: dict[str, float] = field(default_factory=dict)
    """Role → peak of resident memory, in megabytes."""
    state: float | None = None
    """Megabytes in the backend afterwards, in the benchmark of large stacks."""
    problem: str | None = None
    """Why it failed. A failed sample is in no figure."""

    @property
    def total(self) -> int:
        """The number of API calls."""
        return sum(self.calls.values())


@dataclass(frozen=True)
class CaseResult:
    """A case and its samples."""

    case: Case
    samples: list[Sample]

    def of(self, row: str, operation: str) -> list[Sample]:
        """Return the samples that did not fail, by repetition."""
        return [
            s for s in self.samples if (s.row, s.operation, s.problem) == (row, operation, None)
        ]

    def failed(self, row: str) -> str | None:
        """Return why a row failed, or None."""
        return next((s.problem for s in self.samples if s.row == row and s.problem), None)

    def seconds(self, row: str, operation: str) -> float | None:
        """Return the median, or None without samples."""
        found = [s.seconds for s in self.of(row, operation)]
        return median(found) if found else None

    def ratio(self, row: str, other: str, operation: str) -> float | None:
        """Return the median of the ratios per repetition: a slow machine slows both rows."""
        return _median([a.seconds / b.seconds for a, b in self.pairs(row, other, operation)])

    def difference(self, row: str, other: str, operation: str) -> float | None:
        """Return the median of the differences in seconds per repetition."""
        return _median([a.seconds - b.seconds for a, b in self.pairs(row, other, operation)])

    def pairs(self, row: str, other: str, operation: str) -> Iterator[tuple[Sample, Sample]]:
        """Yield the samples of two rows in the same repetition."""
        others = {sample.repetition: sample for sample in self.of(other, operation)}
        for sample in self.of(row, operation):
            if sample.repetition in others:
                yield sample, others[sample.repetition]

    def memory(self, row: str, role: str) -> float | None:
        """Return the highest peak of a role over all operations."""
        found = [s.memory[role] for s in self.samples if s.row == row and role in s.memory]
        return max(found) if found else None


def _median(values: list[float]) -> float | None:
    return median(values) if values else None


@dataclass(frozen=True)
class Results:
    """The results of a run."""

    suite: str
    machine: dict[str, Any]
    startup: dict[str, Any]
    measured: list[CaseResult]

    def case(self, **wanted: Any) -> CaseResult | None:
        """Return the first case with these properties."""
        return next(
            (m for m in self.measured if wanted.items() <= asdict(m.case).items()),
            None,
        )

    def missing(self, cases: Iterable[Case]) -> list[Case]:
        """Return the cases that are not measured yet."""
        done = [each.case for each in self.measured]
        return [case for case in cases if case not in done]

    def complete(
        self, cases: Iterable[Case], measure: Callable[[Case], CaseResult], file: Path
    ) -> None:
        """Measure the missing cases. Save after each, so that an interrupted run can continue."""
        for case in self.missing(cases):
            self.measured.append(measure(case))
            self.save(file)

    def save(self, file: Path) -> None:
        """Write the results."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(self), indent=1) + "\n")


def load(file: Path) -> Results:
    """Read the results."""
    found = json.loads(file.read_text())
    measured = [
        CaseResult(_case(each["case"]), [Sample(**sample) for sample in each["samples"]])
        for each in found.pop("measured")
    ]
    return Results(**found, measured=measured)


def _case(found: dict[str, Any]) -> Case:
    lists = {key: tuple(value) for key, value in found.items() if isinstance(value, list)}
    return Case(**{**found, **lists})
