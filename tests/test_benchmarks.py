"""The benchmarks still run: each row creates the same objects with the calls that it claims."""

from __future__ import annotations

import base64
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks.cases import (
    CREATE,
    DESTROY,
    FLOOR,
    ICON_BYTES,
    ICONS,
    NAIVE,
    OURS,
    REFRESH,
    WITH_READ,
    Case,
)
from benchmarks.objects import objects
from benchmarks.page import page
from benchmarks.results import CaseResult, Results, Sample, load
from benchmarks.run import run_row
from benchmarks.stacks import QUICK, VARIANTS, run_variant
from benchmarks.startup import startup
from benchmarks.summary import summary
from benchmarks.tables import replace_figures
from benchmarks.targets import COMPARED, Target, targets
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY

PAGE = REPOSITORY / "docs" / "performance.md"
HUB = objects("hubs", 8)
"""One object of each kind, and two of two kinds, which one list call must serve."""
KINDS = Counter(item.collection for item in HUB)
POSTS = {f"POST /{kind}": n for kind, n in KINDS.items()}
LISTS = {f"GET /{kind}": 1 for kind in KINDS}
GETS = {f"GET /{kind}/{{id}}": n for kind, n in KINDS.items()}
DELETES = {f"DELETE /{kind}/{{id}}": n for kind, n in KINDS.items()}
MACHINE = dict.fromkeys(
    ("date", "cores", "memory", "load", "processor", "system", "python", "pulumi", "sdk"), "?"
) | {"egain-pulumi": "?"}


def hub(row: str, *operations: str) -> Case:
    """Return the case of these objects, without latency."""
    return Case(len(HUB), (row,), "hubs", latency=0, repetitions=1, operations=operations)


def run(case: Case, emulator: Emulator) -> dict[str, Sample]:
    """Return the samples of a case's only row, and compare the tenant with the program."""
    found = {}
    for sample in run_row(case, case.rows[0], 0, emulator):
        assert sample.problem is None
        found[sample.operation] = sample
        left = {} if sample.operation == DESTROY else {i.name: i.body(NAMES) for i in HUB}
        assert made(emulator) == left
    return found


NAMES = {item.name: item.name for item in HUB}


def made(emulator: Emulator) -> dict[str, Any]:
    """Return the tenant's objects by name: the declared fields, with names in place of ids."""
    rows = {
        row["type"] if kind == "channels" else row["name"]: row
        for kind in KINDS
        for row in emulator.objects(kind, secrets=True)
    }
    names = {row["id"]: name for name, row in rows.items()}
    return {
        item.name: {key: named(rows[item.name].get(key), names) for key in item.body(NAMES)}
        for item in HUB
        if item.name in rows
    }


def named(value: Any, names: Mapping[str, str]) -> Any:
    """Return a value with each id replaced by the name of its object."""
    if isinstance(value, Mapping):
        return {key: named(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [named(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


@pytest.mark.cli
def test_ours_makes_the_calls_of_its_budget(emulator: Emulator) -> None:
    found = run(hub(OURS, CREATE, REFRESH, DESTROY), emulator)
    assert found[CREATE].calls == {**POSTS, "GET /orchestrations": 1}
    assert found[REFRESH].calls == GETS
    lists = {key: n for key, n in found[DESTROY].calls.items() if key not in DELETES}
    assert found[DESTROY].calls == {**DELETES, **lists}
    assert lists.items() <= LISTS.items()
    assert {sample.tokens for sample in found.values()} == {1}
    assert found[CREATE].memory.keys() >= {"CLI", "program", "plugin host"}


@pytest.mark.cli
def test_channels_with_icon_files_carry_files_of_that_size(emulator: Emulator) -> None:
    case = Case(2, (ICONS,), latency=0, operations=(CREATE,))
    (created,) = run_row(case, ICONS, 0, emulator)
    assert (created.problem, created.calls) == (None, {"POST /channels": 2})
    icons = {row["icon"] for row in emulator.objects("channels", secrets=True)}
    assert [len(base64.b64decode(icon)) for icon in icons] == [ICON_BYTES, ICON_BYTES]


@pytest.mark.cli
def test_the_floor_makes_the_fewest_calls(emulator: Emulator) -> None:
    found = run(hub(FLOOR, CREATE, REFRESH, DESTROY), emulator)
    assert [found[name].calls for name in (CREATE, REFRESH, DESTROY)] == [POSTS, LISTS, DELETES]
    assert {sample.tokens for sample in found.values()} == {1}


@pytest.mark.cli
def test_naive_with_read_reads_object_by_object(emulator: Emulator) -> None:
    found = run(hub(WITH_READ, CREATE, REFRESH), emulator)
    assert (found[CREATE].calls, found[CREATE].tokens) == (POSTS, 8)
    assert (found[REFRESH].calls, found[REFRESH].tokens) == (GETS, 8)


@pytest.mark.cli
def test_a_row_that_fails_says_why_and_goes_no_further(emulator: Emulator) -> None:
    """The quota lets one call through, and `naive` does not know what a 429 is."""
    case = Case(3, (NAIVE,), latency=0, per_second=0.01, operations=(CREATE, DESTROY))
    found = list(run_row(case, NAIVE, 0, emulator))
    assert [sample.operation for sample in found] == [CREATE]
    assert (found[0].calls, found[0].tokens, found[0].refused) == ({"POST /channels": 3}, 3, 2)
    problem = found[0].problem or ""
    assert problem.startswith("fails after 1 creates: ")
    assert "429" in problem


# -- figures and targets


def sample(row: str, operation: str, seconds: float, repetition: int = 0, **more: Any) -> Sample:
    """Return an invented sample."""
    some = {"calls": {}, "tokens": 0, "in_flight": 16, "refused": 0, "span": seconds}
    return Sample(row, operation, repetition, seconds, **{**some, **more})


def said(*measured: CaseResult, startup: Any = None) -> dict[str, Target]:
    """Return the targets of invented samples, by text."""
    return {t.text: t for t in targets(Results("?", MACHINE, startup or {}, list(measured)))}


@pytest.mark.parametrize(("ours", "held"), [(1.14, True), (1.16, False)])
def test_a_target_is_a_ratio_within_each_repetition(ours: float, held: bool) -> None:
    """Here the machine was ten times slower in the second and third repetition."""
    slow = [
        sample(row, CREATE, seconds * factor, repetition)
        for repetition, factor in enumerate((1, 10, 10))
        for row, seconds in ((OURS, ours), (FLOOR, 1.0), (NAIVE, 2.7))
    ]
    found = said(CaseResult(Case(100, (OURS, FLOOR, NAIVE)), slow))
    assert found["create, 100 objects: our time as a multiple of floor's"].held is held
    assert found["create, 100 objects: naive's time as a multiple of ours"].held is (ours < 1.08)
    assert found["destroy, 100 objects: our time as a multiple of floor's"].held is None


def test_our_own_failure_is_missed_and_not_left_out() -> None:
    lost = CaseResult(Case(100, (OURS,)), [sample(OURS, CREATE, 1, problem="fails")])
    assert said(lost)["create, 100 objects"].held is False


def test_growth_is_linear_up_to_what_floor_itself_varies_by() -> None:
    small = CaseResult(Case(100, ()), [sample(OURS, CREATE, 2), sample(FLOOR, CREATE, 1.5)])
    for four, held in ((5.9, True), (6.1, True), (7.1, False)):
        large = CaseResult(
            Case(400, ()),
            [
                *(sample(OURS, CREATE, four, n) for n in range(2)),
                *(sample(FLOOR, CREATE, seconds, n) for n, seconds in enumerate((3.5, 4.5))),
            ],
        )
        found = said(small, large)
        name = "create: our own time (beyond floor) from 100 to 400 objects at most linear"
        assert found[name].held is held


def test_results_are_kept_and_shown(tmp_path: Path) -> None:
    case = Case(3, (OURS, FLOOR), repetitions=1)
    taken = [sample(OURS, CREATE, 1.5, calls={"POST /channels": 3}), sample(FLOOR, CREATE, 1.0)]
    results = Results("quick", MACHINE, {}, [CaseResult(case, taken)])
    results.save(tmp_path / "results.json")
    assert load(tmp_path / "results.json") == results
    assert "| create | ours | 1.50 | 3 | 0 | 16 | 1.50 |" in page(results)


def test_the_readme_shows_what_was_measured() -> None:
    shown = summary(PAGE.read_text("utf-8"))
    assert re.findall(r"\| \d+\.\d\d s, \d+", shown)[11:]
    assert "fails after" in shown
    assert f"\n{shown}\n" in (REPOSITORY / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["figures", "stacks"])
def test_new_figures_replace_only_the_old_ones(tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copy(PAGE, tmp_path))
    replace_figures(copy, name, "| new |\n")
    old, new = (re.split("(?:<!-- .+ -->)", file.read_text("utf-8")) for file in (PAGE, copy))
    block = 1 if name == "figures" else 3
    assert new == [*old[:block], "\n| new |\n", *old[block + 1 :]]


# -- start-up and large stacks


@pytest.mark.soak
def test_startup_measures_everything_that_targets_ask_for() -> None:
    found = startup(1, 3)
    assert found["loaded"] == []
    assert all(found[name] > 0 and found[f"{name}, bare"] > 0 for name in COMPARED)


def test_a_run_goes_on_where_it_was_interrupted() -> None:
    measured = CaseResult(Case(3, (OURS,)), [])
    begun = Results("all", MACHINE, {}, [measured])
    assert begun.missing([Case(3, (OURS,)), Case(3, (FLOOR,))]) == [Case(3, (FLOOR,))]


@pytest.mark.soak
@pytest.mark.cli
def test_stacks_split_the_same_objects(emulator: Emulator) -> None:
    found = list(run_variant(QUICK[0], VARIANTS["four stacks"], 0, emulator))
    assert [(each.operation, each.problem) for each in found] == [
        ("create", None),
        ("preview", None),
        ("destroy", None),
    ]
    assert found[0].calls == {"POST /channels": 1, "POST /accounts": 8}
