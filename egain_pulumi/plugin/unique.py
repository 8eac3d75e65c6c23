"""Which object has a unique value that eGain refuses because it is taken."""

from __future__ import annotations

import time
from contextlib import suppress

from ..errors import ApiError, TransportError
from .context import Context
from .inventory import NEVER


def holder(context: Context, error: ApiError) -> tuple[str, str] | None:
    """Return the declared unique value and the id of the other object that has it.

    Returns None if that is not what `error` is about, or if it cannot be found out: then the
    refusal itself is the better message.
    """
    field, value = context.kind.unique, context.value
    if error.status not in (400, 409) or field is None or value is None:
        return None
    asked = time.monotonic()
    with suppress(ApiError, TransportError):
        for since in (NEVER, asked):  # any list may show it; a new one must
            for row in context.listed(value, since).rows:
                if row["id"] != context.subject.id:
                    return value, str(row["id"])
    return None
