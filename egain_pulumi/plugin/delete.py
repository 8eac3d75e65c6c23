"""One delete, and the look beforehand at which objects still refer to it (docs/rules.md#delete).

eGain's own answer to deleting something in use is not documented: it may refuse, or comply and
leave customers nowhere. So the inventory is asked first. A hit is confirmed by reading the
referrer, because somebody else may have changed it since.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

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
            users, unreadable = _users(context, kinds)
    except EgainError as problem:
        raise messages.use_unknown(problem) from None
    if users:
        raise messages.in_use(context.subject, users)
    if unreadable:
        raise context.error(messages.use_unreadable(context.subject, unreadable))
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


def _users(context: Context, kinds: Iterable[Kind]) -> tuple[list[str], list[str]]:
    """Return the objects that refer to this one now, confirmed one by one, and those of which
    eGain's answer does not say whether they do."""
    target = str(context.subject.id)
    users: list[str] = []
    unreadable: list[str] = []
    for kind in kinds:
        if not refers_to(kind, context.kind.resource):
            continue
        for row in context.tenant.inventory.referring(context.operation, kind, target):
            what = f'{kind.label} "{row.get(wire_name(kind.field))}" ({row["id"]})'
            try:
                live = context.operation.get(kind.collection.path, row["id"])
                if any(to == target for _, to in references(kind.tree, live)):
                    users.append(what)
            except NotFound:
                continue
            except Malformed as problem:
                unreadable.append(f"{what}: {problem}")
    return users, unreadable
