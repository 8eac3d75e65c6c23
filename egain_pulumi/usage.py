"""PLUGIN SIDE: who in the tenant still refers to an object (design rule 6).

eGain's own answer to deleting something in use is not documented: it may refuse, or comply and
leave customers nowhere. So it is found out before: one list per referring kind and process, kept
true with what this process itself creates, updates and deletes. A hit is confirmed by reading
the referrer, because somebody else may have changed it since.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import EgainError, NotFound
from .inventory import Kind, references, refers_to
from .messages import resource_class
from .model import wire_name
from .shape import Malformed, tree
from .work import Work


@dataclass(frozen=True, slots=True)
class User:
    """An object that refers to another one."""

    kind: Kind
    id: str
    value: str

    def __str__(self) -> str:
        return f'{self.kind.model.label} "{self.value}" ({self.id})'


class Usage:
    """What refers to what, as far as deletes have asked. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, dict[str, User]] = {}
        self._targets: dict[str, set[str]] = {}

    def users(self, work: Work, kinds: Iterable[Kind]) -> list[User]:
        """Who refers to the object now, confirmed one by one.

        Raises ApiError, TransportError or EgainError where that cannot be found out.
        """
        target, found = str(work.subject.id), []
        for kind in kinds:
            if refers_to(kind, resource_class(work.model)):
                found += [
                    u for u in self._candidates(work, kind, target) if _still(work, u, target)
                ]
        return found

    def note(self, kind: Kind, id: str, body: Mapping[str, Any]) -> None:
        """This process has created or updated an object."""
        with self._lock:
            if kind.name in self._known:
                self._remember(kind, id, body)

    def forget(self, kind: Kind, id: str) -> None:
        """This process has deleted an object."""
        with self._lock:
            self._known.get(kind.name, {}).pop(id, None)
            self._targets.pop(id, None)

    def _candidates(self, work: Work, kind: Kind, target: str) -> list[User]:
        with self._lock:
            if kind.name not in self._known:
                rows = work.operation.list(kind.collection.path, kind.collection.key)
                self._known[kind.name] = {}
                try:
                    for row in rows:
                        self._remember(kind, row["id"], row)
                except Malformed as problem:
                    del self._known[kind.name]
                    raise EgainError(f"the {kind.plural} cannot be read: {problem}.") from None
            known = self._known[kind.name].values()
            return [user for user in known if target in self._targets.get(user.id, ())]

    def _remember(self, kind: Kind, id: str, body: Mapping[str, Any]) -> None:
        value = body.get(wire_name(kind.field))
        self._known[kind.name][id] = User(kind, id, str(value))
        self._targets[id] = {to for _, to in references(tree(kind.model), body)}


def _still(work: Work, user: User, target: str) -> bool:
    try:
        live = work.operation.get(user.kind.collection.path, user.id)
        return any(to == target for _, to in references(tree(user.kind.model), live))
    except NotFound:
        return False
    except Malformed as problem:
        raise EgainError(f"{user} cannot be read: {problem}.") from None
