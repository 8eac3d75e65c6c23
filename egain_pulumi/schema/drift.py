"""Compares a declaration with eGain's object: actual values, drift and conflicts. Pure.

The unit is a leaf (docs/rules.md#manage-what-is-declared): an undeclared key of a mapping is not
drift; lists and word sets are managed as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from . import icon
from .model import Path
from .same import comparable, typed
from .secrets import is_secret
from .state import KEPT
from .tree import (
    ABSENT,
    Items,
    Leaf,
    Link,
    Malformed,
    Node,
    Record,
    Table,
    WordSet,
    item_of,
    list_items,
    rows,
)


def actual(node: Node, declared: Any, wire: Any, path: Path = ()) -> Any:
    """Return the declaration with eGain's values at its paths; ABSENT if eGain has none.

    Secrets keep their declared value, since a secret that was read must not enter the state.
    Raises Malformed if the answer does not match the contract.
    """
    if wire is None or wire is ABSENT:
        return declared if is_secret(node) else _absent(node, declared)
    match node:
        case Record() if isinstance(wire, dict):
            parts = {
                slot.name: actual(
                    slot.node,
                    declared[slot.name],
                    slot.default if wire.get(slot.wire) is None else wire[slot.wire],
                    (*path, slot.name),
                )
                for slot in node.slots.values()
                if slot.name in declared
            }
            return {name: part for name, part in parts.items() if part is not ABSENT}
        case Table():
            found = rows(node, wire, path)
            parts = {
                key: actual(
                    node.item,
                    item,
                    item_of(node, found[node.key(key)]) if node.key(key) in found else None,
                    (*path, key),
                )
                for key, item in declared.items()
            }
            # The secrets of a row that is gone are gone too.
            return {
                key: part
                for key, part in parts.items()
                if part is not ABSENT and (node.key(key) in found or part == KEPT)
            }
        case Items():
            known = {tuple(leaves(node.item, item)): item for item in declared}
            found_items = declaration(node, wire, path)
            return [known.get(tuple(leaves(node.item, item)), item) for item in found_items]
        case WordSet():
            return declaration(node, wire, path)
        case Record():
            raise Malformed(path, OTHER_TYPE)
        case Leaf(secret=True):
            return declared
        case Leaf(icon=True):
            same = icon.digest(declared) == icon.digest(wire)
            if same or isinstance(declared, str):
                return declared if same else wire
            return {"path": declared["path"], "sha256": icon.digest(wire)}
        case _:
            assert isinstance(node, Leaf | Link)
            return read_value(node, declared, wire, path)


def holds(node: Record, declared: Mapping[str, Any], wire: Mapping[str, Any]) -> bool:
    """Return whether eGain's object has all declared values, except for secrets."""
    try:
        there = dict(leaves(node, actual(node, declared, wire)))
    except Malformed:
        return False
    return there == dict(leaves(node, declared))


def _absent(node: Node, declared: Any) -> Any:
    """Return what eGain has if it answers nothing: nothing, or the declared empty container."""
    empty = isinstance(node, Table | Record | Items | WordSet) and not declared
    return declared if empty else ABSENT


def declaration(node: Node, wire: Any, path: Path = ()) -> Any:
    """Return an answer as a program would declare it, without secrets and unknown attributes."""
    match node:
        case Record() if isinstance(wire, dict):
            return {
                slot.name: declaration(slot.node, wire[slot.wire], (*path, slot.name))
                for slot in node.slots.values()
                if wire.get(slot.wire) is not None and not is_secret(slot.node)
            }
        case Table():
            return {
                item[node.keyed.by]: declaration(node.item, item_of(node, item), path)
                for item in rows(node, wire, path).values()
            }
        case Items():
            return [declaration(node.item, item, path) for item in list_items(node, wire, path)]
        case WordSet() if isinstance(wire, list) and all(isinstance(w, str) for w in wire):
            return sorted(set(wire))
        case Link() | Leaf():
            return read_value(node, None, wire, path)
    raise Malformed(path, OTHER_TYPE)


def leaves(node: Node, value: Any) -> Iterator[tuple[Path, Any]]:
    """Yield the managed leaves of a declaration except secrets, as they compare.

    A list is one leaf. So is an empty mapping, since declaring one means something.
    """
    for path, compared, _ in _leaves(node, value, ()):
        yield path, compared


def _leaves(node: Node, value: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    """Yield each leaf's path, the value that it compares by, and the one that messages show."""
    match node:
        case Record() if value:
            for slot in node.slots.values():
                if slot.name in value:
                    yield from _leaves(slot.node, value[slot.name], (*path, slot.name))
        case Table() if value:
            for key, item in value.items():
                yield from _leaves(node.item, item, (*path, node.key(key)))
        case WordSet():
            words = sorted(set(value))
            yield path, tuple(words), words
        case Items():
            yield path, tuple(tuple(leaves(node.item, item)) for item in value), value
        case Leaf(secret=True):
            return
        case Link():
            yield path, value["id"], value["id"]
        case Leaf():
            compared = comparable(node, value)
            yield path, compared, compared if node.icon else value
        case _:
            yield path, str(value), value


Change = tuple[Path, Any, Any]
"""A path with two values, either of which may be ABSENT."""


def changes(node: Node, before: Any, after: Any) -> list[Change]:
    """Return the leaves in which two declarations differ, except secrets."""
    one, other = _by_path(node, before), _by_path(node, after)
    return [
        (path, one.get(path, _NONE)[1], other.get(path, _NONE)[1])
        for path in {**other, **one}
        if one.get(path, _NONE)[0] != other.get(path, _NONE)[0]
    ]


def conflicts(node: Node, olds: Any, news: Any, wire: Any) -> list[Change]:
    """Return leaves that someone else changed, as path, eGain's value (or ABSENT) and old value.

    eGain's value is neither what this stack last saw nor what is now declared.
    """
    wanted = dict(leaves(node, news))
    now = actual(node, olds, wire)
    compared = dict(leaves(node, now))
    return [
        (path, here, old)
        for path, here, old in changes(node, now, olds)
        if old is not ABSENT and compared.get(path, ABSENT) != wanted.get(path, ABSENT)
    ]


def _by_path(node: Node, value: Any) -> dict[Path, tuple[Any, Any]]:
    return {path: (compared, shown) for path, compared, shown in _leaves(node, value, ())}


_NONE: Final = (ABSENT, ABSENT)
OTHER_TYPE: Final = "eGain answered with another type of value than the contract says"


def read_value(node: Leaf | Link, declared: Any, wire: Any, path: Path) -> Any:
    """Return a leaf or reference as declarations have it: as declared if it is the same."""
    if isinstance(node, Link):
        if not isinstance(wire, dict) or not isinstance(wire.get("id"), str):
            raise Malformed(path, "eGain answered with a reference that has no id")
        return {"id": wire["id"]}
    if isinstance(wire, dict | list):
        raise Malformed(path, OTHER_TYPE)
    if declared is not None and comparable(node, wire) == comparable(node, declared):
        return declared
    return typed(node, wire)
