"""The objects of a tenant, kind by kind: one list a process instead of one call per object.

Rows hold no secrets, and icons as hashes (`secrets.storable_copy`), so that nothing can leak from
here and fifty large icons are not held twice. They are updated with what this process itself
creates, updates and deletes. What somebody else changes in the meantime is not seen: a row only
proves that an object is as declared; anything else is confirmed by a GET.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from ..errors import ApiError, Cancelled, TransportError
from ..schema.kinds import Kind, references
from ..schema.secrets import storable_copy
from ..schema.tree import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..api.operation import Operation

Row = dict[str, Any]
Enough = Callable[[list[Row]], bool]
"""Returns whether the rows of a list that may be incomplete are enough; see `Inventory.listing`."""

SINGLE_READS: Final = 2
"""Reads of a kind that are GETs. From the third on, one list is cheaper."""
NEVER: Final = float("-inf")


@dataclass(frozen=True, slots=True)
class Listing:
    """The objects of a kind as one list call showed them, with this process's own changes since."""

    rows: list[Row]
    begun: float
    """When the list was requested (`time.monotonic`)."""
    ended: float
    server_time: datetime | None
    """When it ended by eGain's clock, if known."""


class Inventory:
    """The objects of a tenant. Thread-safe: a thread that needs a list in flight waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stocks: dict[str, _Stock] = {}

    def before(self, operation: Operation, kind: Kind) -> list[Row]:
        """Return the objects of a kind that existed before this process created any.

        Listed at the first call. Needed for a kind without a unique value, since eGain refuses no
        second orchestration (docs/rules.md#never-twice-never-lost): a create that is repeated after
        a killed run would leave two. Raises ApiError or TransportError.
        """
        asked = time.monotonic()
        stock = self._stock(kind)
        with stock.held(operation):
            if stock.before is None:
                stock.before = stock.listing(operation, asked, since=asked).rows
            return stock.before

    def existed(self, kind: Kind, id: str) -> bool:
        """Return whether an object is known to have existed before; see `before`."""
        return any(row["id"] == id for row in self._stock(kind).before or ())

    def row(self, operation: Operation, kind: Kind, id: str) -> Row | None:
        """Return an object as the list of its kind has it.

        Returns None if the object must be fetched: it is one of the first two of its kind or not
        in the list, or the list call fails.
        """
        asked = time.monotonic()
        stock = self._stock(kind)
        with stock.held(operation):
            if stock.rows is None:
                stock.reads += 1
                if stock.reads <= SINGLE_READS or stock.unlistable:
                    return None
            try:
                stock.listing(operation, asked, enough=lambda rows: True)
            except (ApiError, TransportError):
                stock.unlistable = True  # the GETs report what is wrong
                return None
            return (stock.rows or {}).get(id)

    def listing(
        self,
        operation: Operation,
        kind: Kind,
        *,
        since: float = NEVER,
        enough: Enough | None = None,
    ) -> Listing:
        """Return the objects of a kind by a list that was requested at `since` or later.

        With `enough`, a list whose rows it accepts need not be complete. So threads that look for
        one object each share a list, also one that others keep changing. Raises ApiError or
        TransportError.
        """
        asked = time.monotonic()
        stock = self._stock(kind)
        with stock.held(operation):
            return stock.listing(operation, asked, since, enough)

    def referring(self, operation: Operation, kind: Kind, target: str) -> list[Row]:
        """Return the objects of a kind that refer to an id, and those that cannot be read.

        Raises ApiError or TransportError as `listing` does.
        """
        asked = time.monotonic()
        stock = self._stock(kind)
        with stock.held(operation):
            stock.listing(operation, asked)
            rows = stock.rows or {}
            if stock.targets is None:
                stock.targets = {id: _targets(kind, row) for id, row in rows.items()}
            found = stock.targets.items()
            return [rows[id] for id, targets in found if targets is None or target in targets]

    def note(self, operation: Operation, kind: Kind, id: str, body: Mapping[str, Any]) -> None:
        """Note that this process has created or updated an object."""
        self._stock(kind).change(operation, id, body)

    def forget(self, operation: Operation, kind: Kind, id: str) -> None:
        """Note that this process has deleted an object."""
        self._stock(kind).change(operation, id, None)

    def _stock(self, kind: Kind) -> _Stock:
        with self._lock:
            return self._stocks.setdefault(kind.name, _Stock(kind))


class _Stock:
    """The objects of one kind. Only `change` may be called without `held`."""

    def __init__(self, kind: Kind) -> None:
        self.reads = 0
        self.unlistable = False
        self.rows: dict[str, Row] | None = None
        self.targets: dict[str, frozenset[str] | None] | None = None
        self.before: list[Row] | None = None
        self._kind = kind
        self._lock = threading.Lock()
        """Held while the kind is listed."""
        self._complete = False
        self._last = Listing([], NEVER, NEVER, None)
        self._failed: tuple[float, ApiError | TransportError] | None = None
        """When the last list that failed was requested, and its error."""
        self._changes: deque[tuple[str, Mapping[str, Any] | None]] = deque()
        """Own changes that `rows` lack."""

    @contextmanager
    def held(self, operation: Operation) -> Iterator[None]:
        """Wait for a list in flight, at most until the operation's deadline."""
        with operation.hold(self._lock):
            self._apply()
            yield

    def listing(
        self,
        operation: Operation,
        asked: float,
        since: float = NEVER,
        enough: Enough | None = None,
    ) -> Listing:
        """See `Inventory.listing`. `asked` is the time of the call: a list that was requested later
        and failed in the meantime fails this call as well."""
        if self.rows is not None and self._last.begun >= since:
            rows = list(self.rows.values())
            if self._complete or (enough is not None and enough(rows)):
                last = self._last
                return Listing(rows, last.begun, last.ended, last.server_time)
        if self._failed is not None and self._failed[0] >= max(asked, since):
            raise self._failed[1]
        return self._fetch(operation, enough)

    def _fetch(self, operation: Operation, enough: Enough | None) -> Listing:
        begun, where = time.monotonic(), self._kind.collection
        try:
            pages = operation.list(where.path, where.key, enough)
        except (ApiError, TransportError) as error:
            self._failed = begun, error
            raise
        self.rows = {row["id"]: _row(self._kind, row["id"], row) for row in pages.rows}
        self.targets, self._complete = None, pages.problem is None
        self._apply()
        rows = list(self.rows.values())
        self._last = Listing(rows, begun, time.monotonic(), operation.server_time)
        return self._last

    def change(self, operation: Operation, id: str, body: Mapping[str, Any] | None) -> None:
        """Note an own write, or a delete if `body` is None.

        Waits while the kind is listed, so that a list that is read again finds it unchanged; at
        most until the operation's deadline, because an object that was created must not fail.
        """
        if self.rows is None and not self._lock.locked():
            return  # a later list shows it
        self._changes.append((id, body))
        with suppress(TransportError, Cancelled), operation.hold(self._lock):
            pass

    def _apply(self) -> None:
        """Lay own changes over the rows. Those before the first list are in it."""
        while self._changes:
            id, body = self._changes.popleft()
            if self.rows is None:
                continue
            if body is None:
                self.rows.pop(id, None)
                (self.targets or {}).pop(id, None)
                continue
            row = self.rows[id] = _row(self._kind, id, body)
            if self.targets is not None:
                self.targets[id] = _targets(self._kind, row)


def _row(kind: Kind, id: str, wire: Mapping[str, Any]) -> Row:
    created = {"created": wire["created"]} if "created" in wire else {}
    return {**storable_copy(kind.tree, wire), **created, "id": id}


def _targets(kind: Kind, row: Row) -> frozenset[str] | None:
    """Return the ids that a row refers to; None if it cannot be read."""
    try:
        return frozenset(to for _, to in references(kind.tree, row))
    except Malformed:
        return None
