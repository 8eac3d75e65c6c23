"""What people write in place of a declaration's own form: the vendor's lists, and ids. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .model import Reference
from .tree import Leaf, Link, Node, Record, Table


def by_key(node: Table, rows: Sequence[Any]) -> dict[str, Any] | None:
    """Return the vendor's list of a declaration as a mapping; None if it cannot become one."""
    by, single = node.keyed.by, node.keyed.value
    result: dict[str, Any] = {}
    for row in rows:
        key = row.get(by) if isinstance(row, Mapping) else None
        rest = {k: v for k, v in row.items() if k != by} if isinstance(row, Mapping) else {}
        if not isinstance(key, str) or key in result or (single and set(rest) != {single}):
            return None  # `validate` complains about it
        result[key] = rest[single] if single is not None else rest
    return result


def only_id(node: Node) -> Reference | None:
    """Return the reference of an object that is only an id, for which people write the resource."""
    if isinstance(node, Link):
        return node.reference
    if isinstance(node, Record) and set(node.slots) == {"id"}:
        inner = node.slots["id"].node
        return inner.reference if isinstance(inner, Leaf) else None
    return None
