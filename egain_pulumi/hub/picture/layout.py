"""The layout of a picture: one column for each kind, in the order of a conversation.

fast-sugiyama (extra `graph`) arranges the rows with few crossings. A line that passes a column gets
a point there; all lines to the same box share it, so that they part late.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from ...errors import EgainError
from ..model import ACCOUNT, APPLICATION, AUTHENTICATION, CHANNEL, ORCHESTRATION, PARTICIPANT
from .boxes import Arrow, Picture

COLUMNS: Final = (CHANNEL, ACCOUNT, ORCHESTRATION, PARTICIPANT, APPLICATION, AUTHENTICATION)
_NARROW: Final = frozenset("fijlrt.,:;'|!()[]{}/ -")
_BROAD: Final = frozenset("MWmw@%…")


@dataclass(frozen=True, slots=True)
class Line:
    """An arrow and its points: (column, row)."""

    arrow: Arrow
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns from the left and rows from the top; rows are at least 1 apart in a column."""

    columns: tuple[str, ...]
    """The resource class of each column."""
    places: tuple[tuple[int, float], ...]
    """(column, row) of each box."""
    lines: tuple[Line, ...]
    rows: float


def lay_out(picture: Picture) -> Layout:
    """Place all boxes and lines. Raises EgainError if the library is not installed."""
    kinds = {box.kind.resource for box in picture.boxes}
    columns = tuple(each for each in (*COLUMNS, *sorted(kinds - {*COLUMNS})) if each in kinds)
    column = [columns.index(box.kind.resource) for box in picture.boxes]
    chains = {arrow: _chain(arrow, column) for arrow in picture.arrows}
    boxes = [_Point(c, n) for n, c in enumerate(column)]
    points = dict.fromkeys((*boxes, *(point for chain in chains.values() for point in chain)))
    number = {point: i for i, point in enumerate(points)}
    pairs = dict.fromkeys(
        (number[a], number[b]) for chain in chains.values() for a, b in pairwise(chain)
    )
    row = _rows(list(pairs), {i: point.column for point, i in number.items()})
    places = {point: (point.column, row[i]) for point, i in number.items()}
    return Layout(
        columns,
        tuple(places[box] for box in boxes),
        tuple(
            Line(arrow, tuple(places[point] for point in chain)) for arrow, chain in chains.items()
        ),
        max(row.values(), default=0.0) + 1,
    )


class _Point(NamedTuple):
    """A box, or in another column a point of the lines to that box."""

    column: int
    box: int


def _chain(arrow: Arrow, column: Sequence[int]) -> tuple[_Point, ...]:
    """Return the points of an arrow from left to right."""
    left, right = sorted((arrow.source, arrow.target), key=lambda n: column[n])
    between = range(column[left] + 1, column[right])
    return _Point(column[left], left), *(_Point(c, right) for c in (*between, column[right]))


def _rows(pairs: list[tuple[int, int]], column: Mapping[int, int]) -> dict[int, float]:
    row: dict[int, float] = {}
    below = 0.0
    for component in _components(pairs):
        top = min(y for _, (y, _) in component)
        placed = {point: y - top + below for point, (y, _) in component}
        row |= placed
        below = max(placed.values()) + 1
    # Boxes without a line go below the others of their column.
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
    # The library has no fixed order.
    parts = [sorted((int(n), (x, y)) for n, (x, y) in positions) for positions, *_ in found]
    return sorted(parts, key=lambda part: (-len(part), part[0][0]))


def fit(text: str, width: float) -> str:
    """Cut a text to an estimated width in letters; an ellipsis marks the cut."""
    ends = list(accumulate(map(_width, text)))
    if not ends or ends[-1] <= width:
        return text
    return f"{text[: bisect(ends, width - _width('…'))]}…"


def _width(letter: str) -> float:
    """Return the width of a letter relative to that of an "n"."""
    if letter in _NARROW:
        return 0.6
    if letter in _BROAD:
        return 1.7
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.8
    return 1.2 if letter.isupper() else 1
