"""A declaration held against what eGain has: what of it is there, in whose way it is, and the
whole object to send. Design rules 2 and 5, as walks over a model's tree. Pure.

"We manage what you declare, leaf by leaf": a key of a mapping that was not declared is neither
drift nor lost by an update; lists and word sets are managed whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any, Final

from . import icon
from .model import Path
from .shape import (
    Items,
    Leaf,
    Link,
    Malformed,
    Node,
    Record,
    Table,
    WordSet,
    item_of,
    listed,
    row,
    rows,
    to_wire,
)

ABSENT: Final = type("Absent", (), {"__repr__": lambda self: "ABSENT"})()
"""Not declared, or not there. `None` and a missing key are the same thing on this wire."""

_OTHER_KIND: Final = "eGain answered with another kind of value than the contract says"

LoadIcon = Callable[[Mapping[str, str]], str]


def seen(node: Node, declared: Any, wire: Any, path: Path = ()) -> Any:
    """The declaration as eGain holds it: same paths, eGain's values. ABSENT where it has none.

    Secrets keep their declared value: what a read shows of them proves nothing and must not
    enter the state. Raises Malformed if the answer has not the contract's shape.
    """
    if wire is None or wire is ABSENT:
        return declared if is_secret(node) else _without(node, declared)
    match node:
        case Record() if isinstance(wire, dict):
            parts = {
                slot.name: seen(
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
                key: seen(
                    node.item,
                    item,
                    item_of(node, found[node.key(key)]) if node.key(key) in found else None,
                    (*path, key),
                )
                for key, item in declared.items()
            }
            # A row that is gone takes its secrets with it: there is nothing to keep them for.
            return {
                key: part
                for key, part in parts.items()
                if part is not ABSENT and node.key(key) in found
            }
        case Items() | WordSet():
            return declaration(node, wire, path)
        case Record():
            raise Malformed(path, _OTHER_KIND)
        case Leaf(secret=True):
            return declared
        case Leaf(icon=True):
            same = icon.digest(declared) == icon.digest(wire)
            if same or isinstance(declared, str):
                return declared if same else wire
            return {"path": declared["path"], "sha256": icon.digest(wire)}
        case _:
            return _value(node, declared, wire, path)


def holds(node: Record, declared: Mapping[str, Any], wire: Mapping[str, Any]) -> bool:
    """Whether eGain's object has everything that is declared, secrets aside."""
    try:
        there = dict(leaves(node, seen(node, declared, wire)))
    except Malformed:
        return False
    return there == dict(leaves(node, declared))


def _without(node: Node, declared: Any) -> Any:
    """What is left of a declaration where eGain has nothing: nothing, or an empty container."""
    empty = isinstance(node, Table | Record | Items | WordSet) and not declared
    return declared if empty else ABSENT


def declaration(node: Node, wire: Any, path: Path = ()) -> Any:
    """The wire form as a program would have written it, without secrets and unknown attributes."""
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
            return [declaration(node.item, item, path) for item in listed(node, wire, path)]
        case WordSet() if isinstance(wire, list) and all(isinstance(w, str) for w in wire):
            return sorted(set(wire))
        case Link() | Leaf():
            return _value(node, None, wire, path)
    raise Malformed(path, _OTHER_KIND)


def is_secret(node: Node) -> bool:
    """Whether nothing but secrets is here: one, or a keyed list of them."""
    return (isinstance(node, Leaf) and node.secret) or (
        isinstance(node, Table) and is_secret(node.item)
    )


def _value(node: Node, declared: Any, wire: Any, path: Path) -> Any:
    if isinstance(node, Link):
        if not isinstance(wire, dict) or not isinstance(wire.get("id"), str):
            raise Malformed(path, "eGain answered with a reference that has no id")
        return {"id": wire["id"]}
    if isinstance(wire, dict | list):
        raise Malformed(path, _OTHER_KIND)
    if _is_number(declared) and isinstance(wire, str):
        try:
            number = float(wire)
        except ValueError:
            return wire
        if not isfinite(number):
            return wire
        return declared if number == declared else number
    return wire


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def leaves(node: Node, value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The managed leaves of a declaration, secrets left out, in a form that can be compared.

    A list is one leaf. So is an empty mapping: declaring one says something.
    """
    match node:
        case Record() if value:
            for slot in node.slots.values():
                if slot.name in value:
                    yield from leaves(slot.node, value[slot.name], (*path, slot.name))
        case Table() if value:
            for key, item in value.items():
                yield from leaves(node.item, item, (*path, node.key(key)))
        case WordSet():
            yield path, tuple(sorted(set(value)))
        case Items():
            yield path, tuple(tuple(leaves(node.item, item)) for item in value)
        case Leaf(secret=True):
            return
        case Leaf(icon=True):
            yield path, icon.digest(value)
        case Link():
            yield path, value["id"]
        case _:
            # True == 1 in Python; in JSON they are different values.
            yield path, (isinstance(value, bool), value) if isinstance(value, bool) else value


def conflicts(node: Node, olds: Any, news: Any, wire: Any) -> list[tuple[Path, Any, Any]]:
    """Leaves that somebody else changed: eGain's value is neither what this stack last saw nor
    what is now declared. With path, eGain's value (or ABSENT) and the old one."""
    before = dict(leaves(node, olds))
    now = dict(leaves(node, seen(node, olds, wire)))
    wanted = dict(leaves(node, news))
    return [
        (path, now.get(path, ABSENT), old)
        for path, old in before.items()
        if now.get(path, ABSENT) not in (old, wanted.get(path, ABSENT))
    ]


def overlay(node: Node, wire: Any, olds: Any, news: Any, load: LoadIcon) -> Any:
    """The whole value to send: eGain's own, with what is declared laid over it.

    What was declared before and is not any more is taken out. `load` reads an icon's file.
    """
    match node:
        case Record():
            result = dict(wire) if isinstance(wire, dict) else {}
            olds = olds if isinstance(olds, dict) else {}
            for slot in node.slots.values():
                if slot.name in news:
                    old = olds.get(slot.name, ABSENT)
                    result[slot.wire] = overlay(
                        slot.node, wire_of(result, slot.wire), old, news[slot.name], load
                    )
                elif slot.name in olds:
                    left = _removed(slot.node, wire_of(result, slot.wire), olds[slot.name])
                    result[slot.wire] = left if slot.default is None else slot.default
            return {key: value for key, value in result.items() if value is not ABSENT}
        case Table():
            return _overlay_table(node, wire, olds, news, load)
        case Items():
            return _overlay_items(node, wire, news)
        case WordSet():
            same = wire is not ABSENT and declaration(node, wire) == sorted(set(news))
            return wire if same else to_wire(node, news)
        case Link():
            same = isinstance(wire, dict) and wire.get("id") == news["id"]
            return wire if same else to_wire(node, news)
        case Leaf(icon=True):
            if isinstance(wire, str) and icon.digest(wire) == icon.digest(news):
                return wire
            return news if isinstance(news, str) else load(news)
        case _:
            same = not node.secret and _value(node, news, wire, ()) == news
            # True == 1 in Python; in JSON they are different values.
            return wire if same and isinstance(wire, bool) == isinstance(news, bool) else news


def wire_of(wire: Mapping[str, Any], name: str) -> Any:
    """An attribute of an answer, with null and missing as one."""
    return ABSENT if wire.get(name) is None else wire[name]


def _removed(node: Node, wire: Any, old: Any) -> Any:
    """What is left of a value when all that was declared of it goes; ABSENT if nothing is.

    A record that loses a field without which eGain does not take it goes as a whole.
    """
    if wire is ABSENT:
        return ABSENT
    match node:
        case Record() if isinstance(wire, dict) and isinstance(old, dict):
            left = dict(wire)
            for slot in node.slots.values():
                if slot.name in old:
                    left[slot.wire] = _removed(slot.node, wire_of(wire, slot.wire), old[slot.name])
            left = {key: value for key, value in left.items() if value is not ABSENT}
            lacking = any(s.required and s.wire not in left for s in node.slots.values())
            return ABSENT if lacking or not left else left
        case Table() if isinstance(old, dict):
            before = {node.key(key): item for key, item in old.items()}
            result = []
            for key, each in rows(node, wire).items():
                item = item_of(node, each)
                if key in before:
                    item = _removed(node.item, ABSENT if item is None else item, before[key])
                if item is not ABSENT:
                    result.append(row(node, each[node.keyed.by], item))
            return result or ABSENT
        case _:
            return ABSENT


def _overlay_table(node: Table, wire: Any, olds: Any, news: Any, load: LoadIcon) -> list[Any]:
    found = rows(node, wire) if wire is not ABSENT else {}
    before = {node.key(k): v for k, v in olds.items()} if isinstance(olds, dict) else {}
    wanted = {node.key(key): (key, item) for key, item in news.items()}
    result = []
    for key, each in found.items():  # eGain's order stays as it is
        item, old = item_of(node, each), before.get(key, ABSENT)
        if key in wanted:
            item = overlay(node.item, ABSENT if item is None else item, old, wanted[key][1], load)
        elif old is not ABSENT:
            item = _removed(node.item, ABSENT if item is None else item, old)
        if item is not ABSENT:
            kept = {} if node.keyed.value is None else each
            result.append({**kept, **row(node, each[node.keyed.by], item)})
    for key, (name, new) in wanted.items():
        if key not in found:
            result.append(row(node, name, overlay(node.item, ABSENT, ABSENT, new, load)))
    return result


def _overlay_items(node: Items, wire: Any, news: Any) -> Any:
    live = [] if wire is ABSENT else listed(node, wire)
    if wire is not ABSENT and declaration(node, wire) == news:
        return wire  # with everything in it that we do not model
    result = []
    for item in news:
        fresh = to_wire(node.item, item)
        if isinstance(node.item, Record) and node.identity is not None:
            modelled = {slot.wire for slot in node.item.slots.values()}
            own = fresh[node.identity]
            twin: dict[str, Any] = next((o for o in live if o.get(node.identity) == own), {})
            fresh = {k: v for k, v in twin.items() if k not in modelled} | fresh
        result.append(fresh)
    if not node.wrapped:
        return result
    return {**(wire if isinstance(wire, dict) else {}), node.wrapped: result}
