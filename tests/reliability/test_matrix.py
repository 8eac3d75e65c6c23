"""`docs/reliability.md` says what happens; here it is held against what does happen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.reliability import document
from tests.reliability.document import PATH, read, rendered
from tests.reliability.matrix import Cells, observed
from tests.reliability.places import Places
from tests.reliability.tables import TABLES, Table
from tests.reliability.words import unexplained
from tests.support.emulator import Emulator

WRITTEN = read(PATH.read_text("utf-8"))


def different(table: Table, found: Cells) -> list[str]:
    """The cells that the document describes otherwise."""
    written = WRITTEN[table.title]
    return [
        f"{kind}, {title}: {cell} (written: {written.get(title, {}).get(kind)})"
        for title, cells in found.items()
        for kind, cell in cells.items()
        if written.get(title, {}).get(kind) != cell
    ]


@pytest.mark.host
@pytest.mark.parametrize(
    "thorough", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["short", "thorough"]
)
@pytest.mark.parametrize("table", TABLES, ids=[table.title for table in TABLES])
def test_what_happens_is_what_is_written(
    table: Table, thorough: bool, tmp_path: Path, emulator: Emulator
) -> None:
    with Places(emulator, tmp_path) as places:
        found = observed(table, places, thorough=thorough)
    assert different(table, found) == []


def test_every_case_of_every_table_is_written() -> None:
    wanted = {
        table.title: {case.title: set(table.kinds) for case in table.cases} for table in TABLES
    }
    written = {
        heading: {title: set(cells) for title, cells in cells_by_title.items()}
        for heading, cells_by_title in WRITTEN.items()
    }
    assert written == wanted


def test_the_page_is_rendered_from_its_own_cells() -> None:
    """Nobody has written into it by hand, and no cell uses a word that it does not explain."""
    assert rendered(WRITTEN) == PATH.read_text("utf-8")
    cells = {cell for table in WRITTEN.values() for row in table.values() for cell in row.values()}
    assert [(cell, words) for cell in cells if (words := unexplained(cell))] == []


def test_figures_of_a_long_run_become_a_section(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = {
        "programs": 1200,
        "operations": 9000,
        "api_calls": 80000,
        "faults": {"close": 400, "hang": 30},
        "kills": 77,
        "failures": 0,
        "minutes": 31,
        "date": "2026-11-23",
        "machine": "2 cores",
        "hostile": {
            "misbehaviors": 1003,
            "calls": {"POST": 900, "token": 45},
            "errors": 707,
            "longest_over": 0.61,
            "failures": 0,
            "date": "2026-11-30",
            "machine": "2 cores",
        },
    }
    file = tmp_path / "figures.json"
    monkeypatch.setattr(document, "FIGURES", file)
    without = rendered(WRITTEN)
    file.write_text(json.dumps(figures))
    page = rendered(WRITTEN)
    assert page.startswith(without)
    section = page.removeprefix(without)
    assert section.strip().startswith("## Random programs and kills")
    random = ("1200", "9000", "80000", "430: close 400, hang 30", "77", "31", "2 cores")
    for text in (*random, "1003", "945: POST 900, token 45", "707", "0.61"):
        assert text in section
    assert read(page) == WRITTEN
