"""Find the references in declarations. Pure.

In a preview, the ids of new objects are unknown, and all of them have the same placeholder. The
dependencies of the property then tell which resource is meant. A nested property may have several
dependencies: the role that the place requires decides between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..schema.model import Path, Reference
from ..schema.tree import Items, Leaf, Link, Node, Record, Table, tree
from .model import APPLICATION, ORCHESTRATION, PARTICIPANT, Edge, Object, group

_BOTS: Final = frozenset({"custom_bot", "egain_bot"})
_AGENTS: Final = frozenset({"egain_agent", "custom_agent"})
ROLES: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    (ORCHESTRATION, "applications.bot_configuration.bots.*.id"): _BOTS,
    (ORCHESTRATION, "applications.bot_configuration.bots.*.on_escalation.agent"): _AGENTS,
    (ORCHESTRATION, "applications.customer_configuration.customer"): frozenset({"customer"}),
    (ORCHESTRATION, "applications.agent_configuration.agents.*.id"): _AGENTS,
    (PARTICIPANT, "application"): _BOTS,
}
"""By resource class and path: the application there must have one of these roles."""


@dataclass(frozen=True, slots=True)
class Place:
    """A path at which a declaration names, or may name, another object."""

    path: Path
    to: str
    id: str | None
    """None if unknown."""
    inside: bool = False
    """The value below this path is hidden: it may name no object, or several."""


def places(node: Node, value: Any, path: Path = ()) -> Iterator[Place]:
    """Yield every reference in a declaration, in the order of the model."""
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


def required_roles(resource: str, path: Path) -> frozenset[str] | None:
    """Return the roles of which the application at a path must have one."""
    return ROLES.get((resource, ".".join("*" if isinstance(p, int) else p for p in path)))


Dependencies = Callable[[Object, str], Sequence[str]]
"""Returns the keys on which a property of an object (an argument) depends."""


def edges(objects: Sequence[Object], dependencies: Dependencies) -> tuple[Edge, ...]:
    """Return all references between objects, which come in the order of their creation."""
    return tuple(_Resolver(objects, dependencies).edges())


class _Resolver:
    """Resolves references to the objects that they name."""

    def __init__(self, objects: Sequence[Object], dependencies: Dependencies) -> None:
        self._objects = {each.key: each for each in objects}
        self._dependencies = dependencies
        self._by_id = group(objects, lambda each: (each.kind.resource, each.id))
        self._applications: dict[str, str | None] = {}

    def edges(self) -> Iterator[Edge]:
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
        named = {place: self._target(place, known) for place in here if place.id is not None}
        used = {key for key in named.values() if key is not None}
        # An unknown id belongs to an object that has no id yet. A property that is hidden as a
        # whole, as under a secret, may name any of its other dependencies.
        left = [key for key in known if key in self._objects and key not in used]
        new = [key for key in left if self._objects[key].id is None]
        bot: str | None = None
        for place in here:
            if place.id is not None:
                yield Edge(source.key, place.path, place.to, named[place], place.id)
                bot = named[place] if place.to == APPLICATION else bot
                continue
            candidates = [self._objects[key] for key in (left if place.inside else new)]
            may = [each.key for each in candidates if each.kind.resource == place.to]
            if place.inside:
                presumed: list[str | None] = [*may] or [None]
                for key in presumed:
                    id = self._objects[key].id if key else None
                    yield Edge(source.key, place.path, place.to, key, id, presumed=True)
                continue
            target = self._likeliest(source, place, may, used, bot)
            yield Edge(source.key, place.path, place.to, target, None, len(may) > 1)
            if target is not None:
                used.add(target)
                bot = target if place.to == APPLICATION else bot

    def _target(self, place: Place, known: Sequence[str]) -> str | None:
        keys = [each.key for each in self._by_id.get((place.to, place.id), ())]
        # A program may both manage and `get` an object: its dependencies tell which one is meant.
        return next((key for key in keys if key in known), keys[0] if keys else None)

    def _likeliest(
        self, source: Object, place: Place, may: list[str], used: set[str], bot: str | None
    ) -> str | None:
        required = required_roles(source.kind.resource, place.path)
        if required is not None:
            roles = {key: self._objects[key].roles for key in may}
            may = [k for k in may if roles[k] is None or required & (roles[k] or set())] or may
        if place.to == PARTICIPANT:
            may = [key for key in may if self._applications.get(key) == bot] or may
        return next((key for key in may if key not in used), may[0] if may else None)
