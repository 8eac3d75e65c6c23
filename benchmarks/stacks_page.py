"""The figures about large stacks in `docs/performance.md`, from results."""

from __future__ import annotations

from typing import Final

from benchmarks.cases import CREATE, DESTROY, PREVIEW
from benchmarks.machine import sentence
from benchmarks.results import CaseResult, Results
from benchmarks.tables import figure, table

SPLIT: Final = "\nFour stacks: all of them one after the other, and the preview of one.\n"


def page(results: Results) -> str:
    """Return all figures."""
    tables = [_case(measured) for measured in results.measured]
    return "\n".join([f"{sentence(results.machine)}.\n", *tables])


def _case(measured: CaseResult) -> str:
    rows = []
    usual = measured.case.rows[0]
    for row in measured.case.rows:
        if problem := measured.failed(row):
            rows.append([row, problem, "", "", "", ""])
            continue
        cells = [figure(measured.of(row, name)) for name in (CREATE, PREVIEW, DESTROY)]
        ratio = measured.ratio(row, usual, CREATE)
        state = max((sample.state or 0.0 for sample in measured.of(row, CREATE)), default=0.0)
        rows.append([row, *cells, f"{ratio:.2f}" if ratio else "", f"{state:.1f}" if state else ""])
    head = ("", "create s", "preview s", "destroy s", f"create × {usual}", "backend MB")
    title = f"### {measured.case.size:,} accounts"
    note = SPLIT if any(row.endswith("stacks") for row in measured.case.rows) else ""
    return f"{title}\n\n{table(head, rows)}\n{note}"
