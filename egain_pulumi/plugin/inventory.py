"""What eGain has, kind by kind, for the length of one process: one list instead of one GET per
object, and who refers to whom.

Rows come without secrets and with icons as hashes (`masking.stripped`), so that nothing can leak
from here and fifty large icons are not held twice. They are kept true with what this process
itself creates, updates and deletes. What somebody else changed meanwhile is not seen: a row
proves that something is as it was declared, and anything else is confirmed by a GET.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ..errors import ApiError, TransportError
from ..schema.kinds import Kind, references
from ..schema.secrets import stripped
from ..schema.state import Properties
from ..schema.tree import tree
from .context import Work

if TYPE_CHECKING:
    from ..api.client import Operation

Row = dict[str, Any]

SINGLE_READS: Final = 2
"""Reads of a kind that are GETs. From the third on a list of up to that size is cheaper."""


class Inventory:
    """The objects of a tenant. Thread-safe: who needs a list that is under way waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stocks: dict[str, _Stock] = {}

    def row(self, operation: Operation, kind: Kind, id: str) -> Row | None:
        """An object as the list of its kind has it.

        None where a GET must be made: for the first two of a kind, for an object that is not in
        the list, and for all of them where the list cannot be had or trusted.
        """
        stock = self._stock(kind)
        with stock.lock:
            if stock.rows is None:
                stock.reads += 1
                if stock.reads <= SINGLE_READS or stock.unlistable:
                    return None
                try:
                    stock.take(operation)
                except (ApiError, TransportError):
                    stock.unlistable = True  # what is wrong with it, the GETs do not need to know
                    return None
            return (stock.rows or {}).get(id)

    def rows(self, operation: Operation, kind: Kind) -> tuple[list[Row], bool]:
        """All objects of a kind, and whether they were listed just now.

        Raises ApiError or TransportError where the list fails or cannot be trusted.
        """
        stock = self._stock(kind)
        with stock.lock:
            fresh = stock.rows is None
            rows = stock.take(operation) if stock.rows is None else stock.rows
            return list(rows.values()), fresh

    def renew(self, operation: Operation, kind: Kind) -> list[Row]:
        """All objects of a kind, listed now."""
        stock = self._stock(kind)
        with stock.lock:
            return list(stock.take(operation).values())

    def referring(self, operation: Operation, kind: Kind, target: str) -> list[Row]:
        """The objects of a kind that refer to an id.

        Raises ApiError or TransportError as `rows` does, Malformed where a row cannot be read.
        """
        stock = self._stock(kind)
        with stock.lock:
            rows = stock.take(operation) if stock.rows is None else stock.rows
            if stock.targets is None:
                stock.targets = {id: _targets(kind, row) for id, row in rows.items()}
            return [rows[id] for id, targets in stock.targets.items() if target in targets]

    def note(self, kind: Kind, id: str, body: Mapping[str, Any]) -> None:
        """This process has created or updated an object."""
        stock = self._stock(kind)
        with stock.lock:
            if stock.rows is not None:
                row = stock.rows[id] = _row(kind, id, body)
                if stock.targets is not None:
                    stock.targets[id] = _targets(kind, row)

    def forget(self, kind: Kind, id: str) -> None:
        """This process has deleted an object."""
        stock = self._stock(kind)
        with stock.lock:
            (stock.rows or {}).pop(id, None)
            (stock.targets or {}).pop(id, None)

    def _stock(self, kind: Kind) -> _Stock:
        with self._lock:
            return self._stocks.setdefault(kind.name, _Stock(kind))


class _Stock:
    """What is known of one kind. `lock` is held while it is listed."""

    def __init__(self, kind: Kind) -> None:
        self.lock = threading.Lock()
        self.reads = 0
        self.unlistable = False
        self.rows: dict[str, Row] | None = None
        self.targets: dict[str, frozenset[str]] | None = None
        self._kind = kind

    def take(self, operation: Operation) -> dict[str, Row]:
        found = operation.list(self._kind.collection.path, self._kind.collection.key)
        self.rows = {row["id"]: _row(self._kind, row["id"], row) for row in found}
        self.targets = None
        return self.rows


def _row(kind: Kind, id: str, wire: Mapping[str, Any]) -> Row:
    return {**stripped(tree(kind.model), wire), "id": id}


def _targets(kind: Kind, row: Row) -> frozenset[str]:
    return frozenset(to for _, to in references(tree(kind.model), row))


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
