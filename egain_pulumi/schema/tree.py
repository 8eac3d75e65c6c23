"""The tree compiled from a model, and the two forms of an object.

A *declaration* is what programs write and states hold: snake_case, keyed lists as mappings.
The *wire* form is the contract's JSON. Pure.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, TypeVar, Union

from pydantic.fields import FieldInfo

from ..names import wire_name
from .model import (
    Assumed,
    Icon,
    Identity,
    JsonType,
    Keyed,
    Part,
    Path,
    Reference,
    Secret,
    Uncertain,
    Unique,
    Words,
    Wrapped,
    json_type,
)


@dataclass(frozen=True)
class Leaf:
    """One value: text, number, Boolean, or icon."""

    secret: bool = False
    icon: bool = False
    reference: Reference | None = None
    type: JsonType = JsonType.ANY


@dataclass(frozen=True)
class WordSet:
    """A list of words, sorted in declarations."""


@dataclass(frozen=True)
class Link:
    """`{"id": …}`, in both forms."""

    reference: Reference
    record: Record


@dataclass(frozen=True)
class Items:
    """A list whose order may matter. `identity` is the field that identifies an item."""

    item: Node
    identity: str | None
    wrapped: str | None


@dataclass(frozen=True)
class Table:
    """A keyed list: a mapping in declarations, a list of objects on the wire."""

    item: Node
    keyed: Keyed

    def key(self, key: str) -> str:
        """Return a key as it is compared."""
        return key.lower() if self.keyed.caseless else key


@dataclass(frozen=True)
class Slot:
    """A field of a record."""

    name: str
    wire: str
    node: Node
    required: bool
    default: Any
    assumed: Assumed | None
    unique: bool
    uncertain: bool
    description: str
    info: FieldInfo


@dataclass(frozen=True)
class Record:
    """An object with the fields of a model."""

    model: type[Part]
    slots: Mapping[str, Slot]


Marker = TypeVar("Marker")
Node = Leaf | WordSet | Link | Items | Table | Record


class Malformed(Exception):
    """An answer of eGain does not match the contract. The text has path and problem."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{show(path)}: {problem}" if path else problem)


@cache
def tree(model: type[Part]) -> Record:
    """Return the compiled tree of a model."""
    slots = {}
    for name, info in model.model_fields.items():
        marks = tuple(info.metadata)
        slots[name] = Slot(
            name=name,
            wire=wire_name(name),
            node=_node(info.annotation, marks),
            required=info.is_required(),
            default=None if info.is_required() else info.default,
            assumed=_mark(marks, Assumed),
            unique=_mark(marks, Unique) is not None,
            uncertain=_mark(marks, Uncertain) is not None,
            description=info.description or "",
            info=info,
        )
    return Record(model, slots)


def to_wire(node: Node, value: Any) -> Any:
    """Return a declaration, which must be valid, as the contract's JSON."""
    match node:
        case Record():
            return {
                slot.wire: to_wire(slot.node, value[slot.name])
                for slot in node.slots.values()
                if value.get(slot.name) is not None
            }
        case Table():
            return [row(node, key, to_wire(node.item, item)) for key, item in value.items()]
        case Items():
            rows = [to_wire(node.item, item) for item in value]
            return {node.wrapped: rows} if node.wrapped else rows
        case Link():
            return {"id": value["id"]}
        case _:
            return value


def row(table: Table, key: str, item: Any) -> dict[str, Any]:
    """Return an item of a keyed list as it is on the wire."""
    if table.keyed.value is not None:
        return {table.keyed.by: key, table.keyed.value: item}
    return {table.keyed.by: key, **item}


def rows(node: Table, wire: Any, path: Path = ()) -> dict[str, dict[str, Any]]:
    """Return the items of a keyed list on the wire by their key as compared.

    Raises Malformed if it is not a list of objects with a text key, or has a key twice, since
    either item may be the valid one.
    """
    if not isinstance(wire, list):
        raise Malformed(path, "eGain answered with something that is not a list")
    found: dict[str, dict[str, Any]] = {}
    for item in wire:
        key = item.get(node.keyed.by) if isinstance(item, dict) else None
        if not isinstance(key, str):
            raise Malformed(path, f"eGain answered with an item without {node.keyed.by}")
        if node.key(key) in found:
            raise Malformed(path, f"eGain answered with {node.keyed.by} {key!r} twice")
        found[node.key(key)] = item
    return found


def item_of(node: Table, wire: Mapping[str, Any]) -> Any:
    """Return an item of a keyed list without its key."""
    if node.keyed.value is not None:
        return wire.get(node.keyed.value)
    return {key: value for key, value in wire.items() if key != node.keyed.by}


def list_items(node: Items, wire: Any, path: Path = ()) -> list[Any]:
    """Return the items of a list on the wire, which an object may wrap. Raises Malformed."""
    if node.wrapped is not None:
        wire = (wire.get(node.wrapped) or []) if isinstance(wire, dict) else None
    if not isinstance(wire, list):
        raise Malformed(path, "eGain answered with something that is not a list")
    if isinstance(node.item, Record) and not all(isinstance(item, dict) for item in wire):
        raise Malformed(path, "eGain answered with a list item that is not an object")
    return wire


def show(path: Path) -> str:
    """Return a path as text: `roles.custom_bot.headers["X-Tenant"]`, `bots[0].id`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.isidentifier():
            text += f".{step}" if text else step
        else:
            quoted = step.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{quoted}"]'
    return text


def _node(annotation: Any, marks: tuple[Any, ...]) -> Node:
    annotation, inner = _unwrap(annotation)
    marks += inner
    if _mark(marks, Icon):
        return Leaf(icon=True)
    reference = _mark(marks, Reference)
    if reference is not None:
        if reference.bare:
            return Leaf(reference=reference, type=JsonType.TEXT)
        return Link(reference, tree(annotation))
    if _mark(marks, Words):
        return WordSet()
    keyed = _mark(marks, Keyed)
    if keyed is not None:
        return Table(_node(typing.get_args(annotation)[1], ()), keyed)
    if typing.get_origin(annotation) is list:
        item = _node(typing.get_args(annotation)[0], ())
        wrapped = _mark(marks, Wrapped)
        return Items(item, _identity(item), wrapped.key if wrapped else None)
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return tree(annotation)
    return Leaf(secret=_mark(marks, Secret) is not None, type=json_type(annotation))


def _unwrap(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return a type without `Annotated` and `… | None`, and the markers of these."""
    marks: tuple[Any, ...] = ()
    while True:
        origin = typing.get_origin(annotation)
        if origin is Annotated:
            annotation, *found = typing.get_args(annotation)
            marks += tuple(found)
        elif origin in (Union, types.UnionType):
            (annotation,) = (a for a in typing.get_args(annotation) if a is not type(None))
        else:
            return annotation, marks


def _identity(item: Node) -> str | None:
    if not isinstance(item, Record):
        return None
    for slot in item.slots.values():
        if _mark(tuple(slot.info.metadata), Identity):
            return slot.wire
    return None


def _mark(marks: tuple[Any, ...], kind: type[Marker]) -> Marker | None:
    return next((mark for mark in marks if isinstance(mark, kind)), None)


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Slot]]:
    """Yield every field below a node with its path, in which `*` is any key or index."""
    match node:
        case Record():
            for slot in node.slots.values():
                yield (*path, slot.name), slot
                yield from walk(slot.node, (*path, slot.name))
        case Items() | Table():
            yield from walk(node.item, (*path, "*"))


def sort_words(words: Iterable[Any]) -> list[Any]:
    """Return a word set in its one order; as written while a word is unknown."""
    found = list(words)
    return sorted(set(found)) if all(isinstance(word, str) for word in found) else found


ABSENT: Final = type("Absent", (), {"__repr__": lambda self: "ABSENT"})()
"""Placeholder for a value that is not declared, or null or missing on the wire."""
