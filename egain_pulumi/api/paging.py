"""A whole list out of its pages, or an error: a list that may be short proves nothing.

The first call has no parameters; further pages are asked for at the size that the server reported;
`count` is the number of records (docs/vendor-api.md#paging). Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..errors import Reason, TransportError

MOST_PAGES: Final = 10_000

Page = Callable[[dict[str, int] | None], dict[str, Any]]


def pages(page: Page, collection: str, key: str) -> list[dict[str, Any]]:
    """All rows of a collection.

    `page` asks for one: None for the first, then `$pagenum` and `$pagesize`. Raises
    TransportError if rows repeat, have no id, or are not as many as the server counted.
    """
    answer = page(None)
    rows = _rows(answer, collection, key)
    info = answer.get("paginationInfo")
    if info is None:
        return _distinct(rows, collection)  # answers without paging are accepted
    count = _number(info.get("count")) if isinstance(info, dict) else None
    if count is None:
        raise _incomplete(collection, "paginationInfo has no count that can be read")
    size = _number(info.get("pagesize")) or len(rows)
    number = 1
    while len(rows) < count:
        number += 1
        if size < 1 or number > MOST_PAGES + 1:
            raise _incomplete(collection, f"{len(rows)} of {count} came")
        more = _rows(page({"$pagenum": number, "$pagesize": size}), collection, key)
        if not more:
            raise _incomplete(collection, f"{len(rows)} of {count} came")
        rows += more
    if len(rows) != count:
        raise _incomplete(collection, f"{len(rows)} came, {count} were counted")
    return _distinct(rows, collection)


def _number(value: Any) -> int | None:
    """A whole number of at least 0, as JSON number or as text; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if value >= 0 and value == value // 1 else None


def _rows(answer: dict[str, Any], collection: str, key: str) -> list[dict[str, Any]]:
    rows = answer.get(key)
    info = answer.get("paginationInfo")
    if rows is None and isinstance(info, dict) and _number(info.get("count")) == 0:
        return []  # a tenant without any: the key may be left out
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _incomplete(collection, f"there is no list under {key}")
    return rows


def _distinct(rows: list[dict[str, Any]], collection: str) -> list[dict[str, Any]]:
    ids = [row.get("id") for row in rows]
    if not all(isinstance(id, str) and id for id in ids):
        raise _incomplete(collection, "a row has no id")
    if len(set(ids)) != len(ids):
        raise _incomplete(collection, "the same id came twice")
    return rows


def _incomplete(collection: str, problem: str) -> TransportError:
    return TransportError(
        f"GET /{collection}: the list cannot be trusted: {problem}",
        in_doubt=False,
        reason=Reason.LIST_NOT_TRUSTED,
    )
