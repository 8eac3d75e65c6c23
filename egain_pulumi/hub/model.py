"""A hub: its objects, and which of them refers to which. Pure; no secret is ever in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Object:
    """One object of eGain, as far as its source tells."""

    key: str
    """Unique in a hub: the URN, or the id where there is none."""
    kind: Kind
    name: str
    """Its logical name; in a tenant what eGain knows it by."""
    id: str | None
    """None until eGain has made it."""
    origin: Origin
    inputs: Mapping[str, Any]
    """What is declared, without secrets (`[secret]`); `complaints.UNKNOWN` may stand anywhere."""
    active: bool | None = None
    """None where it is not known, as of objects that were found."""
    protected: bool = False
    imported: str | None = None
    """What it was, or is to be, taken over by: an id or `name:…`."""
    tenant: str = ""
    """What tells two tenants of one program apart."""

    @property
    def label(self) -> str:
        """As messages name it: `channel "chat"`."""
        return f'{self.kind.model.label} "{self.name}"'

    @property
    def value(self) -> str | None:
        """What eGain knows it by: its name, the type of a channel."""
        value = self.inputs.get(self.kind.field)
        return value if isinstance(value, str) else None

    @property
    def roles(self) -> frozenset[str] | None:
        """The roles of a client application; None where they are not known."""
        roles = self.inputs.get("roles")
        return frozenset(roles) if isinstance(roles, Mapping) else None

    def at(self, *path: str) -> Any:
        """A declared value; None where nothing is declared, UNKNOWN where nothing can be said."""
        value: Any = self.inputs
        for step in path:
            if not isinstance(value, Mapping):
                return None if value is None else UNKNOWN
            value = value.get(step)
        return value


@dataclass(frozen=True, slots=True)
class Edge:
    """One reference: who names whom, and where."""

    source: str
    path: Path
    """`("chat_configurations", "orchestration")`; `shape.show` writes it out."""
    to: str
    """The resource class that is named here."""
    target: str | None
    """None: not in this hub, or not known yet."""
    id: str | None = None
    presumed: bool = False
    """Whom this path names is only known at `up`; this is the likeliest of several."""


@dataclass(frozen=True)
class Hub:
    """Objects by their keys, and the references between them."""

    objects: Mapping[str, Object] = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()
    whole: bool = False
    """Whether this is all that a tenant has, so that an id that is not here names nothing."""
    unread: frozenset[str] = frozenset()
    """Names of kinds that could not be read."""
    deleted: Mapping[str, Object] = field(default_factory=dict)
    """By id, what the change that leads to this hub deletes."""

    def of(self, resource: str) -> list[Object]:
        """The objects of a resource class."""
        return list(self._of.get(resource, ()))

    def out(self, key: str) -> list[Edge]:
        """The references in an object."""
        return self._outgoing.get(key, [])

    def into(self, key: str) -> list[Edge]:
        """The references to an object."""
        return self._incoming.get(key, [])

    def reached(self, keys: Iterable[str]) -> set[str]:
        """These objects and all that they refer to, at any distance."""
        return _walk(keys, lambda key: (edge.target for edge in self.out(key)))

    def reaching(self, keys: Iterable[str]) -> set[str]:
        """These objects and all that refer to them, at any distance."""
        return _walk(keys, lambda key: (edge.source for edge in self.into(key)))

    def live(self) -> list[Object]:
        """The active accounts: where customers write to."""
        return [each for each in self.of(ACCOUNT) if each.active]

    def affected(self, keys: Iterable[str]) -> tuple[list[Object], list[Object]]:
        """The active accounts that reach one of these objects, and the channels they are on."""
        above = (self.objects[key] for key in self.reaching(keys) if key in self.objects)
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
        found: dict[str, list[Object]] = {}
        for each in self.objects.values():
            found.setdefault(each.kind.resource, []).append(each)
        return found

    @cached_property
    def _outgoing(self) -> dict[str, list[Edge]]:
        found: dict[str, list[Edge]] = {}
        for edge in self.edges:
            found.setdefault(edge.source, []).append(edge)
        return found

    @cached_property
    def _incoming(self) -> dict[str, list[Edge]]:
        found: dict[str, list[Edge]] = {}
        for edge in self.edges:
            if edge.target is not None:
                found.setdefault(edge.target, []).append(edge)
        return found


def _walk(keys: Iterable[str], near: Any) -> set[str]:
    seen = set(keys)
    todo = list(seen)
    while todo:
        for each in near(todo.pop()):
            if each is not None and each not in seen:
                seen.add(each)
                todo.append(each)
    return seen
