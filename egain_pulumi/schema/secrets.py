"""Every walk that concerns secrets: where they are, how they are marked, what is kept without them.

A tenant may show the secrets that it has, mask them or leave them out
(docs/assumptions.md#secrets). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from . import icon
from .model import Path
from .state import EXTRA, KEPT, Properties
from .tree import ABSENT, Items, Leaf, Link, Node, Record, Table, WordSet, item_of, row, rows

SET_BY_EGAIN: Final = ("id", "created", "modified")
_MASK: Final = re.compile(r"[xX]{3,}|[*•●]{3,}.*|.*[*•●]{3,}", re.DOTALL)


def is_mask(value: Any) -> bool:
    """Return whether a tenant seems to show this in place of a secret: `********`."""
    return not isinstance(value, str) or _MASK.fullmatch(value) is not None


def is_secret(node: Node) -> bool:
    """Return whether a value is nothing but secrets: one, or a keyed list of them."""
    return (isinstance(node, Leaf) and node.secret) or (
        isinstance(node, Table) and is_secret(node.item)
    )


def has_secrets(node: Node) -> bool:
    """Return whether anything in a value may be a secret."""
    match node:
        case Leaf():
            return node.secret
        case Items() | Table():
            return has_secrets(node.item)
        case Record():
            return any(has_secrets(slot.node) for slot in node.slots.values())
        case _:
            return False


def mark_secrets(
    record: Record,
    declared: Mapping[str, Any],
    mark: Callable[[Any], Any],
    is_pending: Callable[[Any], bool] = lambda _: False,
) -> Properties:
    """Return a declaration with every secret, and `extra` as a whole, replaced by its mark.

    Where a pending value may hold a secret, all of it is marked.
    """

    def walk(node: Node, value: Any) -> Any:
        match node:
            case Leaf(secret=True):
                return value if isinstance(value, str) and value == KEPT else mark(value)
            case Record(slots=slots) if isinstance(value, Mapping):
                return {k: walk(slots[k].node, v) if k in slots else v for k, v in value.items()}
            case Table() if isinstance(value, Mapping):
                return {k: walk(node.item, v) for k, v in value.items()}
            case Items() if isinstance(value, list):
                return [walk(node.item, v) for v in value]
        return mark(value) if is_pending(value) and has_secrets(node) else value

    marked: Properties = walk(record, declared)
    return marked | ({EXTRA: mark(marked[EXTRA])} if EXTRA in marked else {})


def _declared(
    node: Node, value: Any, key: Path = (), path: Path = ()
) -> Iterator[tuple[Path, Path, str]]:
    """Every secret of a declaration: its path as compared, as written, and its value."""
    match node:
        case Leaf(secret=True) if isinstance(value, str):
            yield key, path, value
        case Record() if isinstance(value, Mapping):
            for name, slot in node.slots.items():
                yield from _declared(slot.node, value.get(name), (*key, name), (*path, name))
        case Table() if isinstance(value, Mapping):
            for name, item in value.items():
                yield from _declared(node.item, item, (*key, node.key(name)), (*path, name))


def declared_secrets(node: Node, value: Any) -> dict[Path, str]:
    """Return every secret that the program knows, by its path as compared."""
    return {key: text for key, _, text in _declared(node, value) if text != KEPT}


def kept_secrets(node: Node, value: Any) -> dict[Path, Path]:
    """Return where the program has `keep_secret()`: the paths as written, by those as compared."""
    return {key: path for key, path, text in _declared(node, value) if text == KEPT}


def hidden_secrets(node: Node, wire: Any, news: Any) -> list[Path]:
    """Return where an answer does not show a declared secret exactly as it is declared."""
    shown = received_secrets(node, wire)
    known = (each for each in _declared(node, news) if each[2] != KEPT)
    return [path for key, path, text in known if shown.get(key) != text]


def without_secrets(node: Node, value: Any) -> Any:
    """Return the declaration without its secrets, for an import to compare."""
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


def _received(
    node: Node, wire: Any, key: Path = (), path: Path = ()
) -> Iterator[tuple[Path, Path, Any]]:
    """Every secret on the wire: its path as compared, as eGain writes it, and its value."""
    if wire is None or wire is ABSENT:
        return
    match node:
        case Record() if isinstance(wire, Mapping):
            for name, slot in node.slots.items():
                yield from _received(slot.node, wire.get(slot.wire), (*key, name), (*path, name))
        case Table():
            for name, item in rows(node, wire, path).items():
                own = str(item[node.keyed.by])
                yield from _received(node.item, item_of(node, item), (*key, name), (*path, own))
        case Leaf(secret=True):
            yield key, path, wire


def received_secrets(node: Node, wire: Any) -> dict[Path, Any]:
    """Return every secret that an answer shows, or masks, by its path as compared."""
    return {key: value for key, _, value in _received(node, wire)}


def undeclared_secrets(node: Node, wire: Any, news: Any) -> list[Path]:
    """Return where the object to send holds a secret that the program does not know."""
    declared, kept = declared_secrets(node, news), kept_secrets(node, news)
    found = {key: path for key, path, _ in _received(node, wire) if key not in declared}
    return list((found | kept).values())  # what is kept may be there without being shown


def shows_secrets(node: Node, wire: Any, olds: Any) -> bool:
    """Return whether this tenant shows secrets as they are: the answer holds a declared secret,
    and each one that it holds is exactly as declared."""
    # An empty secret proves nothing.
    declared = {key: text for key, text in declared_secrets(node, olds).items() if text}
    same = [value == declared[key] for key, _, value in _received(node, wire) if key in declared]
    return bool(same) and all(same)


def all_texts(node: Node, declared: Mapping[str, Any]) -> Iterator[str]:
    """Every text in a declaration that is secret."""
    yield from declared_secrets(node, declared).values()
    yield from texts(declared.get(EXTRA))


def secret_texts(node: Node, wire: Any) -> Iterator[str]:
    """Every text in an answer that may be secret: eGain may repeat it in a message.

    Includes the values of attributes that the model does not know.
    """
    match node:
        case Record() if isinstance(wire, dict):
            slots = {slot.wire: slot.node for slot in node.slots.values()}
            for name, inner in wire.items():
                if name in slots:
                    yield from secret_texts(slots[name], inner)
                elif name not in SET_BY_EGAIN:
                    yield from texts(inner)
        case Table() if isinstance(wire, list):
            for item in rows(node, wire).values():
                yield from secret_texts(node.item, item_of(node, item))
        case Leaf(secret=True) if isinstance(wire, str):
            yield wire


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)


ODD: Final = type("Odd", (), {"__repr__": lambda self: "ODD"})()
"""Placeholder for a value that does not match the contract: equal to nothing, and Malformed where
a walk over the model gets to it."""


def storable_copy(node: Node, wire: Any) -> Any:
    """Return the wire form as it may be kept: secrets empty, icons as hashes, nothing unknown.

    What is null or missing stays so; whether a secret is set can still be seen.
    """
    if wire is None:
        return None
    match node:
        case Record() if isinstance(wire, Mapping):
            slots = {slot.wire: slot.node for slot in node.slots.values()}
            return {k: storable_copy(slots[k], v) for k, v in wire.items() if k in slots}
        case Table() if isinstance(wire, list):
            return [_storable_row(node, item) for item in wire]
        case Items(wrapped=str(key)) if isinstance(wire, Mapping):
            return {key: storable_copy(Items(node.item, None, None), wire.get(key))}
        case Items(wrapped=None) if isinstance(wire, list):
            return [storable_copy(node.item, item) for item in wire]
        case Link() if isinstance(wire, Mapping):
            return {"id": storable_copy(Leaf(), wire.get("id"))}
        case WordSet() if isinstance(wire, list):
            return [storable_copy(Leaf(), word) for word in wire]
        case Leaf(secret=True):
            return ""
        case Leaf(icon=True):
            return {"sha256": icon.digest(wire)}
        case Leaf() if isinstance(wire, str | int | float):
            return wire
    return ODD


def _storable_row(node: Table, item: Any) -> Any:
    key = item.get(node.keyed.by) if isinstance(item, Mapping) else None
    if not isinstance(key, str):
        return ODD
    kept = storable_copy(node.item, item_of(node, item))
    return row(node, key, kept) if node.keyed.value is not None or kept is not ODD else ODD
