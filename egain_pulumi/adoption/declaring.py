"""An object of eGain as a program declares it: with its secrets, and only what is valid. Pure."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..schema.arguments import validate
from ..schema.complaint import Weight
from ..schema.drift import declaration
from ..schema.kinds import Kind
from ..schema.model import Path
from ..schema.secrets import is_secret
from ..schema.state import KEPT, Properties, normalize
from ..schema.tree import Leaf, Malformed, Node, Record, Table, item_of, rows, show, tree
from ..schema.validation import child
from .evidence import Reading


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a program can declare of an object. None if it can declare none of it."""

    declared: Properties | None
    left_out: tuple[str, ...] = ()
    """What a program cannot declare, and why; if it can declare none of it, only why."""


def declare(kind: Kind, row: Mapping[str, Any], shown: Reading) -> Declaration:
    """Return an object as a program declares it; `active` is always in it.

    A secret that is not shown is KEPT. What is empty is left out: undeclared, it stays as it is.
    """
    node = tree(kind.model)
    try:
        found = _with_secrets(node, declaration(node, row), row, shown)
        found = normalize(kind.model, {"active": True, **_without_empty(node, found)})
    except Malformed as problem:
        return Declaration(None, (str(problem),))
    return _valid(kind, found)


def _with_secrets(node: Node, declared: Any, wire: Any, shown: Reading) -> Any:
    match node:
        case Record() if isinstance(wire, Mapping):
            parts = {}
            for slot in node.slots.values():
                value = wire.get(slot.wire)
                if isinstance(slot.node, Leaf) and slot.node.secret:
                    there = value is not None or shown is Reading.LEFT_OUT
                    if there or slot.required:
                        parts[slot.name] = _secret(value, shown)
                elif is_secret(slot.node) and value:
                    parts[slot.name] = _with_secrets(slot.node, {}, value, shown)
                elif slot.name in declared:
                    parts[slot.name] = _with_secrets(slot.node, declared[slot.name], value, shown)
            return parts
        case Table():
            by_name = {row[node.keyed.by]: item_of(node, row) for row in rows(node, wire).values()}
            return {
                key: _with_secrets(node.item, declared.get(key), item, shown)
                for key, item in by_name.items()
            }
        case Leaf(secret=True):
            return _secret(wire, shown)
    return declared


def _secret(value: Any, shown: Reading) -> str:
    # An empty secret may be a mask as well.
    return value if isinstance(value, str) and value and shown is Reading.SHOWN else KEPT


def _without_empty(node: Node, value: Any) -> Any:
    match node:
        case Record() if isinstance(value, Mapping):
            parts = {
                name: _without_empty(node.slots[name].node, part) for name, part in value.items()
            }
            return {
                name: part
                for name, part in parts.items()
                if node.slots[name].required or part not in ("", {}, [])
            }
        case Table() if isinstance(value, Mapping):
            parts = {key: _without_empty(node.item, part) for key, part in value.items()}
            return {key: part for key, part in parts.items() if part != {}}
    return value


def _valid(kind: Kind, declared: Properties) -> Declaration:
    """Leave out what the program would be refused for, if it can be left out."""
    left_out: list[str] = []
    while True:
        found = validate(kind.model, declared)
        wrong = next((each for each in found if each.weight is not Weight.ADVICE), None)
        if wrong is None:
            return Declaration(declared, tuple(left_out))
        rest = _without(tree(kind.model), declared, wrong.path)
        if rest is None:
            return Declaration(None, (str(wrong),))
        declared, path = rest
        left_out.append(f"{show(path)}: {wrong.text}" if path else wrong.text)


def _without(node: Record, declared: Properties, path: Path) -> tuple[Properties, Path] | None:
    """Remove the smallest part around a path that is not required; None if there is none."""
    for depth in range(len(path), 0, -1):
        above, last = path[: depth - 1], path[depth - 1]
        parent: Node | None = node
        rest = copy.deepcopy(declared)
        part: Any = rest
        for step in above:
            parent = None if parent is None else child(parent, step)
            part = part.get(step) if isinstance(part, Mapping) else part[int(step)]
        required = isinstance(parent, Record) and parent.slots[str(last)].required
        if isinstance(parent, Record | Table) and not required and last in part:
            del part[last]
            return rest, path[:depth]
    return None
