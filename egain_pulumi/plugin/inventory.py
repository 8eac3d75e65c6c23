"""The objects of a tenant, kind by kind: one list a process instead of one GET per object.

Rows hold no secrets, and icons as hashes (`secrets.storable_copy`), so that nothing can leak from
here and fifty large icons are not held twice. They are updated with what this process itself
creates, updates and deletes. What somebody else changes in the meantime is not seen: a row only
proves that an object is as declared; anything else is confirmed by a GET.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ..errors import ApiError, TransportError
from ..schema.kinds import Kind, references
from ..schema.secrets import storable_copy
from ..schema.tree import Malformed

if TYPE_CHECKING:
    from ..api.client import Operation

Row = dict[str, Any]

SINGLE_READS: Final = 2
"""Reads of a kind that are GETs. From the third on, one list is cheaper."""


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
        stock = self._stock(kind)
        with stock.lock:
            if stock.before is None:
                stock.before = list(stock.fetch(operation).values())
            return stock.before

    def existed(self, kind: Kind, id: str) -> bool:
        """Return whether an object is known to have existed before; see `before`."""
        return any(row["id"] == id for row in self._stock(kind).before or ())

    def row(self, operation: Operation, kind: Kind, id: str) -> Row | None:
        """Return an object as the list of its kind has it.

        Returns None if the object must be fetched: it is one of the first two of its kind or not
        in the list, or the list call fails or its answer is inconsistent.
        """
        stock = self._stock(kind)
        with stock.lock:
            if stock.rows is None:
                stock.reads += 1
                if stock.reads <= SINGLE_READS or stock.unlistable:
                    return None
            try:
                return stock.listed(operation).get(id)
            except (ApiError, TransportError):
                stock.unlistable = True  # the GETs report what is wrong
                return None

    def rows(
        self, operation: Operation, kind: Kind, *, renew: bool = False
    ) -> tuple[list[Row], bool]:
        """Return all objects of a kind, and whether they were listed just now.

        Raises ApiError or TransportError if the list fails or cannot be trusted.
        """
        stock = self._stock(kind)
        with stock.lock:
            fresh = renew or stock.rows is None
            return list(stock.listed(operation, renew=renew).values()), fresh

    def referring(self, operation: Operation, kind: Kind, target: str) -> list[Row]:
        """Return the objects of a kind that refer to an id, and those that cannot be read.

        Raises ApiError or TransportError as `rows` does.
        """
        stock = self._stock(kind)
        with stock.lock:
            rows = stock.listed(operation)
            if stock.targets is None:
                stock.targets = {id: _targets(kind, row) for id, row in rows.items()}
            found = stock.targets.items()
            return [rows[id] for id, targets in found if targets is None or target in targets]

    def note(self, kind: Kind, id: str, body: Mapping[str, Any]) -> None:
        """Note that this process has created or updated an object."""
        stock = self._stock(kind)
        with stock.lock:
            if stock.rows is not None:
                row = stock.rows[id] = _row(kind, id, body)
                if stock.targets is not None:
                    stock.targets[id] = _targets(kind, row)

    def forget(self, kind: Kind, id: str) -> None:
        """Note that this process has deleted an object."""
        stock = self._stock(kind)
        with stock.lock:
            (stock.rows or {}).pop(id, None)
            (stock.targets or {}).pop(id, None)

    def _stock(self, kind: Kind) -> _Stock:
        with self._lock:
            return self._stocks.setdefault(kind.name, _Stock(kind))


class _Stock:
    """The objects of one kind. `lock` is held while they are listed."""

    def __init__(self, kind: Kind) -> None:
        self.lock = threading.Lock()
        self.reads = 0
        self.unlistable = False
        self.rows: dict[str, Row] | None = None
        self.targets: dict[str, frozenset[str] | None] | None = None
        self.before: list[Row] | None = None
        self._kind = kind

    def listed(self, operation: Operation, *, renew: bool = False) -> dict[str, Row]:
        if self.rows is None or renew:
            self.rows, self.targets = self.fetch(operation), None
        return self.rows

    def fetch(self, operation: Operation) -> dict[str, Row]:
        found = operation.list(self._kind.collection.path, self._kind.collection.key)
        return {row["id"]: _row(self._kind, row["id"], row) for row in found}


def _row(kind: Kind, id: str, wire: Mapping[str, Any]) -> Row:
    return {**storable_copy(kind.tree, wire), "id": id}


def _targets(kind: Kind, row: Row) -> frozenset[str] | None:
    """Return the ids that a row refers to; None if it cannot be read."""
    try:
        return frozenset(to for _, to in references(kind.tree, row))
    except Malformed:
        return None
