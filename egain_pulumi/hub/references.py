"""Who refers to whom, read off declarations. Pure.

An id that eGain has yet to draw is unknown in a preview, and the same placeholder stands for all
of them. Which resource is meant is then told by the property's dependencies, of which a nested
property may have several: the role that a place asks for decides between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..schema.model import Path, Reference
from ..schema.tree import Items, Leaf, Link, Node, Record, Table, tree
from .model import APPLICATION, ORCHESTRATION, PARTICIPANT, Edge, Object

_BOTS: Final = frozenset({"custom_bot", "egain_bot"})
_AGENTS: Final = frozenset({"egain_agent", "custom_agent"})
ROLES: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    (ORCHESTRATION, "applications.bot_configuration.bots.*.id"): _BOTS,
    (ORCHESTRATION, "applications.bot_configuration.bots.*.on_escalation.agent"): _AGENTS,
    (ORCHESTRATION, "applications.customer_configuration.customer"): frozenset({"customer"}),
    (ORCHESTRATION, "applications.agent_configuration.agents.*.id"): _AGENTS,
    (PARTICIPANT, "application"): _BOTS,
}
"""Which roles the application at a place must have one of."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a declaration names, or may name, another object."""

    path: Path
    to: str
    id: str | None
    """None where it is not known."""
    inside: bool = False
    """Nothing below this path can be seen: it may name none of these objects, or several."""


def places(node: Node, value: Any, path: Path = ()) -> Iterator[Place]:
    """Every reference in a declaration, in the order of the model."""
    match node:
        case Link(Reference(to=str(to))) if value is not None:
            yield Place(path, to, _text(value.get("id") if isinstance(value, Mapping) else value))
        case Leaf(reference=Reference(to=str(to))) if value is not None:
            yield Place(path, to, _text(value))
        case Record() if isinstance(value, Mapping):
            for slot in node.slots.values():
                yield from places(slot.node, value.get(slot.name), (*path, slot.name))
        case Table() if isinstance(value, Mapping):
            for key, item in value.items():
                yield from places(node.item, item, (*path, key))
        case Items() if isinstance(value, list):
            for index, item in enumerate(value):
                yield from places(node.item, item, (*path, index))
        case Record() | Table() | Items() if value is not None:
            for to in dict.fromkeys(_classes(node)):
                yield Place(path, to, None, inside=True)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _classes(node: Node) -> Iterator[str]:
    match node:
        case Link(Reference(to=str(to))) | Leaf(reference=Reference(to=str(to))):
            yield to
        case Record():
            for slot in node.slots.values():
                yield from _classes(slot.node)
        case Table() | Items():
            yield from _classes(node.item)


def roles_wanted(resource: str, path: Path) -> frozenset[str] | None:
    """Which roles the application named at a path must have one of."""
    return ROLES.get((resource, ".".join("*" if isinstance(p, int) else p for p in path)))


Dependencies = Callable[[Object, str], Sequence[str]]
"""The keys that a property (the name of an argument) of an object depends on."""


def edges(objects: Sequence[Object], dependencies: Dependencies) -> tuple[Edge, ...]:
    """All references between objects that come in the order in which they are made."""
    return tuple(_Drawing(objects, dependencies).draw())


class _Drawing:
    def __init__(self, objects: Sequence[Object], dependencies: Dependencies) -> None:
        self._objects = {each.key: each for each in objects}
        self._dependencies = dependencies
        self._ids: dict[tuple[str, str], list[str]] = {}
        for each in objects:
            if each.id is not None:
                self._ids.setdefault((each.kind.resource, each.id), []).append(each.key)
        self._applications: dict[str, str | None] = {}

    def draw(self) -> Iterator[Edge]:
        for each in self._objects.values():
            found = list(places(tree(each.kind.model), each.inputs))
            for name in dict.fromkeys(str(place.path[0]) for place in found):
                here = [place for place in found if place.path[0] == name]
                for edge in self._property(each, here, self._dependencies(each, name)):
                    if each.kind.resource == PARTICIPANT:
                        self._applications[each.key] = edge.target
                    yield edge

    def _property(
        self, source: Object, here: Sequence[Place], known: Sequence[str]
    ) -> Iterator[Edge]:
        named = {place: self._named(place, known) for place in here if place.id is not None}
        used = {key for key in named.values() if key is not None}
        # Ids that are known stand where they are: what is unknown is what has no id yet. Where
        # a whole property cannot be seen, as under a secret, any of the others may be in it.
        left = [key for key in known if key in self._objects and key not in used]
        new = [key for key in left if self._objects[key].id is None]
        bot: str | None = None
        for place in here:
            if place.id is not None:
                yield Edge(source.key, place.path, place.to, named[place], place.id)
                bot = named[place] if place.to == APPLICATION else bot
                continue
            may = [k for k in (left if place.inside else new) if self._is(k, place.to)]
            if place.inside:
                for key in may:
                    id = self._objects[key].id
                    yield Edge(source.key, place.path, place.to, key, id, presumed=True)
                if not may:
                    yield Edge(source.key, place.path, place.to, None, presumed=True)
                continue
            target = self._likeliest(source, place, may, used, bot)
            yield Edge(source.key, place.path, place.to, target, None, len(may) > 1)
            if target is not None:
                used.add(target)
                bot = target if place.to == APPLICATION else bot

    def _named(self, place: Place, known: Sequence[str]) -> str | None:
        keys = self._ids.get((place.to, place.id or ""), [])
        # A program may both manage and `get` an object: then its dependencies tell.
        return next((key for key in keys if key in known), keys[0] if keys else None)

    def _is(self, key: str, resource: str) -> bool:
        return self._objects[key].kind.resource == resource

    def _likeliest(
        self, source: Object, place: Place, may: list[str], used: set[str], bot: str | None
    ) -> str | None:
        wanted = roles_wanted(source.kind.resource, place.path)
        if wanted is not None:
            roles = {key: self._objects[key].roles for key in may}
            may = [k for k in may if roles[k] is None or wanted & (roles[k] or set())] or may
        if place.to == PARTICIPANT:
            may = [key for key in may if self._applications.get(key) == bot] or may
        return next((key for key in may if key not in used), may[0] if may else None)
