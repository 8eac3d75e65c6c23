"""Join the pages of a list, and say whether it may be incomplete. Pure.

The first call has no parameters; further pages are requested at the size that eGain reports.
`count` is the number of objects (docs/vendor-api.md#paging).

Somebody may create and delete objects while the pages are read. An object created meanwhile moves
others to later pages, where they are seen again: harmless. An object deleted meanwhile moves others
to earlier pages, where they are missed: the list must be read again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from ..errors import Reason, TransportError
from .ids import is_id

_MAX_PAGES: Final = 10_001
_MAX_DIGITS: Final = 9
"""Of a count. Longer ones are malformed; Python refuses to parse thousands of digits."""

Row = dict[str, Any]
GetPage = Callable[[dict[str, int] | None], dict[str, Any]]
"""Gets a page: the first without parameters, the others by `$pagenum` and `$pagesize`."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The rows of a list, each once. `problem` says why some may be missing, if so."""

    rows: list[Row]
    problem: TransportError | None = None


def list_all(get_page: GetPage, collection: str, key: str) -> Pages:
    """Return the rows of a collection."""
    rows: dict[str, Row] = {}
    try:
        problem = _read(get_page, key, rows)
    except _NoPage as found:
        problem = str(found)
    if not problem:
        return Pages(list(rows.values()))
    text = f"GET /{collection}: the list cannot be trusted: {problem}"
    error = TransportError(text, in_doubt=False, reason=Reason.LIST_NOT_TRUSTED)
    return Pages(list(rows.values()), error)


class _NoPage(Exception):
    """An answer that is no page of a list."""


def _read(get_page: GetPage, key: str, rows: dict[str, Row]) -> str | None:
    """Read all pages into `rows`. Returns why some rows may be missing."""
    answer = get_page(None)
    page = _rows(answer, key)
    rows |= {row["id"]: row for row in page}
    read = len(page)
    info = answer.get("paginationInfo")
    if info is None:  # answers without paging are accepted
        return _missing(rows, read, [read])
    counts = [_count(info)]
    size = _number(info.get("pagesize")) or read
    for number in range(2, _MAX_PAGES + 1):
        if size < 1 or read >= counts[-1]:
            break
        answer = get_page({"$pagenum": number, "$pagesize": size})
        page = _rows(answer, key)
        if not page:
            break
        rows |= {row["id"]: row for row in page}
        read += len(page)
        if (info := answer.get("paginationInfo")) is not None:
            counts.append(_count(info))
    return _missing(rows, read, counts)


def _missing(rows: dict[str, Row], read: int, counts: list[int]) -> str | None:
    """Return why rows may be missing; `counts` are eGain's, in the order of the pages."""
    first, last = counts[0], counts[-1]
    if counts != sorted(counts):
        return f"the count fell from {max(counts)} to {last}"
    if read > len(rows) and first == last:
        return "an id occurs twice"
    if len(rows) < first:
        return f"{len(rows)} of {first} came"
    return f"{len(rows)} came, but count is {last}" if len(rows) > last else None


def _count(info: Any) -> int:
    count = _number(info.get("count")) if isinstance(info, dict) else None
    if count is None:
        raise _NoPage("paginationInfo has no valid count")
    return count


def _number(value: Any) -> int | None:
    """Return a whole number of at least 0, from a JSON number or text; else None."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value) if len(value) <= _MAX_DIGITS else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < 10**_MAX_DIGITS and value == value // 1 else None


def _rows(answer: dict[str, Any], key: str) -> list[Row]:
    rows = answer.get(key)
    info = answer.get("paginationInfo")
    if rows is None and isinstance(info, dict) and _number(info.get("count")) == 0:
        return []  # without objects, the key may be missing
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _NoPage(f"there is no list under {key}")
    if not all(is_id(row.get("id")) for row in rows):
        raise _NoPage("an object has no valid id")
    return rows
