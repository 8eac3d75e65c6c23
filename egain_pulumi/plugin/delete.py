"""PLUGIN SIDE: one delete, and the look beforehand at who still needs the object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import ApiError, EgainError, NotFound, TransportError
from ..names import wire_name
from ..schema.kinds import Kind, references, refers_to, resource_class
from ..schema.state import Properties
from ..schema.tree import Malformed, tree
from . import messages
from .context import Work


def deleted(work: Work, props: Properties, kinds: Iterable[Kind]) -> None:
    """A 404 is done; anything else that is no 204 keeps the object in the state.

    Refused before the call where something of `kinds` refers to the object, or where that
    cannot be found out.
    """
    try:
        found = users(work, kinds)
    except (ApiError, TransportError) as error:
        reason = work.failed("delete", error, props)
        raise EgainError(f"{reason} Nothing is deleted before it is known who uses it.") from None
    if found:
        raise EgainError(messages.in_use(work.subject, [str(user) for user in found]))
    try:
        work.operation.delete(work.collection.path, str(work.subject.id))
    except NotFound:
        pass  # somebody else was faster: it is gone, as was wanted
    except (ApiError, TransportError) as error:
        raise work.failed("delete", error, props) from None
    work.tenant.inventory.forget(work.kind, str(work.subject.id))


@dataclass(frozen=True, slots=True)
class User:
    """An object that refers to another one."""

    kind: Kind
    id: str
    value: str

    def __str__(self) -> str:
        return f'{self.kind.model.label} "{self.value}" ({self.id})'


def users(work: Work, kinds: Iterable[Kind]) -> list[User]:
    """Who refers to the object now, confirmed one by one.

    Raises ApiError, TransportError or EgainError where that cannot be found out.
    """
    target, found = str(work.subject.id), []
    for kind in kinds:
        if refers_to(kind, resource_class(work.model)):
            candidates = [_user(kind, row) for row in _candidates(work, kind, target)]
            found += [user for user in candidates if _still(work, user, target)]
    return found


def _candidates(work: Work, kind: Kind, target: str) -> list[dict[str, Any]]:
    try:
        return work.tenant.inventory.referring(work.operation, kind, target)
    except Malformed as problem:
        raise EgainError(f"the {kind.plural} cannot be read: {problem}.") from None


def _user(kind: Kind, row: Mapping[str, Any]) -> User:
    return User(kind, row["id"], str(row.get(wire_name(kind.field))))


def _still(work: Work, user: User, target: str) -> bool:
    try:
        live = work.operation.get(user.kind.collection.path, user.id)
        return any(to == target for _, to in references(tree(user.kind.model), live))
    except NotFound:
        return False
    except Malformed as problem:
        raise EgainError(f"{user} cannot be read: {problem}.") from None
