"""PLUGIN SIDE: one create, from the declaration to the new id."""

from __future__ import annotations

from . import messages, plan
from .errors import ApiError, EgainError, TransportError
from .shape import to_wire, unique_field
from .work import Properties, Work, merged


def created(work: Work, props: Properties) -> str:
    """The id of the new object.

    Raises EgainError. If the answer to the POST was lost, nothing is sent again: the message
    says what to look for.
    """
    body = _body(work, props)
    try:
        return work.operation.create(work.collection.path, body)
    except ApiError as error:
        raise _refused(work, error, props) from None
    except TransportError as error:
        if not error.in_doubt:
            raise work.failed("create", error, props) from None
        text = messages.in_doubt(work.subject, work.unique(props), str(error))
        raise work.error(text, props) from None


def _body(work: Work, props: Properties) -> Properties:
    declared = dict(props)
    if isinstance(declared.get("icon"), dict):
        declared["icon"] = work.load_icon(declared["icon"])
    return merged(to_wire(work.tree, declared), props.get(plan.EXTRA) or {})


def _refused(work: Work, error: ApiError, props: Properties) -> EgainError:
    """A refusal may be about a unique value: then the object that has it is named."""
    field, value = unique_field(work.model), work.unique(props)
    if error.status not in (400, 409) or field is None or value is None:
        return work.failed("create", error, props)
    try:
        rows = work.operation.list(work.collection.path, work.collection.key)
    except (ApiError, TransportError):
        rows = []  # the refusal itself is the better message
    wire = work.tree.slots[field].wire
    existing = next((row["id"] for row in rows if row.get(wire) == value), None)
    if existing is None:
        return work.failed("create", error, props)
    return EgainError(messages.duplicate(work.subject, value, existing))
