"""Where the boxes of a picture stand: a column a kind, in the order a conversation takes.

Rows are found by fast-sugiyama (extra `graph`), which sees to few crossings. References that
pass by a column get a point there, one for all that go to the same box, so that lines part late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ...errors import EgainError
from ..model import ACCOUNT, APPLICATION, AUTHENTICATION, CHANNEL, ORCHESTRATION, PARTICIPANT
from .boxes import Arrow, Picture

COLUMNS: Final = (CHANNEL, ACCOUNT, ORCHESTRATION, PARTICIPANT, APPLICATION, AUTHENTICATION)


@dataclass(frozen=True, slots=True)
class Line:
    """An arrow with the points that it passes: (column, row)."""

    arrow: Arrow
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns from the left and rows from the top; rows are at least 1 apart in a column."""

    columns: tuple[str, ...]
    """The resource class of each column."""
    places: tuple[tuple[int, float], ...]
    """Of each box: (column, row)."""
    lines: tuple[Line, ...]
    rows: float


def laid_out(picture: Picture) -> Layout:
    """The places of all boxes and lines. Raises EgainError where the library is missing."""
    kinds = {box.kind.resource for box in picture.boxes}
    columns = tuple(each for each in (*COLUMNS, *sorted(kinds - {*COLUMNS})) if each in kinds)
    column = [columns.index(box.kind.resource) for box in picture.boxes]
    chains = {arrow: _chain(arrow, column) for arrow in picture.arrows}
    points = dict.fromkeys(("box", n) for n in range(len(column)))
    points |= dict.fromkeys(point for chain in chains.values() for point in chain)
    number = {point: i for i, point in enumerate(points)}
    pairs = dict.fromkeys(
        (number[a], number[b]) for chain in chains.values() for a, b in pairwise(chain)
    )
    at = {
        i: column[point[1]] if point[0] == "box" else int(point[0].removeprefix("by "))
        for point, i in number.items()
    }
    row = _rows(list(pairs), at)
    return Layout(
        columns,
        tuple((column[n], row[number["box", n]]) for n in range(len(column))),
        tuple(
            Line(arrow, tuple((at[number[p]], row[number[p]]) for p in chain))
            for arrow, chain in chains.items()
        ),
        max(row.values(), default=0.0) + 1,
    )


def _chain(arrow: Arrow, column: Sequence[int]) -> tuple[tuple[str, int], ...]:
    """The points of an arrow from left to right."""
    left, right = sorted((arrow.source, arrow.target), key=lambda n: column[n])
    between = range(column[left] + 1, column[right])
    return ("box", left), *((f"by {c}", right) for c in between), ("box", right)


def _rows(pairs: list[tuple[int, int]], column: Mapping[int, int]) -> dict[int, float]:
    row: dict[int, float] = {}
    below = 0.0
    for component in _components(pairs):
        top = min(y for _, (y, _) in component)
        placed = {point: y - top + below for point, (y, _) in component}
        row |= placed
        below = max(placed.values()) + 1
    # What has no line stands below the others of its column.
    lowest = dict.fromkeys(column.values(), 0.0)
    for point, y in row.items():
        lowest[column[point]] = max(lowest[column[point]], y + 1)
    for point, c in column.items():
        if point not in row:
            row[point] = lowest[c]
            lowest[c] += 1
    return row


def _components(pairs: list[tuple[int, int]]) -> list[list[tuple[int, tuple[float, float]]]]:
    if not pairs:
        return []
    try:
        from fast_sugiyama import from_edges
    except ModuleNotFoundError as missing:
        raise EgainError(
            f"svg and html need {missing.name}, which is not installed; "
            'run: pip install "egain-pulumi[graph]", or use --format mermaid'
        ) from None
    found = from_edges(
        pairs,
        vertex_spacing=1.0,
        ranking_type="minimize",
        crossing_minimization="barycenter",
        transpose=True,
    )
    # The largest first, whatever order the library has.
    parts = [sorted((int(n), (x, y)) for n, (x, y) in positions) for positions, *_ in found]
    return sorted(parts, key=lambda part: (-len(part), part[0][0]))
