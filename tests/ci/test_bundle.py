"""What an apply takes for a preview, and what stands for an acknowledgement."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.ci import apply, bundle
from scripts.ci.apply import differences
from scripts.ci.bundle import About, Bundle
from toolchain.say import Refusal

ABOUT: dict[str, Any] = {"stack": "dev", "refreshed": False, "tree": None, "versions": {}}
REPORT: dict[str, Any] = {"risks": [], "changes": []}


def written(folder: Path, about: object, report: object) -> Path:
    """A folder as `scripts/preview` leaves it."""
    texts = {"about.json": json.dumps(about), "report.json": json.dumps(report), "plan.json": "{}"}
    for name, text in texts.items():
        (folder / name).write_text(text)
    return folder


def test_a_whole_preview_is_read(tmp_path: Path) -> None:
    found = bundle.read(written(tmp_path, ABOUT, REPORT))
    assert (found.about, found.label) == (About("dev", False, None, {}), None)


@pytest.mark.parametrize("name", ["about.json", "report.json", "plan.json"])
def test_one_that_lacks_a_part_is_refused(name: str, tmp_path: Path) -> None:
    (written(tmp_path, ABOUT, REPORT) / name).unlink()
    with pytest.raises(Refusal, match="holds no complete preview; make one with scripts/preview"):
        bundle.read(tmp_path)


@pytest.mark.parametrize(
    ("about", "report"),
    [
        (5, REPORT),
        ([], REPORT),
        ({**ABOUT, "more": 1}, REPORT),
        ({**ABOUT, "versions": "all"}, REPORT),
        (ABOUT, []),
        (ABOUT, {"risks": []}),
        (ABOUT, {"risks": [], "changes": {}}),
    ],
)
def test_what_is_something_else_is_refused(about: object, report: object, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="holds no complete preview"):
        bundle.read(written(tmp_path, about, report))


def test_a_preview_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, ABOUT, REPORT) / "report.json"
    file.write_text(file.read_text()[:9])
    with pytest.raises(Refusal, match="holds no complete preview"):
        bundle.read(tmp_path)


def test_a_preview_of_another_stack_is_refused(tmp_path: Path) -> None:
    written(tmp_path, {**ABOUT, "stack": "prod"}, REPORT)
    with pytest.raises(Refusal, match="is a preview of prod, not of dev"):
        apply.run("dev", str(tmp_path))


def test_an_acknowledgement_stands_for_these_rows_and_no_others(tmp_path: Path) -> None:
    def label(*risks: dict[str, str]) -> str | None:
        report = {"risks": list(risks), "changes": []}
        return Bundle(tmp_path, About(**ABOUT), report).label

    one = label({"risk": "deleted", "name": "orders"})
    assert one and one == label({"name": "orders", "risk": "deleted"})
    assert one != label({"risk": "deleted", "name": "complaints"})
    assert one != label({"risk": "deleted", "name": "orders"}, {"risk": "deleted", "name": "sms"})
    assert label() is None


def change(op: str = "update", **values: str) -> dict[str, Any]:
    """One change of channel "chat"."""
    properties = [{"path": path, "old": "a", "new": value} for path, value in values.items()]
    return {"kind": "channel", "name": "chat", "id": "7", "op": op, "properties": properties}


RISK = {"kind": "account", "name": "orders", "path": "", "risk": "deleted"}


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        ([change(a="b")], [change(a="b")], []),
        ([], [], []),
        ([change(a="b")], [change(a="c")], ['channel "chat" a']),
        ([change(a="b")], [change(a="b", c="d")], ['channel "chat" c']),
        ([change(a="b")], [], ['channel "chat"', 'channel "chat" a']),
        ([change()], [change(op="replace")], ['channel "chat"']),
    ],
)
def test_what_differs_between_two_reports_is_named(
    then: list[Any], now: list[Any], told: list[str]
) -> None:
    old, new = ({"changes": each, "risks": []} for each in (then, now))
    assert differences(old, new) == told
    assert differences({**old, "risks": [RISK]}, {**new, "risks": [RISK]}) == told
    named = 'account "orders"  (deleted)'
    assert sorted(differences({**old, "risks": [RISK]}, new)) == [named, *told]
