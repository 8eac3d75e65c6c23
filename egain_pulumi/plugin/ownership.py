"""Which object belongs to which resource of this stack, as far as this process has seen."""

from __future__ import annotations

import threading


class Ownership:
    """The objects, unique values and replacements of one stack in one tenant. Thread-safe.

    A resource is named by its URN where a rule needs it exactly, and as messages name it
    (`channel "chat"`) where an object may move from one resource to another.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owners: dict[str, str] = {}
        """Object id to resource; empty once that resource is about to be replaced."""
        self._claims: dict[str, str] = {}
        """Object id to the resource that imports it in this run."""
        self._declared: dict[tuple[str, str], str] = {}
        """Kind and unique value to the URN that declares it."""
        self._wanted: dict[str, str | None] = {}
        """URN to the unique value that it declares."""
        self._saved: dict[str, tuple[str, str | None]] = {}
        """URN to the kind and the unique value in its state."""
        self._holders: dict[tuple[str, str], str] = {}
        """Kind and unique value to the URN that has it in the state."""

    def own(self, id: str, resource: str) -> None:
        """Note that a resource of this stack has an object.

        A second one, no longer declared, may have it too: the one that an import took it from,
        if that run was interrupted.
        """
        with self._lock:
            self._owners[id] = resource

    def owns(self, id: str) -> bool:
        """Return whether an object is known to be in this stack's state."""
        return id in self._owners

    def claim(self, id: str, resource: str) -> bool:
        """Return whether a resource is the first of this run to import an object."""
        return self._claims.setdefault(id, resource) == resource

    def release(self, resource: str) -> None:
        """Note that a resource is about to be replaced: it does not keep its object."""
        with self._lock:
            kept = {id: "" if owner == resource else owner for id, owner in self._owners.items()}
            self._owners = kept

    def taken_over(self, id: str, resource: str) -> bool:
        """Return whether an object now belongs to another resource, whose delete it is not."""
        return self._owners.get(id, "") not in ("", resource)

    def owner(self, id: str) -> str | None:
        """Return the resource that has an object; None if it is not known to be in this stack."""
        return self._owners.get(id) or None

    def declare(self, label: str, value: str, urn: str) -> str:
        """Return the URN of the first resource that declares a unique value of a kind."""
        self._wanted[urn] = value
        return self._declared.setdefault((label, value), urn)

    def save(self, urn: str, label: str, value: str | None) -> None:
        """Note the unique value that the state holds for a resource."""
        self.forget(urn)
        self._saved[urn] = (label, value)
        if value is not None:
            self._holders[label, value] = urn

    def exchange(self, urn: str, label: str) -> tuple[list[str], bool]:
        """Return the resources, as far as they were checked, that take the value that this one
        gives up or give up the one that it takes; and whether they exchange values in a circle.
        """
        was, now = self.saved(urn), self._wanted.get(urn)
        if was == now:
            return [], False
        taker = self._declared.get((label, was)) if was is not None else None
        circle: list[str] = []
        value = now
        while value is not None and (holder := self._holders.get((label, value))) is not None:
            if holder == urn and circle:
                return [urn, *circle], True
            if holder in (urn, *circle) or self._wanted.get(holder) == value:
                break
            circle.append(holder)
            value = self._wanted.get(holder)
        near = [taker] if taker is not None and self._wanted.get(taker) == was else []
        return [each for each in (*near, *circle[:1]) if each != urn], False

    def is_replacement(self, urn: str) -> bool:
        """Return whether a check without old state belongs to a replacement.

        The engine checks a resource that it is going to replace once more, without the old state.
        """
        return urn in self._saved

    def saved(self, urn: str) -> str | None:
        """Return the unique value that the state holds for a resource."""
        return self._saved.get(urn, ("", None))[1]

    def forget(self, urn: str | None) -> None:
        """Note that a resource has no object any more: the next check is of a new one."""
        label, value = self._saved.pop(str(urn), ("", None))
        if value is not None and self._holders.get((label, value)) == urn:
            self._holders.pop((label, value), None)
