"""Which objects of two documents belong together: by kind and name, never by id. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from ..schema.tree import ABSENT
from .document import Document, Entry

Pair = tuple[Entry | None, Entry | None]


def pairs(one: Document, other: Document) -> Iterator[Pair]:
    """Pair the objects by kind and name; of several equal names, equal contents first."""
    order: dict[tuple[str, str | None], tuple[list[Entry], list[Entry]]] = {}
    for side, document in enumerate((one, other)):
        for (kind, name), same in groupby(document.entries, lambda e: e.key[:2]):
            order.setdefault((kind, name), ([], []))[side].extend(same)
    for here, there in order.values():
        left = list(there)
        rest = []
        for each in here:
            equal = next((o for o in left if o.values == each.values), None)
            if equal is None:
                rest.append(each)
            else:
                left.remove(equal)
                yield each, equal
        for index in range(max(len(rest), len(left))):
            yield (
                rest[index] if index < len(rest) else None,
                left[index] if index < len(left) else None,
            )


class Targets:
    """Whether references of both sides lead to the same object, whatever its number."""

    def __init__(self, one: Document, other: Document, pairs: Iterable[Pair]) -> None:
        self._paired = {(a.key, b.key) for a, b in pairs if a is not None and b is not None}
        self._one = {each.key: each.values for each in one.entries}
        self._other = {each.key: each.values for each in other.entries}

    def same(self, here: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
        """Return whether two references lead to the same object."""
        a, b = (self._key(each) for each in (here, there))
        if a[:2] != b[:2] or "why" in here or "why" in there:
            return here == there
        one, other = self._one.get(a, ABSENT), self._other.get(b, ABSENT)
        return a == b or (a, b) in self._paired or (one is not ABSENT and one == other)

    @staticmethod
    def _key(reference: Mapping[str, Any]) -> tuple[Any, Any, Any]:
        return reference.get("kind"), reference.get("name"), reference.get("number", 1)
