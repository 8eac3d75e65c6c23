"""The targets and their figures: held, missed, or not measured in this run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.cases import (
    BUDGET,
    CONFIGURED,
    CREATE,
    DESTROY,
    FLOOR,
    ICON_BYTES,
    ICON_FILES,
    ICONS,
    NAIVE,
    ONE,
    OPERATIONS,
    OURS,
    PREVIEW,
    REFRESH,
    TEN,
    Case,
)
from benchmarks.results import CaseResult, Results


@dataclass(frozen=True)
class Target:
    """One line of the report."""

    text: str
    figure: str
    held: bool | None
    """None: this run did not measure it."""

    def __str__(self) -> str:
        word = {True: "held", False: "missed", None: "not measured"}[self.held]
        return f"{word:12}  {self.text}: {self.figure}"


def targets(results: Results) -> list[Target]:
    """Return all targets."""
    return [*_speed(results), *_quota(results), *_growth(results), *_host(results)]


def _speed(results: Results) -> Iterator[Target]:
    small, large = flat_result(results, 100), flat_result(results, 400)
    yield comparison(small, 100, CREATE, FLOOR, at_most=1.15)
    yield comparison(small, 100, CREATE, NAIVE, at_least=2.5)
    flight = [s.in_flight for s in small.of(OURS, CREATE)] if small else []
    yield limit("create, 100 objects: calls in flight", min(flight, default=None), at_least=16)
    for size, measured in ((100, small), (400, large)):
        yield comparison(measured, size, PREVIEW, FLOOR, at_most=1.2)
        yield comparison(measured, size, PREVIEW, NAIVE, at_least=1.5)
        calls = [s.total + s.tokens for s in measured.of(OURS, PREVIEW)] if measured else []
        yield limit(f"preview, {size} objects: calls", max(calls, default=None), at_most=0)
    yield comparison(small, 100, REFRESH, FLOOR, at_most=1.2)
    budget = result_of(results, BUDGET)
    calls = [s.total + s.tokens for s in budget.of(OURS, REFRESH)] if budget else []
    name = "refresh, 300 objects of five kinds, 75 a page: calls with the token's"
    yield limit(name, max(calls, default=None), at_most=16)
    yield comparison(small, 100, DESTROY, FLOOR, at_most=1.15)
    large_icons = result_of(results, ICON_FILES)
    name = (
        f"preview, {ICON_FILES.size} channels with icon files of {ICON_BYTES:,} bytes: time as a "
        "multiple of that with small icons"
    )
    found = large_icons.ratio(ICONS, OURS, PREVIEW) if large_icons else None
    yield limit(name, found, at_most=1.05)


def _quota(results: Results) -> Iterator[Target]:
    for case in (TEN, CONFIGURED, ONE):
        measured = result_of(results, case)
        name = f"{case.title}, create: time over the ideal time"
        samples = measured.of(OURS, CREATE) if measured else []
        over = [s.span / case.ideal(case.size) for s in samples]
        yield limit(name, median(over) if over else None, at_most=1.1)
    samples = measured.of(OURS, CREATE) if measured else []
    share = [100 * s.refused / s.total for s in samples]
    name = f"{ONE.title}, create: percent of answers 429"
    yield limit(name, max(share, default=None), below=15)


def _growth(results: Results) -> Iterator[Target]:
    small, large = flat_result(results, 100), flat_result(results, 400)
    for operation in OPERATIONS:
        name = f"{operation}: our own time (beyond floor) from 100 to 400 objects at most linear"
        one = small.difference(OURS, FLOOR, operation) if small else None
        four = large.difference(OURS, FLOOR, operation) if large else None
        if large is None or one is None or four is None:
            yield Target(name, "-", None)
            continue
        # A difference smaller than the variation of floor itself is noise.
        took = [s.seconds for s in large.of(FLOOR, operation)]
        noise = max(took) - min(took)
        held = four <= 4 * max(one, 0.0) + noise
        yield Target(name, f"{one:.2f} s → {four:.2f} s (floor varies by {noise:.2f} s)", held)


def _host(results: Results) -> Iterator[Target]:
    for size in (100, 400):
        measured = flat_result(results, size)
        ours = measured.memory(OURS, "plugin host") if measured else None
        floor = measured.memory(FLOOR, "plugin host") if measured else None
        most = 1.3 * floor + 40 if floor else None
        name = f"plugin host, {size} objects: MB, at most 1.3 × floor + 40"
        held = None if ours is None or most is None else ours <= most
        yield Target(name, "-" if held is None else f"{ours:.0f} of {most:.0f}", held)
        if size == 400:
            yield limit("plugin host, 400 objects: MB", ours, below=120)
    start = results.startup
    if not start:
        yield Target("start-up", "-", None)
        return
    bare = {name: start[name] - start[f"{name}, bare"] for name in COMPARED}
    loaded = ", ".join(start["loaded"])
    yield limit("import egain_pulumi beyond import pulumi: ms", start["import"], below=100)
    yield Target("no network or retry library in a program", loaded or "none", not loaded)
    name = f"declare and validate {start['objects']} objects beyond bare resources: ms"
    yield limit(name, bare["declare"], below=150)
    yield limit(
        "plugin host's first check beyond the bare host: ms", bare["first check"], below=150
    )
    yield limit("one check beyond the bare host: ms", bare["check"], below=1)
    yield limit("one diff beyond the bare host: ms", bare["diff"], below=1)


COMPARED = ("declare", "first check", "check", "diff")


def flat_result(results: Results, size: int) -> CaseResult | None:
    """Return the result that most targets use: 100 ms a call, no rate limit."""
    return results.case(shape="flat", size=size, latency=0.1, per_second=None)


def result_of(results: Results, case: Case) -> CaseResult | None:
    """Return the result of a case."""
    return next((m for m in results.measured if m.case == case), None)


def comparison(
    measured: CaseResult | None,
    size: int,
    operation: str,
    other: str,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Target:
    """Return the target for our time as a multiple of another row's, or the reverse."""
    if measured and (problem := measured.failed(OURS)):
        return Target(f"{operation}, {size} objects", f"{OURS} {problem}", False)
    if at_most is not None:
        found = measured.ratio(OURS, other, operation) if measured else None
        name = f"{operation}, {size} objects: our time as a multiple of {other}'s"
        return limit(name, found, at_most=at_most)
    name = f"{operation}, {size} objects: {other}'s time as a multiple of ours"
    if measured and (problem := measured.failed(other)):
        # A row that exceeds the recursion limit counts as slower; other failures say nothing.
        return Target(name, f"{other} {problem}", True if "RecursionError" in problem else None)
    found = measured.ratio(other, OURS, operation) if measured else None
    return limit(name, found, at_least=at_least)


def limit(
    name: str,
    found: float | None,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
    below: float | None = None,
) -> Target:
    """Return the target for a figure and its limits; None means not measured."""
    if found is None:
        return Target(name, "-", None)
    held = (
        (at_most is None or found <= at_most)
        and (at_least is None or found >= at_least)
        and (below is None or found < below)
    )
    limits = {"at most": at_most, "at least": at_least, "under": below}
    wanted = " and ".join(f"{word} {n:g}" for word, n in limits.items() if n is not None)
    return Target(name, f"{found:.4g} ({wanted})", held)
