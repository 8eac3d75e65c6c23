"""Which values are the same, whatever eGain does to them when it stores or shows them. Pure.

A server may show a number as text, or trim, normalize or escape a text. What is compared here
takes such looks for equal; what is sent has the contract's JSON types
(docs/rules.md#values-that-are-equal).
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import Any, Final

from . import icon
from .model import JsonType
from .secrets import is_secret
from .tree import Items, Leaf, Node, Record, Table, WordSet, sort_words

Row = dict[str, Any]
Convert = Callable[[Leaf, Any], Any]
_NUMBER: Final = re.compile(r"\s*(-?[0-9]{1,300}(\.[0-9]{1,300})?([eE][+-]?[0-9]{1,3})?)\s*")
_TRUTH: Final = {"true": True, "false": False}
_ESCAPED: Final = re.compile("&(?:amp;)+")


def normal_text(text: str) -> str:
    """Return the form in which texts compare: unescaped, with LF, trimmed, in Unicode NFC."""
    # A server that escapes at each write leaves `&amp;amp;`. In one pass, since it may be long.
    plain = html.unescape(_ESCAPED.sub("&", text)) if "&" in text else text
    return unicodedata.normalize("NFC", plain.replace("\r\n", "\n").strip())


def same_text(one: Any, other: Any) -> bool:
    """Return whether two values are the same text; see `normal_text`."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    return one == other or normal_text(one) == normal_text(other)


def with_text(rows: Iterable[Row], attribute: str, text: str | None) -> list[Row]:
    """Return the rows that have this text: exactly, or else one that is the same."""
    rows = list(rows)
    exact = [row for row in rows if row.get(attribute) == text]
    return exact or [row for row in rows if same_text(row.get(attribute), text)]


def typed(leaf: Leaf, value: Any) -> Any:
    """Return a value with the contract's JSON type; as it is if it cannot have it."""
    match leaf.type:
        case JsonType.NUMBER:
            return _as_number(value)
        case JsonType.BOOLEAN if isinstance(value, str):
            return _TRUTH.get(value.strip().lower(), value)
        case JsonType.TEXT | JsonType.WORD if isinstance(value, bool | int | float):
            return json.dumps(_as_number(value))
        case _:
            return value


def _as_number(value: Any) -> Any:
    if isinstance(value, str) and (found := _NUMBER.fullmatch(value)):
        number = float(found[1]) if found[2] or found[3] else int(found[1])
        value = number if isfinite(number) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def comparable(leaf: Leaf, value: Any) -> Any:
    """Return what a value compares by. It is hashable, and JSON."""
    if leaf.icon:
        return icon.digest(value)
    found = typed(leaf, value)
    if isinstance(found, bool):
        return ("boolean", found)  # True == 1 in Python; in JSON they are different values
    is_text = leaf.type is JsonType.TEXT and not leaf.secret and leaf.reference is None
    return normal_text(found) if is_text and isinstance(found, str) else found


def typed_wire(node: Node, wire: Any) -> Any:
    """Return an answer as it may be sent: with the contract's JSON types, and without modelled
    attributes that are null. What is not modelled stays as it is."""
    return _walk(node, wire, typed)


def comparable_wire(node: Node, wire: Any, *, secrets: bool = True) -> Any:
    """Return a wire form with every modelled value as it compares. Without its secrets, answers
    that mask or omit them can be compared."""
    return _walk(node, wire, comparable if secrets else _comparable_unless_secret)


_OMITTED: Final = object()


def _comparable_unless_secret(leaf: Leaf, value: Any) -> Any:
    return _OMITTED if leaf.secret else comparable(leaf, value)


def _walk(node: Node, wire: Any, convert: Convert) -> Any:
    match node:
        case Record(slots=slots) if isinstance(wire, dict):
            nodes = {slot.wire: slot.node for slot in slots.values()}
            return _fields(nodes, wire, convert)
        case Table() if convert is _comparable_unless_secret and is_secret(node):
            return _OMITTED
        case Table(item=item, keyed=keyed) if isinstance(wire, list):
            return [
                _walk(item, row, convert)
                if keyed.value is None or not isinstance(row, dict)
                else _fields({keyed.value: item}, row, convert)
                for row in wire
            ]
        case Items(item=item, wrapped=str(key)) if isinstance(wire, dict):
            # Null here is an empty list; without it, the object around it would be refused.
            items = {**wire, key: wire.get(key) or []}
            return _fields({key: Items(item, None, None)}, items, convert)
        case Items(item=item, wrapped=None) if isinstance(wire, list):
            return [_walk(item, each, convert) for each in wire]
        case WordSet() if convert is not typed and isinstance(wire, list):
            return sort_words(wire)
        case Leaf() if not isinstance(wire, dict | list):
            return convert(node, wire)
    return wire


def _fields(nodes: Mapping[str, Node], wire: Mapping[str, Any], convert: Convert) -> dict[str, Any]:
    """Return an object without the modelled attributes that are null or omitted."""
    walked = {
        name: _walk(nodes[name], value, convert) if name in nodes else value
        for name, value in wire.items()
        if name not in nodes or value is not None
    }
    return {name: value for name, value in walked.items() if value is not _OMITTED}
