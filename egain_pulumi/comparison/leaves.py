"""The leaves of canonical values, by their paths. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..schema.complaint import UNKNOWN
from ..schema.model import Path
from ..schema.tree import ABSENT, Items, Leaf, Link, Node, Record, Table
from .document import is_sealed


def closed(node: Node, value: Any) -> str:
    """Return why nothing below a path can be compared, if so."""
    if value is UNKNOWN:
        return "is only known at pulumi up"
    container = not isinstance(node, Leaf | Link)
    return "is encrypted as a whole" if container and is_sealed(node, value) else ""


def pair(one: Any, other: Any, path: Path) -> tuple[tuple[Node, Any], tuple[Node, Any]]:
    """Return the leaf of each side at a path that at least one of them has."""
    node = (one.get(path) or other[path])[0]
    missing = (node, ABSENT)
    return one.get(path, missing), other.get(path, missing)


def starts(leaves: Mapping[Path, Any], above: Path) -> bool:
    """Return whether there is anything at or below a path."""
    return any(each[: len(above)] == above for each in leaves)


def flat(node: Node, value: Any, path: Path = ()) -> Iterator[tuple[Path, tuple[Node, Any]]]:
    """Yield every leaf of a canonical value, and every empty container."""
    match node:
        case Record() if isinstance(value, Mapping) and value and not is_sealed(node, value):
            for name, item in value.items():
                yield from flat(node.slots[name].node, item, (*path, name))
        case Table() if isinstance(value, Mapping) and value and not is_sealed(node, value):
            for name, item in value.items():
                yield from flat(node.item, item, (*path, name))
        case Items() if isinstance(value, list) and value:
            for index, item in enumerate(value):
                yield from flat(node.item, item, (*path, index))
        case _:
            yield path, (node, value)
