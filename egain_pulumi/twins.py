"""PLUGIN SIDE: kinds whose names are not unique (orchestrations; design rule 4).

eGain refuses no second one, so a create that was repeated, by a run that had been killed, say,
would leave two. Hence they are listed once, before the first one is created in a process; an
equal one that is not of this stack stops the create, and a person chooses.
"""

from __future__ import annotations

import threading
from typing import Any

from . import messages, overlay
from .errors import ApiError, EgainError, TransportError
from .masking import stripped
from .work import Properties, Work


class Census:
    """What was there before this process created anything of a kind. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def before(self, work: Work, props: Properties) -> list[dict[str, Any]]:
        """The objects, listed at the first call. Raises EgainError if they cannot be."""
        path, key = work.collection.path, work.collection.key
        with self._lock:
            if path not in self._rows:
                try:
                    rows = work.operation.list(path, key)
                except (ApiError, TransportError) as error:
                    raise work.failed("create", error, props) from None
                kept = [{**stripped(work.tree, row), "id": row["id"]} for row in rows]
                self._rows[path] = kept
            return self._rows[path]

    def has(self, work: Work, id: str) -> bool:
        """Whether an object is known to have been there before."""
        return any(row["id"] == id for row in self._rows.get(work.collection.path, ()))


def refuse_twin(work: Work, props: Properties) -> None:
    """Raise EgainError if an equal object is there that this stack is not known to have."""
    for row in work.tenant.census.before(work, props):
        if not work.tenant.owns(row["id"]) and overlay.holds(work.tree, props, row):
            raise EgainError(messages.twin(work.subject, work.unique(props), row["id"]))
