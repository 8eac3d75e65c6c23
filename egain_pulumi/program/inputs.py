"""PROGRAM SIDE: converts arguments to the declaration that Pulumi sees and the state holds.

Resources become references, and the vendor's lists become mappings. An Output is converted when
its value is known.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import Any, Final, TypeVar

import pulumi

from ..schema.complaint import UNKNOWN, Code, Complaint, Weight
from ..schema.model import Path, Reference
from ..schema.shape import by_key, only_id
from ..schema.tree import (
    Items,
    Leaf,
    Link,
    Node,
    Record,
    Table,
    WordSet,
    sort_words,
)

Complain = Callable[[Complaint], None]
T = TypeVar("T")
_PLAIN: Final = frozenset({str, bool, int, float, dict, list})


def is_pending(value: Any) -> bool:
    """Return whether a value is only known later."""
    if value is None or type(value) in _PLAIN:  # most are, and the checks below cost time
        return False
    return isinstance(value, pulumi.Output) or inspect.isawaitable(value)


def to_declaration(node: Node, value: Any, path: Path, complain: Complain) -> Any:
    """Return a value as a declaration. A value that cannot be one stays as it is, for `validate`
    to complain about."""
    if is_pending(value) and not isinstance(node, Leaf | Link) and only_id(node) is None:
        later = pulumi.Output.from_input(value)
        return later.apply(lambda known: to_declaration(node, known, path, _raise_or_warn))
    if isinstance(value, pulumi.Resource) and not _refers(node):
        text = f"cannot be a resource ({_describe(value)}); use one of its outputs"
        complain(Complaint(path, Code.WRONG_REFERENCE, text))
        return UNKNOWN
    match node:
        case Link(reference):
            return _link(reference, value, path, complain)
        case Leaf(reference=Reference() as reference):
            linked = _link(reference, value, path, complain)
            return linked.get("id") if isinstance(linked, Mapping) else linked
        case Record() if only_id(node) is not None and not isinstance(value, Mapping):
            return _link(only_id(node) or Reference(None), value, path, complain)
        case Record() if isinstance(value, Mapping):
            return {
                key: to_declaration(node.slots[key].node, item, (*path, key), complain)
                if key in node.slots
                else item
                for key, item in value.items()
                if item is not None
            }
        case Table():
            return _table(node, value, path, complain)
        case Items():
            if node.wrapped and isinstance(value, Mapping) and set(value) == {node.wrapped}:
                return to_declaration(node, value[node.wrapped], path, complain)
            if isinstance(value, list | tuple):
                return [
                    to_declaration(node.item, v, (*path, i), complain) for i, v in enumerate(value)
                ]
        case WordSet() if isinstance(value, list | tuple | set | frozenset):
            return sort_words(value)
    return value


def _raise_or_warn(complaint: Complaint) -> None:
    """Report a wrong resource inside an Output: too late for the report of all mistakes, and
    invisible to `check`."""
    if complaint.weight is Weight.MISTAKE:
        raise pulumi.RunError(str(complaint))
    pulumi.log.warn(str(complaint))


def _refers(node: Node) -> bool:
    """Return whether a resource may be used here."""
    bare = isinstance(node, Leaf) and node.reference is not None
    return bare or only_id(node) is not None


def _link(reference: Reference, value: Any, path: Path, complain: Complain) -> Any:
    """Return `{"id": …}` for a resource, an id, an Output of either, or such an object."""
    if isinstance(value, Mapping) and set(value) == {"id"}:
        inner = _link(reference, value["id"], path, complain)
        return inner if isinstance(inner, Mapping) else {"id": value["id"]}
    if isinstance(value, pulumi.Resource):
        problem = _wrong_kind(reference, value)
        if problem is not None:
            complain(Complaint(path, Code.WRONG_REFERENCE, problem))
            return UNKNOWN
        return {"id": value.id}  # type: ignore[attr-defined]  # every kind of ours is custom
    if is_pending(value):
        later = pulumi.Output.from_input(value)
        return {"id": later.apply(lambda v: v["id"] if isinstance(v, Mapping) else v)}
    return {"id": value} if isinstance(value, str) else value


def _wrong_kind(reference: Reference, value: pulumi.Resource) -> str | None:
    if reference.to is None:
        return f"expects an id from eGain's console, got {_describe(value)}"
    if reference.to not in (each.__name__ for each in type(value).__mro__):
        return f"expects a {reference.to}, got {_describe(value)}"
    if getattr(value, "deletes_first", False):
        return (
            f"{_describe(value)} has delete_before_replace, but an object that others refer to "
            "cannot be deleted first. Remove that option, and give a replacement a new name"
        )
    return None


def _describe(value: pulumi.Resource) -> str:
    return f'{type(value).__name__} "{value._name}"'


def _table(node: Table, value: Any, path: Path, complain: Complain) -> Any:
    """Return a mapping by key for a mapping or the vendor's list."""
    if isinstance(value, Mapping):
        return {
            key: to_declaration(node.item, item, (*path, key), complain)
            for key, item in value.items()
            if item is not None
        }
    if not isinstance(value, list | tuple):
        return value
    if any(is_pending(row) or _has_pending_key(row, node.keyed.by) for row in value):
        later: pulumi.Output[list[Any]] = pulumi.Output.from_input(list(value))
        return later.apply(lambda known: _table(node, known, path, _raise_or_warn))
    keyed = by_key(node, value)
    return list(value) if keyed is None else _table(node, keyed, path, complain)


def _has_pending_key(row: Any, by: str) -> bool:
    return isinstance(row, Mapping) and is_pending(row.get(by))


class Later(Awaitable[T]):
    """A value that is known when the program has ended. Unlike an Output it needs no task, and
    unlike a coroutine it need not be awaited."""

    def __init__(self, make: Callable[[], Awaitable[T]]) -> None:
        self._make = make

    def __await__(self) -> Generator[Any, Any, T]:
        return self._make().__await__()


def with_unknowns(value: Any) -> Any:
    """Return a value with UNKNOWN for every part that is only known later."""
    if is_pending(value):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: with_unknowns(item) for key, item in value.items()}
    return [with_unknowns(item) for item in value] if isinstance(value, list) else value
