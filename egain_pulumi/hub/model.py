"""A hub: its objects and the references between them. Pure; holds no secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from ..schema.complaint import UNKNOWN
from ..schema.declared import Origin
from ..schema.kinds import Kind
from ..schema.model import Path

ACCOUNT = "AccountResource"
CHANNEL = "ChannelResource"
ORCHESTRATION = "OrchestrationResource"
PARTICIPANT = "ParticipantResource"
APPLICATION = "ClientApplicationResource"
AUTHENTICATION = "AuthenticationResource"

Key = TypeVar("Key")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Object:
    """One object of eGain, as far as its source shows it."""

    key: str
    """Unique in a hub: the URN, or the id if there is none."""
    kind: Kind
    name: str
    """The logical name; in a tenant, the value of `kind.field`."""
    id: str | None
    """None until eGain has created it."""
    origin: Origin
    inputs: Mapping[str, Any]
    """The declared values; secrets are `[secret]`, and any value may be `complaint.UNKNOWN`."""
    active: bool | None = None
    """None if unknown, as for objects from `find`."""
    protected: bool = False
    imported: str | None = None
    """The value of `import_`: an id or `name:…`."""
    tenant: str = ""
    """The URN of its provider: tells apart two tenants of one program."""

    @property
    def label(self) -> str:
        """The object as messages name it: `channel "chat"`."""
        return f'{self.kind.model.label} "{self.name}"'

    @property
    def value(self) -> str | None:
        """The value of `kind.field`: the name, or the type of a channel."""
        value = self.inputs.get(self.kind.field)
        return value if isinstance(value, str) else None

    @property
    def roles(self) -> frozenset[str] | None:
        """The roles of a client application; None if unknown."""
        roles = self.inputs.get("roles")
        return frozenset(roles) if isinstance(roles, Mapping) else None

    def at(self, *path: str) -> Any:
        """Return a declared value; None if nothing is declared, UNKNOWN if it is unknown."""
        value: Any = self.inputs
        for step in path:
            if not isinstance(value, Mapping):
                return None if value is None else UNKNOWN
            value = value.get(step)
        return value


@dataclass(frozen=True, slots=True)
class Edge:
    """One reference from an object to another."""

    source: str
    path: Path
    """`("chat_configurations", "orchestration")`; `tree.show` formats it."""
    to: str
    """The resource class of the target."""
    target: str | None
    """The key of the target; None if it is not in this hub, or unknown."""
    id: str | None = None
    presumed: bool = False
    """The target is only known at `up`; this is the likeliest of several."""


@dataclass(frozen=True)
class Hub:
    """Objects by key, and the references between them."""

    objects: Mapping[str, Object] = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()
    whole: bool = False
    """Whether this is a whole tenant, so that any other id names nothing."""
    unread: frozenset[str] = frozenset()
    """The resource classes that could not be read."""
    deleted: Mapping[str, Object] = field(default_factory=dict)
    """By id, the objects that the change to this hub deletes."""

    def of(self, resource: str) -> list[Object]:
        """Return the objects of a resource class."""
        return list(self._of.get(resource, ()))

    def out(self, key: str) -> list[Edge]:
        """Return the references from an object."""
        return self._outgoing.get(key, [])

    def into(self, key: str) -> list[Edge]:
        """Return the references to an object."""
        return self._incoming.get(key, [])

    def below(self, keys: Iterable[str]) -> set[str]:
        """Return these objects and all that they refer to, at any distance."""
        return _walk(keys, lambda key: (edge.target for edge in self.out(key)))

    def above(self, keys: Iterable[str]) -> set[str]:
        """Return these objects and all that refer to them, at any distance."""
        return _walk(keys, lambda key: (edge.source for edge in self.into(key)))

    def live_accounts(self) -> list[Object]:
        """Return the active accounts: customers write to these."""
        return [each for each in self.of(ACCOUNT) if each.active]

    def impact(self, keys: Iterable[str]) -> tuple[list[Object], list[Object]]:
        """Return the active accounts that reach one of these objects, and their channels."""
        above = (self.objects[key] for key in self.above(keys) if key in self.objects)
        accounts = self._ordered(
            each for each in above if each.kind.resource == ACCOUNT and each.active
        )
        edges = (edge for each in accounts for edge in self.out(each.key) if edge.to == CHANNEL)
        on = {edge.target for edge in edges if edge.target is not None}
        return accounts, self._ordered(self.objects[key] for key in on if key in self.objects)

    def _ordered(self, objects: Iterable[Object]) -> list[Object]:
        return sorted(objects, key=lambda each: self._places[each.key])

    @cached_property
    def _places(self) -> dict[str, int]:
        return {key: place for place, key in enumerate(self.objects)}

    @cached_property
    def _of(self) -> dict[str, list[Object]]:
        return group(self.objects.values(), lambda each: each.kind.resource)

    @cached_property
    def _outgoing(self) -> dict[str, list[Edge]]:
        return group(self.edges, lambda edge: edge.source)

    @cached_property
    def _incoming(self) -> dict[str | None, list[Edge]]:
        return group(self.edges, lambda edge: edge.target)


def group(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """Return the items by key, in their order."""
    found: dict[Key, list[Item]] = {}
    for each in items:
        found.setdefault(key(each), []).append(each)
    return found


def _walk(keys: Iterable[str], near: Callable[[str], Iterable[str | None]]) -> set[str]:
    seen = set(keys)
    todo = list(seen)
    while todo:
        for each in near(todo.pop()):
            if each is not None and each not in seen:
                seen.add(each)
                todo.append(each)
    return seen
