"""Text for a terminal."""

from __future__ import annotations

import io
import sys
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..text import visible

_WIDE: Final = 100_000  # columns: more than a row can have


def table(head: list[str], rows: list[list[str]]) -> str:
    """Columns under their names; on a terminal as wide as it is, elsewhere as wide as needed.

    Nothing is cut off: on a narrow terminal, what does not fit goes on in the next line.
    """
    made = Table(box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(head):
        made.add_column(name, overflow="fold", no_wrap=index == 0)
    for row in rows:
        # As Text: in a str, rich would read [markup] and :emoji:.
        made.add_row(*(Text(visible(cell)) for cell in row))
    return _rendered(made)


def heading(text: str) -> str:
    """A line above a table."""
    return _rendered(Text(text, style="bold"))


def _rendered(thing: Table | Text) -> str:
    screen = Console(file=sys.stdout, highlight=False)
    console = Console(
        file=io.StringIO(),
        width=screen.width if screen.is_terminal else _WIDE,
        force_terminal=screen.is_terminal,
        color_system="auto" if screen.is_terminal else None,
        highlight=False,
    )
    with console.capture() as captured:
        console.print(thing)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def write(text: str) -> None:
    """To standard output, at once: a reader that has gone away is noticed here."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
