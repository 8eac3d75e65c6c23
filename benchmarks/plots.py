"""Two plots as SVG: seconds and calls against the number of objects, for all rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from benchmarks.cases import NAIVE, OPERATIONS, REFRESH, ROWS
from benchmarks.results import CaseResult, Results, Sample

STYLE: Final[Any] = {"svg.hashsalt": "egain-pulumi", "svg.fonttype": "none", "font.size": 9}
"""Makes the file reproducible: equal figures give an equal file."""


def draw(results: Results, folder: Path) -> None:
    """Write both plots."""
    _draw(results, folder / "performance-time.svg", "seconds", lambda s: s.seconds)
    _draw(results, folder / "performance-calls.svg", "calls of the API", lambda s: s.total)


def _draw(results: Results, file: Path, label: str, value: Callable[[Sample], float]) -> None:
    measured = [
        m
        for m in results.measured
        if (m.case.shape, m.case.latency, m.case.per_second) == ("flat", 0.1, None)
    ]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9, 6), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.subplots(2, 2).flat
        for axis, operation in zip(axes, OPERATIONS, strict=True):
            for row in ROWS:
                points = _points(measured, row, operation, value)
                if points:
                    color = f"C{ROWS.index(row)}"
                    axis.plot(*zip(*points, strict=True), f"{color}o-", markersize=4, label=row)
            axis.set(title=operation, xlabel="objects", ylabel=label)
            axis.set_xlim(left=0)
            axis.set_ylim(bottom=0)
            axis.grid(alpha=0.3)
        handles, labels = figure.axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=len(ROWS))
        figure.suptitle("Flat, 100 ms a call; a row ends where it fails")
        figure.savefig(file, metadata={"Date": None})


def _points(
    measured: list[CaseResult], row: str, operation: str, value: Callable[[Sample], float]
) -> list[tuple[int, float]]:
    found: dict[int, float] = {}
    if (row, operation) == (NAIVE, REFRESH):
        return []  # without `read` it makes no calls
    for each in measured:
        if samples := each.of(row, operation):
            found[each.case.size] = median(value(sample) for sample in samples)
    return sorted(found.items())
