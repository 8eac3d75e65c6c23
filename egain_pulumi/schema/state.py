"""The properties of a state besides a kind's fields, and the normal form of all. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .model import Model, Reference
from .shape import by_key, only_id
from .tree import Items, Leaf, Link, Node, Record, Table, WordSet, sort_words, tree

EXTRA: Final = "extra"
SECRETS_VERSION: Final = "secrets_version"
FIND: Final = "find"
"""The criteria of a found object, its only input."""
GET: Final = "get"
"""Marks an object that is only read (`get`)."""
IMPORTED: Final = "imported"
"""The id or `name:…` that an object was imported by; stays in its state."""
IMPORT: Final = "_import"
"""Internal: what the program asks to import; `check` decides whether it still is an import."""
PROGRAM: Final = "_program"
"""Internal: what the program reported itself; `check` removes it."""
TENANT: Final = "_tenant"
KEPT: Final = "keep_secret(): known to eGain only"
"""In place of a secret that eGain has and this program does not know. Never sent."""
RECOVERING: Final = "EGAIN_RECOVERING"
"""The variable by which `recover` tells `check` that the objects of a preview exist."""
NOT_CHECKED: Final = "[not-checked]"
"""The code in a refresh's warning about an object that the client may not read."""


def normalize(model: type[Model], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs as the state holds them; nothing is added or derived.

    Internal options are removed, word sets are sorted and whole floats become integers, so that
    the engine finds equal inputs equal. What a transform has put in place of what the constructor
    had brought to shape (an id, the vendor's list) is brought to shape too.
    """
    slots = tree(model).slots
    result: dict[str, Any] = {}
    for name, value in inputs.items():
        if name in slots:
            result[name] = _normalize(slots[name].node, value)
        elif name in (EXTRA, SECRETS_VERSION, FIND, GET, IMPORTED):
            result[name] = _normalize_numbers(value)
    return result


def _normalize(node: Node, value: Any) -> Any:
    match node:
        case Record() | Link() if isinstance(value, str) and only_id(node):
            return {"id": value}
        case Leaf(reference=Reference()) if isinstance(value, dict) and set(value) == {"id"}:
            return value["id"]
        case Table() if isinstance(value, list):
            keyed = by_key(node, value)
            return value if keyed is None else _normalize(node, keyed)
        case Items(wrapped=str(key)) if isinstance(value, dict) and set(value) == {key}:
            return _normalize(node, value[key])
        case Record() if isinstance(value, dict):
            return {
                k: _normalize(node.slots[k].node, v) if k in node.slots else v
                for k, v in value.items()
            }
        case Table() if isinstance(value, dict):
            return {k: _normalize(node.item, v) for k, v in value.items()}
        case Items() if isinstance(value, list):
            return [_normalize(node.item, v) for v in value]
        case WordSet() if isinstance(value, list):
            return sort_words(value)
        case _:
            return _normalize_numbers(value)


def _normalize_numbers(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {k: _normalize_numbers(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_normalize_numbers(v) for v in value]
    return value


PROVIDER = "__provider"


Properties = dict[str, Any]
