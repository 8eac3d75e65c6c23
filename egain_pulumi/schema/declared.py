"""The resources that a program declares, as the rules of reach see them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .kinds import Kind
from .state import FIND, GET


class Origin(StrEnum):
    """How an object came into the hub."""

    MANAGED = "managed"
    """Declared by the program: made, changed and deleted by it."""
    FOUND = "found"
    """Looked up by `find`: somebody else's."""
    GOT = "got"
    """Read by `get`: somebody else's."""
    TENANT = "tenant"
    """Seen in a tenant; whose it is cannot be told."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One resource of a program: what it was given, in the form of declarations."""

    kind: Kind
    name: str
    inputs: Mapping[str, Any]
    id: Any
    """Its `id`, by which other declarations name it: the very same object."""
    tenant: str
    origin: Origin = Origin.MANAGED


def origin(inputs: Mapping[str, Any]) -> Origin:
    """Return how the object of some inputs came into the hub, by the marks in them."""
    if FIND in inputs:
        return Origin.FOUND
    return Origin.GOT if GET in inputs else Origin.MANAGED


def criteria(find: Any) -> dict[str, Any]:
    """What the criteria of a `find` say of the object, as if it were declared."""
    found = dict(find) if isinstance(find, Mapping) else {}
    role = found.pop("role", None)
    return found | ({"roles": {role: {}}} if isinstance(role, str) else {})
