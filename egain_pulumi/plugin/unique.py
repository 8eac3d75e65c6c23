"""Which object has a unique value that eGain refuses because it is taken."""

from __future__ import annotations

from ..errors import ApiError, TransportError
from ..schema.same import with_text
from .context import Context


def holder(context: Context, error: ApiError) -> tuple[str, str] | None:
    """Return the declared unique value and the id of the other object that has it.

    Returns None if that is not what `error` is about, or if it cannot be found out: then the
    refusal itself is the better message.
    """
    field, value = context.kind.unique, context.value
    if error.status not in (400, 409) or field is None or value is None:
        return None
    try:
        rows = context.rows()
    except (ApiError, TransportError):
        return None
    others = [row for row in rows if row["id"] != context.subject.id]
    found = with_text(others, context.tree.slots[field].wire, value)
    return (value, str(found[0]["id"])) if found else None
