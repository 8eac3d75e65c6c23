"""Secrets in what eGain answers: which are not ours to send back, and what can be compared.

A tenant may show secrets, mask them or leave them out (docs/assumptions.md#secrets). Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from . import icon
from .model import Path
from .tree import ABSENT, Items, Leaf, Link, Node, Record, Table, WordSet, item_of, row, rows

SET_BY_EGAIN: Final = ("id", "created", "modified")


def undeclared_secrets(node: Node, wire: Any, news: Any, path: Path = ()) -> Iterator[Path]:
    """Where the object to send holds a secret that this program does not declare."""
    if wire is None or wire is ABSENT:
        return
    match node:
        case Record() if isinstance(wire, dict):
            news = news if isinstance(news, dict) else {}
            for slot in node.slots.values():
                yield from undeclared_secrets(
                    slot.node,
                    wire.get(slot.wire),
                    news.get(slot.name, ABSENT),
                    (*path, slot.name),
                )
        case Table():
            declared = {node.key(k): v for k, v in news.items()} if isinstance(news, dict) else {}
            for key, item in rows(node, wire, path).items():
                name = str(item[node.keyed.by])
                yield from undeclared_secrets(
                    node.item, item_of(node, item), declared.get(key, ABSENT), (*path, name)
                )
        case Leaf(secret=True) if news is ABSENT:
            yield path


def shown_as_is(node: Node, wire: Any, olds: Any) -> bool:
    """Whether this tenant shows secrets as they are: this answer holds a declared secret, and
    each one that it holds is exactly as it was declared."""
    shown = list(_secrets_shown(node, wire, olds))
    return bool(shown) and all(shown)


def _secrets_shown(node: Node, wire: Any, olds: Any) -> Iterator[bool]:
    if wire is None or wire is ABSENT or olds is ABSENT or olds is None:
        return
    match node:
        case Record() if isinstance(wire, dict):
            for slot in node.slots.values():
                yield from _secrets_shown(slot.node, wire.get(slot.wire), olds.get(slot.name))
        case Table():
            found = rows(node, wire)
            for key, item in olds.items():
                if node.key(key) in found:
                    there = item_of(node, found[node.key(key)])
                    yield from _secrets_shown(node.item, there, item)
        case Leaf(secret=True) if olds:  # an empty one proves nothing
            yield bool(wire == olds)


def shown(node: Node, wire: Any) -> Iterator[str]:
    """Every secret text in an answer: what eGain may repeat in a message. What the model does
    not know may be one."""
    match node:
        case Record() if isinstance(wire, dict):
            slots = {slot.wire: slot.node for slot in node.slots.values()}
            for name, inner in wire.items():
                if name in slots:
                    yield from shown(slots[name], inner)
                elif name not in SET_BY_EGAIN:
                    yield from texts(inner)
        case Table() if isinstance(wire, list):
            for item in rows(node, wire).values():
                yield from shown(node.item, item_of(node, item))
        case Leaf(secret=True) if isinstance(wire, str):
            yield wire


def blanked(node: Node, wire: Any) -> Any:
    """The wire form without secret fields, for comparing what masks and omissions leave alike."""
    match node:
        case Record() if isinstance(wire, dict):
            slots = {slot.wire: slot for slot in node.slots.values()}
            return {
                key: blanked(slots[key].node, value) if key in slots else value
                for key, value in wire.items()
                if key not in slots or not is_secret(slots[key].node)
            }
        case Table() if isinstance(wire, list):
            items = rows(node, wire).items()
            return {key: blanked(node.item, item_of(node, item)) for key, item in items}
    return wire


def sealed(node: Node, value: Any, seal: Callable[[Any], Any]) -> Any:
    """A declaration with each of its secrets put under a seal."""
    match node:
        case Leaf(secret=True):
            return seal(value)
        case Record() if isinstance(value, Mapping):
            slots = node.slots
            return {
                k: sealed(slots[k].node, v, seal) if k in slots else v for k, v in value.items()
            }
        case Table() if isinstance(value, Mapping):
            return {k: sealed(node.item, v, seal) for k, v in value.items()}
        case Items() if isinstance(value, list):
            return [sealed(node.item, v, seal) for v in value]
    return value


ODD: Final = type("Odd", (), {"__repr__": lambda self: "ODD"})()
"""In place of what has not the contract's shape: equal to nothing, and Malformed where a walk
over the model gets to it."""


def stripped(node: Node, wire: Any) -> Any:
    """The wire form as it may be kept: no secret's text, icons as hashes, nothing unknown.

    What is null or missing stays so; whether a secret is there can still be seen.
    """
    if wire is None:
        return None
    match node:
        case Record() if isinstance(wire, Mapping):
            known = {slot.wire: slot.node for slot in node.slots.values()}
            return {key: stripped(known[key], value) for key, value in wire.items() if key in known}
        case Table() if isinstance(wire, list):
            return [_stripped_row(node, item) for item in wire]
        case Items(wrapped=str(key)) if isinstance(wire, Mapping):
            return {key: stripped(Items(node.item, None, None), wire.get(key))}
        case Items(wrapped=None) if isinstance(wire, list):
            return [stripped(node.item, item) for item in wire]
        case Link() if isinstance(wire, Mapping):
            return {"id": stripped(Leaf(), wire.get("id"))}
        case WordSet() if isinstance(wire, list):
            return [stripped(Leaf(), word) for word in wire]
        case Leaf(secret=True):
            return ""
        case Leaf(icon=True):
            return {"sha256": icon.digest(wire)}
        case Leaf() if isinstance(wire, str | int | float):
            return wire
    return ODD


def _stripped_row(node: Table, item: Any) -> Any:
    key = item.get(node.keyed.by) if isinstance(item, Mapping) else None
    if not isinstance(key, str):
        return ODD
    kept = stripped(node.item, item_of(node, item))
    return row(node, key, kept) if node.keyed.value is not None or kept is not ODD else ODD


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)


def is_secret(node: Node) -> bool:
    """Whether nothing but secrets is here: one, or a keyed list of them."""
    return (isinstance(node, Leaf) and node.secret) or (
        isinstance(node, Table) and is_secret(node.item)
    )


def without_secrets(node: Node, value: Any) -> Any:
    """The declaration without its secrets: what an import compares, and no secret is part of."""
    match node:
        case Record() if isinstance(value, Mapping):
            parts = {k: without_secrets(s.node, value.get(k)) for k, s in node.slots.items()}
            return {k: part for k, part in parts.items() if part is not None}
        case Table() if isinstance(value, Mapping):
            parts = {k: without_secrets(node.item, v) for k, v in value.items()}
            return {k: part for k, part in parts.items() if part is not None} or None
        case Leaf(secret=True):
            return None
        case _:
            return value


def secrets(node: Node, value: Any, path: tuple[str, ...] = ()) -> list[tuple[Any, str]]:
    """Every declared secret text with its path as compared."""
    match node:
        case Record() if isinstance(value, Mapping):
            return [
                found
                for slot in node.slots.values()
                for found in secrets(slot.node, value.get(slot.name), (*path, slot.name))
            ]
        case Table() if isinstance(value, Mapping):
            return [
                found
                for key, item in value.items()
                for found in secrets(node.item, item, (*path, node.key(key)))
            ]
        case Leaf(secret=True) if isinstance(value, str):
            return [(path, value)]
        case _:
            return []


def has_secrets(node: Node) -> bool:
    """Whether anything below may be secret."""
    match node:
        case Leaf():
            return node.secret
        case Items() | Table():
            return has_secrets(node.item)
        case Record():
            return any(has_secrets(slot.node) for slot in node.slots.values())
        case _:
            return False
