"""A kind of object: its model, its collection, and its references. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .model import Model, Path, Reference
from .tree import (
    Items,
    Leaf,
    Link,
    Malformed,
    Node,
    Record,
    Table,
    item_of,
    list_items,
    tree,
)


@dataclass(frozen=True, slots=True)
class Collection:
    """Where the API has the objects of a kind: `path`, and `key` of the array in list answers."""

    path: str
    key: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the six kinds: its model and its collection."""

    model: type[Model]
    collection: Collection

    @property
    def label(self) -> str:
        """Its name in messages: `client application`."""
        return self.model.label

    @property
    def name(self) -> str:
        """Its name on the command line: `client-application`."""
        return self.label.replace(" ", "-")

    @property
    def plural(self) -> str:
        """Its plural in messages: `client applications`."""
        return f"{self.label}s"

    @property
    def tree(self) -> Record:
        """The model's compiled tree."""
        return tree(self.model)

    @property
    def unique(self) -> str | None:
        """The field that must be unique in eGain; None for orchestrations."""
        return next((slot.name for slot in self.tree.slots.values() if slot.unique), None)

    @property
    def field(self) -> str:
        """The field that people know an object by: the unique one, or an orchestration's name."""
        return self.unique or "name"

    @property
    def resource(self) -> str:
        """Its resource class, which references name."""
        return f"{self.model.__name__.removesuffix('Model')}Resource"


def references(node: Node, wire: Any, path: Path = ()) -> Iterator[tuple[str, str]]:
    """Yield the references in an object from eGain, as (resource class, id).

    Raises Malformed if the object does not match the contract.
    """
    if wire is None:
        return
    match node:
        case Link(reference):
            if not isinstance(wire, Mapping):
                raise Malformed(path, "eGain answered with a reference that is not an object")
            yield from _reference(reference, wire.get("id"), path)
        case Leaf(reference=Reference() as reference):
            yield from _reference(reference, wire, path)
        case Record():
            if not isinstance(wire, Mapping):
                raise Malformed(path, "eGain answered with something that is not an object")
            for slot in node.slots.values():
                yield from references(slot.node, wire.get(slot.wire), (*path, slot.name))
        case Table() if _refers(node):
            if not isinstance(wire, list) or not all(isinstance(row, Mapping) for row in wire):
                raise Malformed(path, "eGain answered with something that is not a list")
            for row in wire:
                below = (*path, str(row.get(node.keyed.by)))
                yield from references(node.item, item_of(node, row), below)
        case Items() if _refers(node):
            for index, row in enumerate(list_items(node, wire, path)):
                yield from references(node.item, row, (*path, index))


def _reference(reference: Reference, id: Any, path: Path) -> Iterator[tuple[str, str]]:
    if reference.to is not None and id is not None:
        if not isinstance(id, str):
            raise Malformed(path, "eGain answered with an id that is not text")
        yield reference.to, id


def refers_to(kind: Kind, resource: str) -> bool:
    """Return whether objects of a kind may refer to objects of a resource class."""
    return resource in targets(kind.tree)


def _refers(node: Node) -> bool:
    return any(True for _ in targets(node))


def targets(node: Node) -> Iterator[str]:
    """Yield the resource classes that references below a node may name."""
    match node:
        case Link(reference) | Leaf(reference=Reference() as reference):
            if reference.to is not None:
                yield reference.to
        case Record():
            for slot in node.slots.values():
                yield from targets(slot.node)
        case Table() | Items():
            yield from targets(node.item)
