"""One delete, and the look beforehand at which objects still refer to it (docs/rules.md#delete).

eGain's own answer to deleting something in use is not documented: it may refuse, or comply and
leave customers nowhere. So the inventory is asked first. A hit is confirmed by reading the
referrer, because somebody else may have changed it since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ..errors import EgainError, NotFound
from ..names import wire_name
from ..schema.kinds import Kind, references, refers_to
from ..schema.tree import Malformed
from . import messages
from .context import Context


def delete(context: Context, kinds: Iterable[Kind]) -> None:
    """Delete the object. A 404 is done; anything else that is no 204 raises.

    Raises EgainError before the call if an object of `kinds` refers to it, or if that cannot be
    determined.
    """
    id = str(context.subject.id)
    try:
        with context.reporting("delete"):
            users = _users(context, kinds)
    except EgainError as problem:
        raise messages.use_unknown(problem) from None
    if users:
        raise messages.in_use(context.subject, list(map(str, users)))
    with suppress(NotFound):  # somebody else was faster: it is gone, as was wanted
        context.operation.delete(context.kind.collection.path, id)
    context.tenant.inventory.forget(context.kind, id)


def refusal(context: Context, verb: str = "deleted") -> EgainError | None:
    """Return the error if `egain:allowDelete` is false."""
    settings, field = context.tenant.settings, "allow_delete"
    if settings.allow_delete:
        return None
    source, variable = settings.source(field), settings.variable(field)
    return messages.not_allowed(context.subject, verb, source, variable)


@dataclass(frozen=True, slots=True)
class _User:
    """An object that refers to another one."""

    kind: Kind
    id: str
    value: str

    def __str__(self) -> str:
        return f'{self.kind.label} "{self.value}" ({self.id})'


def _users(context: Context, kinds: Iterable[Kind]) -> list[_User]:
    """Return the objects that refer to this one now, confirmed one by one."""
    target, found = str(context.subject.id), []
    for kind in kinds:
        if refers_to(kind, context.kind.resource):
            candidates = [_user(kind, row) for row in _candidates(context, kind, target)]
            found += [user for user in candidates if _still_refers(context, user, target)]
    return found


def _candidates(context: Context, kind: Kind, target: str) -> list[dict[str, Any]]:
    try:
        return context.tenant.inventory.referring(context.operation, kind, target)
    except Malformed as problem:
        raise EgainError(f"the {kind.plural} cannot be read: {problem}.") from None


def _user(kind: Kind, row: Mapping[str, Any]) -> _User:
    return _User(kind, row["id"], str(row.get(wire_name(kind.field))))


def _still_refers(context: Context, user: _User, target: str) -> bool:
    try:
        live = context.operation.get(user.kind.collection.path, user.id)
        return any(to == target for _, to in references(user.kind.tree, live))
    except NotFound:
        return False
    except Malformed as problem:
        raise EgainError(f"{user} cannot be read: {problem}.") from None
