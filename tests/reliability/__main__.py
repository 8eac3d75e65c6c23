"""Run every cell and write `docs/reliability.md`: minutes of work, a line for each table.

With words, only the tables in whose titles they are are run (`python -m tests.reliability create
find`), and the others stay as they are written. `--figures-only` runs none, and takes the figures
of the last long run (`docs/reliability-figures.json`) in.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.reliability.document import PATH, read, rendered
from tests.reliability.matrix import Cells, observed
from tests.reliability.places import Places
from tests.reliability.tables import TABLES, Table
from tests.support.emulator import Emulator


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("--figures-only", action="store_true")
    parser.add_argument("words", nargs="*")
    asked = parser.parse_args()
    wanted = [
        table
        for table in TABLES
        if not asked.figures_only
        and (not asked.words or any(word in table.title for word in asked.words))
    ]
    known = read(PATH.read_text("utf-8")) if len(wanted) < len(TABLES) else {}
    matrix = known | _run(wanted)
    PATH.write_text(rendered({table.title: matrix[table.title] for table in TABLES}), "utf-8")


def _run(tables: list[Table]) -> dict[str, Cells]:
    matrix = {}
    emulator = Emulator(strict=True)
    try:
        for table in tables:
            sys.stderr.write(f"{table.title}\n")
            emulator.reset()
            with tempfile.TemporaryDirectory() as folder, Places(emulator, Path(folder)) as places:
                matrix[table.title] = observed(table, places, thorough=True)
    finally:
        emulator.stop()
    return matrix


if __name__ == "__main__":
    main()
