"""One of the six as plumbing sees it: where its objects live, and whom they refer to. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .model import Model, Reference
from .tree import (
    Items,
    Leaf,
    Link,
    Malformed,
    Node,
    Record,
    Table,
    item_of,
    listed,
    tree,
    unique_field,
)


@dataclass(frozen=True, slots=True)
class Collection:
    """Where objects of a kind live: `path` of the API, `key` of the array in list answers."""

    path: str
    key: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the six, as an inventory sees it."""

    model: type[Model]
    collection: Collection

    @property
    def name(self) -> str:
        """As people type it: `client-application`."""
        return self.model.label.replace(" ", "-")

    @property
    def plural(self) -> str:
        """As messages name many: `client applications`."""
        return f"{self.model.label}s"

    @property
    def field(self) -> str:
        """What its objects are known by: the unique field, or an orchestration's name."""
        return unique_field(self.model) or "name"

    @property
    def resource(self) -> str:
        """What references to it name."""
        return resource_class(self.model)


def references(node: Node, wire: Any) -> Iterator[tuple[str, str]]:
    """Every reference in an object as eGain sends it: (resource class, id).

    Left out and null are no reference. Raises Malformed where the answer has another shape.
    """
    if wire is None:
        return
    match node:
        case Link(reference):
            if not isinstance(wire, Mapping):
                raise Malformed((), "eGain answered with a reference that is no object")
            yield from _reference(reference, wire.get("id"))
        case Leaf(reference=Reference() as reference):
            yield from _reference(reference, wire)
        case Record():
            if not isinstance(wire, Mapping):
                raise Malformed((), "eGain answered with something that is no object")
            for slot in node.slots.values():
                yield from references(slot.node, wire.get(slot.wire))
        case Table() if _refers(node):
            if not isinstance(wire, list) or not all(isinstance(row, Mapping) for row in wire):
                raise Malformed((), "eGain answered with something that is not a list")
            for row in wire:
                yield from references(node.item, item_of(node, row))
        case Items() if _refers(node):
            for row in listed(node, wire):
                yield from references(node.item, row)


def _reference(reference: Reference, id: Any) -> Iterator[tuple[str, str]]:
    if reference.to is not None and id is not None:
        if not isinstance(id, str):
            raise Malformed((), "eGain answered with an id that is no text")
        yield reference.to, id


def refers_to(kind: Kind, resource: str) -> bool:
    """Whether objects of a kind may refer to objects of a resource class."""
    return resource in set(_of(tree(kind.model)))


def _refers(node: Node) -> bool:
    return any(True for _ in _of(node))


def _of(node: Node) -> Iterator[str]:
    match node:
        case Link(reference) | Leaf(reference=Reference() as reference):
            if reference.to is not None:
                yield reference.to
        case Record():
            for slot in node.slots.values():
                yield from _of(slot.node)
        case Table() | Items():
            yield from _of(node.item)


def resource_class(model: type[Model]) -> str:
    """The class of a model: `ChannelModel` is declared with `ChannelResource`."""
    return f"{model.__name__.removesuffix('Model')}Resource"
