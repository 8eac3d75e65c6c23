"""How two documents differ: objects by kind and name, then property by property. Pure.

A stack has what its program declares. Against a tenant, what it leaves out is no difference, as in
a refresh (docs/rules.md#manage-what-is-declared); between two stacks or two tenants it is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..schema.model import Path
from ..schema.tree import ABSENT, Leaf, Link, Node
from .document import HIDDEN, STACK, Document, Entry, is_sealed, is_secret_mark
from .fingerprint import NOT_SET, NOT_SHOWN, PREFIX
from .leaves import closed, flat, pair, starts
from .pairs import Targets, pairs

SET_ONLY: Final = "is set on both sides, but not every value is known"
_EMPTY: Final[tuple[Any, ...]] = ({}, [], "", None, ABSENT)


@dataclass(frozen=True, slots=True)
class Property:
    """One property that differs; ABSENT where a side has none."""

    path: Path
    one: Any
    other: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One object that differs, or that only one side has."""

    one: Entry | None
    other: Entry | None
    properties: tuple[Property, ...] = ()

    @property
    def entry(self) -> Entry:
        """The object on either side."""
        found = self.one or self.other
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Unknown:
    """What cannot be compared, and why."""

    entry: Entry
    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences between two documents."""

    one: Document
    other: Document
    differences: tuple[Difference, ...]
    unknown: tuple[Unknown, ...]
    equal: int
    """Objects that both sides have and that do not differ."""


def compare(one: Document, other: Document) -> Comparison:
    """Compare two documents."""
    paired = list(pairs(one, other))
    targets = Targets(one, other, paired)
    differences, unknown, equal = [], [], 0
    for here, there in paired:
        if here is None or there is None:
            if _counts(here, other) and _counts(there, one):
                differences.append(Difference(here, there))
            continue
        sides = _Sides(one, other, here, there, targets)
        properties = sides.properties()
        unknown += sides.unknown
        equal += not properties
        if properties:
            differences.append(Difference(here, there, tuple(properties)))
    return Comparison(one, other, tuple(differences), tuple(unknown), equal)


def _counts(entry: Entry | None, missing_in: Document) -> bool:
    """Return whether it is a difference that an object is missing in a document."""
    if entry is None:
        return True
    if entry.name is None and entry.values is None:
        return False  # a `find` that has not been looked up
    # A stack need not know eGain's own objects.
    own = entry.egain and missing_in.of == STACK
    return not own and entry.kind.name not in missing_in.not_read


class _Sides:
    """One object on both sides."""

    def __init__(
        self, one: Document, other: Document, here: Entry, there: Entry, targets: Targets
    ) -> None:
        self._documents = one, other
        self._entries = here, there
        self._targets = targets
        self.unknown: list[Unknown] = []

    def properties(self) -> list[Property]:
        """Return the properties that differ, and note those that cannot be compared."""
        here, there = self._entries
        if here.values is None or there.values is None:
            return []
        node = here.kind.tree
        one, other = dict(flat(node, here.values)), dict(flat(node, there.values))
        found = []
        shut = {
            path: why
            for side in (one, other)
            for path, (leaf, value) in side.items()
            if (why := closed(leaf, value))
        }
        for path, why in shut.items():
            self._note(path, why)
        for path in {**one, **other}:
            if any(path[: len(each)] == each for each in shut):
                continue
            (leaf, a), (_, b) = pair(one, other, path)
            if self._undeclared(0, path, one, a) or self._undeclared(1, path, other, b):
                continue
            if not self._equal(leaf, path, a, b):
                found.append(Property(path, a, b))
        return found

    def _undeclared(self, side: int, path: Path, leaves: Mapping[Path, Any], value: Any) -> bool:
        """Return whether a stack leaves out a value, so that the tenant's is no difference."""
        if value is not ABSENT or self._documents[side].of != STACK:
            return False
        if self._documents[1 - side].of == STACK:
            return False
        # A list is managed as a whole, and what is declared as empty means something.
        above = [path[:n] for n in range(1, len(path))]
        if any(each in leaves for each in above):
            return False
        items = [each for each in above if isinstance(path[len(each)], int)]
        return not any(starts(leaves, each) for each in items)

    def _equal(self, node: Node, path: Path, a: Any, b: Any) -> bool:
        if isinstance(node, Leaf) and node.secret:
            return self._secret(path, a, b)
        if (is_sealed(node, a) or is_sealed(node, b)) and ABSENT not in (a, b):
            both = is_sealed(node, a) and is_sealed(node, b)
            return self._secret(path, a, b) if both else self._note(path, "is secret on one side")
        if all(any(each is e or each == e for e in _EMPTY) for each in (a, b)):
            return True
        if isinstance(a, Mapping) and isinstance(b, Mapping):
            if isinstance(node, Link) or (isinstance(node, Leaf) and node.reference is not None):
                return self._reference(path, a, b)
            if "address" in a and a.get("address") == b.get("address"):
                return self._secret(path, *({"secret": each.get("secret")} for each in (a, b)))
        return bool(a == b)

    def _reference(self, path: Path, a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
        for each in (a, b):
            kind = str(each.get("kind")).replace("-", " ")
            if each.get("why") == "not read":
                return self._note(path, f"the client may not read {kind}s")
            if each.get("why") == "elsewhere":
                return self._note(path, f"leads to a {kind} outside the stack")
        return self._targets.same(a, b)

    def _secret(self, path: Path, a: Any, b: Any) -> bool:
        """Return whether two secrets are equal, or cannot be compared, which is noted."""
        hidden = [document.secrets == HIDDEN for document in self._documents]
        if any(value is ABSENT and no for value, no in zip((a, b), hidden, strict=True)):
            return self._note(path, "the tenant shows no secrets")
        if not (is_secret_mark(a) and is_secret_mark(b)):
            return False
        x, y = a["secret"], b["secret"]
        if NOT_SHOWN in (x, y):
            return self._note(path, "the tenant shows no secrets")
        if NOT_SET in (x, y):
            return bool(x == y)
        if x.startswith(PREFIX) and y.startswith(PREFIX):
            if self._documents[0].fingerprint_key == self._documents[1].fingerprint_key:
                return bool(x == y)
            return self._note(path, "the fingerprints have different keys")
        return self._note(path, SET_ONLY)

    def _note(self, path: Path, reason: str) -> bool:
        self.unknown.append(Unknown(self._entries[0], path, reason))
        return True
