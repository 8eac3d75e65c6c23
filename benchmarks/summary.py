"""The figures that README.md shows: of 100 objects, by row and operation."""

from __future__ import annotations

from statistics import median
from typing import Final

from benchmarks.cases import FLOOR, NAIVE, OPERATIONS, OURS, WITH_READ
from benchmarks.results import Measured, Results
from benchmarks.tables import table
from benchmarks.targets import flat

NAMES: Final = {
    OURS: "egain-pulumi",
    FLOOR: "the smallest provider that runs 16 calls at once and checks nothing",
    WITH_READ: "a dynamic provider as blog posts write it, with a `read`",
}
BEGIN: Final = "<!-- Written by `make bench`. -->"
END: Final = "<!-- End of what `make bench` writes. -->"


def summary(results: Results) -> str:
    """What stands between the two comments."""
    small, large = flat(results, 100), flat(results, 400)
    rows = [
        [name, *(_cell(small, row, each) for each in OPERATIONS)] for row, name in NAMES.items()
    ]
    heading = ("seconds, calls", *OPERATIONS)
    problem = large.failed(NAIVE) if large else None
    note = f"\n\nAt 400 objects the last one {problem.partition(': ')[0]}." if problem else ""
    return f"{BEGIN}\n{table(heading, rows)}{note}\n{END}"


def put(text: str, results: Results) -> str:
    """A page with its figures replaced."""
    before, _, rest = text.partition(BEGIN)
    return before + summary(results) + rest.partition(END)[2]


def _cell(measured: Measured | None, row: str, operation: str) -> str:
    found = measured.of(row, operation) if measured else []
    if not found:
        return ""
    calls = max(sample.total + sample.tokens for sample in found)
    seconds = median(sample.seconds for sample in found)
    return f"{seconds:.1f} s, {calls}"
