"""Join the pages of a list, or fail if it may be incomplete. Pure.

The first call has no parameters; further pages are requested at the size that eGain reports.
`count` is the number of objects (docs/vendor-api.md#paging).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..errors import Reason, TransportError

_MAX_PAGES: Final = 10_001

GetPage = Callable[[dict[str, int] | None], dict[str, Any]]
"""Gets a page: the first without parameters, the others by `$pagenum` and `$pagesize`."""


def list_all(get_page: GetPage, collection: str, key: str) -> list[dict[str, Any]]:
    """Return all rows of a collection.

    Raises TransportError if rows repeat, have no id, or are not as many as eGain counts.
    """
    answer = get_page(None)
    rows = _rows(answer, collection, key)
    info = answer.get("paginationInfo")
    if info is None:
        return _check_ids(rows, collection)  # answers without paging are accepted
    count = _number(info.get("count")) if isinstance(info, dict) else None
    if count is None:
        raise _incomplete(collection, "paginationInfo has no valid count")
    size = _number(info.get("pagesize")) or len(rows)
    for number in range(2, _MAX_PAGES + 1):
        if size < 1 or len(rows) >= count:
            break
        more = _rows(get_page({"$pagenum": number, "$pagesize": size}), collection, key)
        if not more:
            break
        rows += more
    if len(rows) < count:
        raise _incomplete(collection, f"{len(rows)} of {count} came")
    if len(rows) > count:
        raise _incomplete(collection, f"{len(rows)} came, but count is {count}")
    return _check_ids(rows, collection)


def _number(value: Any) -> int | None:
    """Return a whole number of at least 0, from a JSON number or text; else None."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if value >= 0 and value == value // 1 else None


def _rows(answer: dict[str, Any], collection: str, key: str) -> list[dict[str, Any]]:
    rows = answer.get(key)
    info = answer.get("paginationInfo")
    if rows is None and isinstance(info, dict) and _number(info.get("count")) == 0:
        return []  # without objects, the key may be missing
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _incomplete(collection, f"there is no list under {key}")
    return rows


def _check_ids(rows: list[dict[str, Any]], collection: str) -> list[dict[str, Any]]:
    ids = [row.get("id") for row in rows]
    if not all(isinstance(id, str) and id for id in ids):
        raise _incomplete(collection, "an object has no id")
    if len(set(ids)) != len(ids):
        raise _incomplete(collection, "an id occurs twice")
    return rows


def _incomplete(collection: str, problem: str) -> TransportError:
    return TransportError(
        f"GET /{collection}: the list cannot be trusted: {problem}",
        in_doubt=False,
        reason=Reason.LIST_NOT_TRUSTED,
    )
