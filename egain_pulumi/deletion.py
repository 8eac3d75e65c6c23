"""PLUGIN SIDE: one delete, and the look beforehand at who still needs the object."""

from __future__ import annotations

from collections.abc import Iterable

from . import messages
from .errors import ApiError, EgainError, NotFound, TransportError
from .kind import Kind
from .usage import users
from .work import Properties, Work


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
