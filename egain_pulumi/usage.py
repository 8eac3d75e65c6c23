"""PLUGIN SIDE: who in the tenant still refers to an object (design rule 6).

eGain's own answer to deleting something in use is not documented: it may refuse, or comply and
leave customers nowhere. So it is found out before, from the inventory. A hit is confirmed by
reading the referrer, because somebody else may have changed it since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import EgainError, NotFound
from .kind import Kind, references, refers_to
from .messages import resource_class
from .model import wire_name
from .shape import Malformed, tree
from .work import Work


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
