"""Text for a terminal or a file."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..errors import EgainError
from ..text import visible

_WIDE: Final = 100_000  # columns: more than a row can have


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table, as wide as the terminal; elsewhere as wide as needed.

    Nothing is cut: on a narrow terminal, long cells continue in the next line.
    """
    made = Table(box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(head):
        made.add_column(name, overflow="fold", no_wrap=index == 0)
    for row in rows:
        # As Text: in a str, rich would interpret [markup] and :emoji:.
        made.add_row(*(Text(visible(cell)) for cell in row))
    return _render(made)


def heading(text: str) -> str:
    """Return a heading, bold on a terminal."""
    return _render(Text(text, style="bold"))


def _render(thing: Table | Text) -> str:
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
    """Write to standard output. Flushes, so that a closed pipe is an error here."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def save(file: str, text: str, option: str = "") -> None:
    """Write to a file. Raises EgainError, whose text begins with `option`."""
    try:
        Path(file).write_text(text, "utf-8")
    except OSError as problem:
        raise EgainError(f"{option}cannot write {file}: {problem.strerror}") from None
