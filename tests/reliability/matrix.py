"""All cells of a table, or those that `make test` has the time for."""

from __future__ import annotations

from tests.reliability.bench import Bench
from tests.reliability.cases import Case
from tests.reliability.places import Places
from tests.reliability.tables import Table
from tests.reliability.words import words
from tests.specimens import SPECIMENS

Cells = dict[str, dict[str, str]]
"""What happens, by title of the case and kind (`Channel`)."""


def observed(table: Table, places: Places, *, thorough: bool) -> Cells:
    """Run the cells of a table.

    Not thorough: every case once, with the table's own kind, where it needs no process and no
    time-out of its own; the telling ones with every kind.
    """
    cells: Cells = {case.title: {} for case in table.cases}
    for specimen in SPECIMENS:
        if specimen.noun not in table.kinds:
            continue
        bench = Bench(places, specimen, table.call)
        # Hosts are changed as seldom as can be.
        for case in sorted(table.cases, key=lambda case: (case.host, case.slows)):
            if thorough or _in_short(table, case, specimen.noun):
                cells[case.title][specimen.noun] = words(table.call, case, bench.run(case))
        bench.rest()
    return {title: found for title, found in cells.items() if found}


def _in_short(table: Table, case: Case, kind: str) -> bool:
    if table.slow:
        return case.brief and kind == table.own
    if case.host == "impatient" and not table.timed:
        return False
    return kind == table.own or case.brief
