"""The hubs of two documents, for a picture of each. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..hub import Edge, Hub, Mark, Object, Origin
from ..schema.kinds import Kind
from ..schema.model import Path, Reference
from ..schema.tree import Items, Leaf, Link, Node, Record, Table
from .difference import Difference
from .document import Document, Entry


def hub_of(document: Document, kinds: Mapping[str, Kind]) -> Hub:
    """Return the objects of a document and their references."""
    objects = {_key(each.key): _object(each) for each in document.entries}
    edges = [
        Edge(_key(each.key), path, kinds[str(found["kind"])].resource, key)
        for each in document.entries
        for path, found in _references(each.kind.tree, each.values)
        if (key := _target(found)) in objects
    ]
    return Hub(objects, tuple(edges))


def marks(differences: tuple[Difference, ...], side: int) -> dict[str, Mark]:
    """Return what to mark in the picture of a side: what only it has, and what differs."""
    found = {}
    for each in differences:
        entry = (each.one, each.other)[side]
        if entry is not None:
            found[_key(entry.key)] = Mark.CHANGED if each.properties else Mark.ADDED
    return found


def _object(each: Entry) -> Object:
    values = each.values or {}
    active = values.get("active")
    return Object(
        key=_key(each.key),
        kind=each.kind,
        name=each.shown,
        id=None,
        origin=Origin.FOUND if each.egain or each.values is None else Origin.TENANT,
        inputs=values,
        active=active if isinstance(active, bool) else None,
    )


def _key(key: tuple[Any, Any, Any]) -> str:
    return repr(key)


def _target(found: Mapping[str, Any]) -> str:
    return _key((found.get("kind"), found.get("name"), found.get("number", 1)))


def _references(node: Node, value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    match node:
        case Link(Reference(to=str())) | Leaf(reference=Reference(to=str())):
            if isinstance(value, Mapping) and "why" not in value:
                yield path, value
        case Record() if isinstance(value, Mapping):
            for name, item in value.items():
                if name in node.slots:
                    yield from _references(node.slots[name].node, item, (*path, name))
        case Table() if isinstance(value, Mapping):
            for name, item in value.items():
                yield from _references(node.item, item, (*path, name))
        case Items() if isinstance(value, list):
            for index, item in enumerate(value):
                yield from _references(node.item, item, (*path, index))
