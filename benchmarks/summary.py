"""README's table of figures, taken from the tables in docs/performance.md."""

from __future__ import annotations

import re
from typing import Final

from benchmarks.cases import FLOOR, NAIVE, OPERATIONS, OURS, WITH_READ, Case
from benchmarks.tables import table

NAMES: Final = {
    OURS: "egain-pulumi",
    FLOOR: "the smallest provider that runs 16 calls at once and checks nothing",
    WITH_READ: "a dynamic provider as blog posts write it, with a `read`",
}


def summary(page: str) -> str:
    """Return the table of 100 objects: the median of the seconds, and calls with the tokens'."""
    found = {}
    for line in _section(page, 100).splitlines():
        if line.startswith("| "):
            operation, row, seconds, calls, tokens = line.strip("| ").split(" | ")[:5]
            if row in NAMES and operation in OPERATIONS:
                found[row, operation] = f"{seconds.split()[0]} s, {int(calls) + int(tokens)}"
    rows = [
        [name, *(found.get((row, each), "") for each in OPERATIONS)] for row, name in NAMES.items()
    ]
    failure = re.search(f"`{NAIVE}` (fails after [0-9]+ creates)", _section(page, 400))
    note = f"\n\nAt 400 objects the last one without `read` {failure[1]}." if failure else ""
    return table(("seconds, calls", *OPERATIONS), rows) + note


def _section(page: str, size: int) -> str:
    return page.partition(f"### {Case(size, ()).title}\n")[2].partition("\n#")[0]
