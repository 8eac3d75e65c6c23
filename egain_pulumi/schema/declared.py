"""The resources that a program declares, as the rules of reach read them. Pure."""

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
    """Declared by the program, which creates, updates and deletes it."""
    FOUND = "found"
    """Looked up by `find`; belongs to someone else."""
    GOT = "got"
    """Read by `get`; belongs to someone else."""
    TENANT = "tenant"
    """Read from a tenant; its owner is unknown."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One resource of a program, with its declared inputs."""

    kind: Kind
    name: str
    inputs: Mapping[str, Any]
    id: Any
    """Its `id` Output, the same Python object that other declarations refer to it by."""
    tenant: str
    origin: Origin = Origin.MANAGED


def origin(inputs: Mapping[str, Any]) -> Origin:
    """Return the origin of an object by the marks in its inputs."""
    if FIND in inputs:
        return Origin.FOUND
    return Origin.GOT if GET in inputs else Origin.MANAGED


def criteria(find: Any) -> dict[str, Any]:
    """Return the criteria of a `find` as a declaration."""
    found = dict(find) if isinstance(find, Mapping) else {}
    role = found.pop("role", None)
    return found | ({"roles": {role: {}}} if isinstance(role, str) else {})
