"""The body of an update: eGain's object, with the declared values laid over it. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from . import icon
from .drift import declaration, leaves
from .same import comparable
from .state import KEPT, Properties
from .tree import (
    ABSENT,
    Items,
    Leaf,
    Link,
    Node,
    Record,
    Table,
    WordSet,
    item_of,
    list_items,
    row,
    rows,
    to_wire,
)

LoadIcon = Callable[[Mapping[str, str]], str]


def overlay(node: Node, wire: Any, olds: Any, news: Any, load: LoadIcon) -> Any:
    """Return eGain's value with the declared one laid over it.

    What was declared before and no longer is, is removed. `load` reads an icon's file.
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
                    left = _remove(slot.node, wire_of(result, slot.wire), olds[slot.name])
                    result[slot.wire] = left if slot.default is None else slot.default
            return {key: value for key, value in result.items() if value is not ABSENT}
        case Table():
            return _overlay_table(node, wire, olds, news, load)
        case Items():
            return _overlay_items(node, wire, news, load)
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
        case Leaf(secret=True) if news == KEPT:
            return wire
        case _:
            return news  # as declared, however eGain shows it: it may escape at each write


def wire_of(wire: Mapping[str, Any], name: str) -> Any:
    """Return an attribute of an answer; ABSENT if null or missing."""
    return ABSENT if wire.get(name) is None else wire[name]


def _remove(node: Node, wire: Any, old: Any) -> Any:
    """Return a value without its declared parts; ABSENT if nothing is left.

    A record that loses a required field is removed as a whole.
    """
    if wire is ABSENT:
        return ABSENT
    match node:
        case Record() if isinstance(wire, dict) and isinstance(old, dict):
            left = dict(wire)
            for slot in node.slots.values():
                if slot.name in old:
                    left[slot.wire] = _remove(slot.node, wire_of(wire, slot.wire), old[slot.name])
            left = {key: value for key, value in left.items() if value is not ABSENT}
            lacking = any(s.required and s.wire not in left for s in node.slots.values())
            return ABSENT if lacking or not left else left
        case Table() if isinstance(old, dict):
            before = {node.key(key): item for key, item in old.items()}
            result = []
            for key, each in rows(node, wire).items():
                item = item_of(node, each)
                if key in before:
                    item = _remove(node.item, ABSENT if item is None else item, before[key])
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
            item = _remove(node.item, ABSENT if item is None else item, old)
        if item is not ABSENT:
            kept = {} if node.keyed.value is None else each
            result.append({**kept, **row(node, each[node.keyed.by], item)})
    for key, (name, new) in wanted.items():
        if key not in found:
            item = overlay(node.item, ABSENT, ABSENT, new, load)
            result += [] if item is ABSENT else [row(node, name, item)]
    return result


def _overlay_items(node: Items, wire: Any, news: Any, load: LoadIcon) -> Any:
    live = [] if wire is ABSENT else list_items(node, wire)
    if wire is not ABSENT and dict(leaves(node, declaration(node, wire))) == dict(
        leaves(node, news)
    ):  # with everything in it that we do not model
        result = [
            overlay(node.item, each, ABSENT, item, load)
            for each, item in zip(live, news, strict=True)
        ]
    else:
        result = [_overlay_item(node, live, to_wire(node.item, item)) for item in news]
    if not node.wrapped:
        return result
    return {**(wire if isinstance(wire, dict) else {}), node.wrapped: result}


def _overlay_item(node: Items, live: list[Any], fresh: Any) -> Any:
    """Return an item with the unmodelled attributes of its twin in eGain."""
    if not isinstance(node.item, Record) or node.identity is None:
        return fresh
    slots = {slot.wire: slot for slot in node.item.slots.values()}
    leaf = slots[node.identity].node
    assert isinstance(leaf, Leaf)
    own = comparable(leaf, fresh[node.identity])
    twins = (o for o in live if comparable(leaf, o.get(node.identity)) == own)
    twin: dict[str, Any] = next(twins, {})
    return {key: value for key, value in twin.items() if key not in slots} | fresh


def remove_extra(body: Properties, old: Mapping[str, Any], new: Any) -> Properties:
    """Return the body without what only the old `extra` put into it."""
    result = dict(body)
    kept = new if isinstance(new, Mapping) else {}
    for key, value in old.items():
        if isinstance(value, Mapping) and isinstance(result.get(key), dict):
            result[key] = remove_extra(result[key], value, kept.get(key))
            if not result[key] and key not in kept:
                del result[key]
        elif key not in kept:
            result.pop(key, None)
    return result


def same(one: Any, other: Any) -> bool:
    """Return whether two values are equal as JSON, where true is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def merge_extra(body: Properties, extra: Mapping[str, Any]) -> Properties:
    """Return the body with `extra` laid over it: objects merge, everything else replaces."""
    result = dict(body)
    for key, value in extra.items():
        mine = result.get(key)
        both = isinstance(mine, dict) and isinstance(value, dict)
        result[key] = merge_extra(mine or {}, value) if both else value
    return result
