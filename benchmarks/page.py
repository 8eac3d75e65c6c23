"""The figures in `docs/performance.md`, from results."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.cases import FLOOR, NAIVE, OURS, REFRESH
from benchmarks.machine import sentence
from benchmarks.results import CaseResult, Results
from benchmarks.tables import figure, spread, table
from benchmarks.targets import COMPARED, targets


def page(results: Results) -> str:
    """Return all figures and targets."""
    lines = [(_word(t.held), t.text, t.figure) for t in targets(results)]
    held = table(("", "target", "figure"), lines)
    parts = [f"{sentence(results.machine)}.", f"### Targets\n\n{held}"]
    parts += [_case(m) for m in results.measured if m.case.per_second is None]
    parts += [*_quota(results), _memory(results), _startup(results)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _word(held: bool | None) -> str:
    return {True: "held", False: "**missed**", None: "not measured"}[held]


def _case(measured: CaseResult) -> str:
    case = measured.case
    rows = []
    for operation in case.operations:
        for row in case.rows:
            if found := list(_cells(measured, row, operation)):
                rows.append([operation, row, *found])
    heading = ("", "row", "seconds", "calls", "tokens", "in flight", "× floor")
    failed = [f"`{row}` {problem}" for row in case.rows if (problem := measured.failed(row))]
    note = f"\n\nFailed: {'; '.join(failed)}" if failed else ""
    return f"### {case.title}\n\n{table(heading, rows)}{note}"


def _cells(measured: CaseResult, row: str, operation: str) -> Iterator[str]:
    found = measured.of(row, operation)
    if not found:
        return
    if operation == REFRESH and row == NAIVE:
        yield f"({figure(found)}; cannot see drift)"
    else:
        yield figure(found)
    yield spread([sample.total for sample in found])
    yield spread([sample.tokens for sample in found])
    yield spread([sample.in_flight for sample in found])
    ratio = measured.ratio(row, FLOOR, operation)
    yield f"{ratio:.2f}" if ratio is not None and row != FLOOR else ""


def _quota(results: Results) -> Iterator[str]:
    rows = []
    for measured in results.measured:
        case = measured.case
        if case.per_second is None:
            continue
        for sample in measured.samples:
            ideal = case.ideal(case.size)
            share = 100 * sample.refused / sample.total if sample.total else 0.0
            first = [f"{case.size} objects, {case.per_second:g}/s, burst {case.burst}"]
            first.append(f"{sample.row}, configured" if case.configured else sample.row)
            if sample.problem:
                rows.append([*first, sample.problem, "", "", ""])
                continue
            times = [f"{ideal:.1f}", f"{sample.span:.1f} ({sample.span / ideal:.2f})"]
            rows.append([*first, *times, f"{sample.seconds:.1f}", f"{share:.0f} %"])
    if rows:
        head = (
            "create",
            "row",
            "ideal s",
            "first to last call (÷ ideal)",
            "whole command s",
            "429",
        )
        text = "429 answers reveal the quota, or `egain:requestsPerSecond` names it (*configured*)."
        yield f"### Under a quota\n\n{text}\n\n{table(head, rows)}"


def _memory(results: Results) -> str:
    roles = ("CLI", "language host", "program", "plugin host")
    rows = []
    for measured in results.measured:
        if measured.case.per_second is not None:
            continue
        for row in measured.case.rows:
            found = [measured.memory(row, role) for role in roles]
            if any(found):
                cells = [f"{peak:.0f}" if peak else "" for peak in found]
                rows.append([measured.case.title, row, *cells])
    text = "Peak of resident memory of each process over all operations, in MB."
    return f"### Memory\n\n{text}\n\n{table(('case', 'row', *roles), rows)}" if rows else ""


def _startup(results: Results) -> str:
    found = results.startup
    if not found:
        return ""
    rows = [["import egain_pulumi, after import pulumi", f"{found['import']:.1f}", "", ""]]
    names = {
        "declare": f"constructors of {found['objects']} channels, under Pulumi's mocks",
        "first check": "start of the plugin host to the answer of its first check",
        "check": "each further check, over gRPC",
        "diff": "each diff, over gRPC",
    }
    for name in COMPARED:
        ours, bare = found[name], found[f"{name}, bare"]
        rows.append([names[name], f"{ours:.2f}", f"{bare:.2f}", f"{ours - bare:.2f}"])
    head = ("milliseconds", OURS, "Pulumi alone", "difference")
    return f"### Start-up\n\nMedians of {found['runs']} runs.\n\n{table(head, rows)}"
