"""The properties that a state holds besides a kind's fields, and their canonical form. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .model import Model
from .tree import Items, Node, Record, Table, WordSet, sort_words, tree

EXTRA: Final = "extra"
SECRETS_VERSION: Final = "secrets_version"
FIND: Final = "find"
"""The criteria of an object that eGain owns; its only input."""
GET: Final = "get"
"""Marks an object that is only read."""
IMPORTED: Final = "imported"
"""What an adopted object was adopted by; stays in its state."""
IMPORT: Final = "_import"
"""Internal: the program asks for an import; `check` decides whether it still is one."""
PROGRAM: Final = "_program"
"""Internal: what the program already reported; `check` takes it out."""
TENANT: Final = "_tenant"
NOT_CHECKED: Final = "[not-checked]"
"""The code in a refresh's warning about an object that the client may not read."""


def normalize(model: type[Model], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs as they go into the state: nothing added, nothing derived.

    Internal options are dropped, word sets are sorted (left as written while a word is unknown),
    whole floats become integers: the engine then finds equal what is equal.
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
