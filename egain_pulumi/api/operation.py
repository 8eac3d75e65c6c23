"""The calls of one operation on collections of objects, within one deadline."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from ..errors import Reason, TransportError
from ..text import visible
from . import ids, waits
from .limits import Deadline
from .paging import Pages, Row, list_all

if TYPE_CHECKING:
    from .client import Client

READS: Final = 6
"""How often a list that may be incomplete is read; about a quarter of a minute with its pauses."""

Enough = Callable[[list[Row]], bool]
"""Returns whether the rows of an incomplete list are enough for what they are needed for."""


class Operation:
    """The calls of one operation on collections, within one deadline."""

    def __init__(self, client: Client, deadline: Deadline) -> None:
        self._client, self._deadline = client, deadline
        self._attempts = 0
        self.server_time: datetime | None = None
        """The time of the last answer, by eGain's clock."""

    def create(self, collection: str, body: dict[str, Any]) -> str:
        """POST an object; return its id. TransportError in doubt: it may have been created."""
        found = self._call("POST", f"/{collection}", body).get("id")
        if not ids.is_id(found):
            text = "without an id" if not found else "with an id that cannot be one"
            raise TransportError(f"POST /{collection} answered {text}", in_doubt=True)
        return found

    def get(self, collection: str, id: str) -> dict[str, Any]:
        """GET an object by id.

        Raises NotFound if the object does not exist; no other error says whether it does.
        """
        path = _path(collection, id)
        found = self._call("GET", path)
        if not found or found.get("id", id) != id:
            raise TransportError(
                f"GET {path} answered with another object, or with none", in_doubt=False
            )
        return found

    def list(self, collection: str, key: str, enough: Enough | None = None) -> Pages:
        """GET all objects of a collection, page by page; see `paging`.

        Somebody may change the tenant meanwhile: a list that may be incomplete is read again, a few
        times, with growing pauses. With `enough`, rows that it accepts need not be complete; the
        result says whether they are. Raises TransportError if the list does not become complete.
        """
        for attempt in range(1, READS + 1):
            pages = list_all(
                lambda query: self._call("GET", f"/{collection}", query=query), collection, key
            )
            if pages.problem is None or (enough is not None and enough(pages.rows)):
                break
            if attempt == READS:
                raise pages.problem
            self.wait(waits.backoff(attempt, random.random()), pages.problem)
        return pages

    def replace(self, collection: str, id: str, body: dict[str, Any]) -> None:
        """PUT a whole object. TransportError in doubt: read before you send it again."""
        self._call("PUT", _path(collection, id), body)

    def delete(self, collection: str, id: str) -> None:
        """DELETE an object. Raises NotFound if it does not exist."""
        self._call("DELETE", _path(collection, id))

    def back_off(self, error: TransportError) -> None:
        """Wait, longer each time, before looking up an object after a lost answer."""
        self._attempts += 1
        self.wait(waits.backoff(self._attempts, random.random()), error)

    def wait(self, seconds: float, error: TransportError) -> None:
        """Wait, or raise the error if the deadline comes first."""
        if self._deadline.passes(seconds):
            raise error
        self._deadline.hooks.sleep(seconds)

    def hold(self, lock: threading.Lock) -> AbstractContextManager[None]:
        """Hold a lock that another operation may hold during its calls, within the deadline."""
        return self._deadline.hold(lock, "a call that waited for a list of another operation")

    def _call(self, method: str, path: str, body: Any = None, query: Any = None) -> dict[str, Any]:
        answer = self._client.call(method, path, self._deadline, body, query)
        self.server_time = answer.time
        return answer.payload


def _path(collection: str, id: str) -> str:
    if not ids.is_id(id):
        raise TransportError(
            f'"{visible(id)}" cannot be an id of eGain; nothing was sent',
            in_doubt=False,
            reason=Reason.MALFORMED,
        )
    return f"/{collection}/{ids.segment(id)}"
