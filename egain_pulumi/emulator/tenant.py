"""The objects of one tenant and the rules between them: unique values, references, the lock.

Objects are in memory and written through to the store. No method awaits, so each is atomic for all
requests in flight. Each method refuses before its first change.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from . import errors
from .clock import Clock, parse_stamp
from .contract import shapes
from .contract.shapes import Shape
from .contract.validation import Problem, refusal
from .errors import ApiError
from .rules import SEEDS, Noun
from .settings import Settings
from .store import Store
from .visibility import Visibility

Body = dict[str, Any]


class Tenant:
    """All objects. `shapes` maps a collection to the shape of its bodies."""

    def __init__(
        self, store: Store, clock: Clock, nouns: Sequence[Noun], shapes: dict[str, Shape]
    ) -> None:
        self.store, self.clock, self.shapes = store, clock, shapes
        self.nouns = {noun.collection: noun for noun in nouns}
        self.by_kind = {noun.kind: noun for noun in nouns}
        self.hidden = Visibility(clock)
        self.edited: set[str] = set()
        self.objects: dict[str, dict[str, Body]] = {}
        self._owners: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._referrers: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        self._begin(store.load())
        if store.fresh:
            self.reset()

    def reset(self) -> None:
        """Start a new tenant that has only eGain's own objects, with new ids."""
        now = self.clock.stamp()
        seeds = [(c, k, _with_stamps(b, k, now, now)) for c, b in SEEDS for k in (_new_id(),)]
        self.store.reset(seeds)
        self._begin(seeds)

    def get(self, noun: Noun, key: str) -> Body:
        """Return an object; a 404-101 if it does not exist."""
        body = self.objects[noun.collection].get(key)
        if body is None:
            raise not_found(key)
        return body

    def create(self, noun: Noun, body: Body, settings: Settings) -> str:
        """Store a new object and return its id; `id`, `created`, `modified` in it are ignored."""
        self._check_unique(noun, body, None, settings)
        self._check_references(noun, body, settings)
        key, now = _new_id(), self.clock.stamp()
        whole = self._with_defaults(noun, body)
        self._set(noun.collection, key, _with_stamps(whole, key, now, now))
        return key

    def replace(self, noun: Noun, key: str, body: Body, settings: Settings) -> None:
        """Replace a whole object (docs/assumptions.md#writing: that PUT replaces is assumed)."""
        old = self.get(noun, key)
        if settings.lock:
            self._check_lock(old, body, settings)
        self._check_unique(noun, body, key, settings)
        self._check_references(noun, body, settings)
        stamps = key, old.get("created", self.clock.stamp()), self._next_stamp(old)
        self._set(noun.collection, key, _with_stamps(self._with_defaults(noun, body), *stamps))

    def delete(self, noun: Noun, key: str, settings: Settings) -> None:
        """Remove an object, unless others refer to it and `delete_referenced` refuses that."""
        self.get(noun, key)
        users = sorted(self._referrers[key])
        if users and settings.delete_referenced == "refuse":
            raise ApiError(
                settings.delete_referenced_status,
                errors.IN_USE,
                "The object is in use and cannot be deleted.",
                [(self.nouns[collection].kind, user) for collection, user in users],
            )
        self.remove(noun.collection, key)

    def write(self, collection: str, key: str, body: Body) -> Body:
        """Store an object as the console would: without checks, with new stamps."""
        old = self.objects[collection].get(key, {})
        created = old.get("created") or self.clock.stamp()
        new = _with_stamps(body, key, created, self._next_stamp(old) if old else created)
        self._set(collection, key, new)
        self.edited.add(key)
        return new

    def remove(self, collection: str, key: str) -> None:
        """Remove an object, even if others refer to it."""
        self.store.remove(collection, key)
        self._unlink(collection, key)
        del self.objects[collection][key]
        self.hidden.forget(key)

    def _begin(self, objects: Sequence[tuple[str, str, Body]]) -> None:
        self.objects = {collection: {} for collection in self.nouns}
        self._owners.clear()
        self._referrers.clear()
        self.hidden.clear()
        self.edited.clear()
        for collection, key, body in objects:
            if collection in self.objects:
                self.objects[collection][key] = body
                self._link(collection, key)

    def _set(self, collection: str, key: str, body: Body) -> None:
        self.store.put(collection, key, body)
        self._unlink(collection, key)
        self.objects[collection][key] = body
        self._link(collection, key)
        self.edited.discard(key)

    def _link(self, collection: str, key: str) -> None:
        body = self.objects[collection][key]
        unique = self.nouns[collection].unique
        if unique and isinstance(body.get(unique), str):
            self._owners[collection, body[unique]].add(key)
        for _, _, target in shapes.references(self.shapes[collection], body):
            self._referrers[target].add((collection, key))

    def _unlink(self, collection: str, key: str) -> None:
        body = self.objects[collection].get(key)
        if body is None:
            return
        unique = self.nouns[collection].unique
        if unique and isinstance(body.get(unique), str):
            self._owners[collection, body[unique]].discard(key)
        for _, _, target in shapes.references(self.shapes[collection], body):
            self._referrers[target].discard((collection, key))

    def _with_defaults(self, noun: Noun, body: Body) -> Body:
        """Add the contract's defaults (`active`) for attributes that are missing."""
        known = self.shapes[noun.collection].properties
        defaults = {name: part.default for name, part in known.items() if part.default is not None}
        return {**defaults, **body}

    def _check_unique(self, noun: Noun, body: Body, key: str | None, settings: Settings) -> None:
        value = body.get(noun.unique) if noun.unique else None
        if isinstance(value, str) and self._owners[noun.collection, value] - {key}:
            raise ApiError(
                settings.duplicate_status,
                errors.DUPLICATE,
                f"An object with this {noun.unique} already exists.",
                [(str(noun.unique), "must be unique")],
            )

    def _check_references(self, noun: Noun, body: Body, settings: Settings) -> None:
        if not settings.check_references:
            return
        unknown = [
            Problem(path, f"no {kind} has this id")
            for path, kind, target in shapes.references(self.shapes[noun.collection], body)
            if kind in self.by_kind and target not in self.objects[self.by_kind[kind].collection]
        ]
        if unknown:
            raise refusal(unknown)

    def _check_lock(self, old: Body, body: Body, settings: Settings) -> None:
        sent, stored = body.get("modified"), old.get("modified")
        if not isinstance(sent, str) or sent == stored:
            return
        moment = parse_stamp(sent)
        if moment is None or moment != parse_stamp(str(stored)):
            raise ApiError(
                settings.lock_status,
                errors.STALE,
                "The object was changed since it was read.",
                [("modified", "differs from the stored value")],
                configured=True,
            )

    def _next_stamp(self, old: Body) -> str:
        """Return a stamp that is later than the object's own, so that each change shows."""
        before = parse_stamp(str(old.get("modified", "")))
        floor = before.timestamp() + 0.001 if before else 0.0
        # Half a millisecond more: `stamp` truncates to milliseconds, and 0.001 is not exact.
        return self.clock.stamp(max(self.clock.now(), floor + 0.0005))


def not_found(key: str) -> ApiError:
    """Return the contract's error for an id that does not exist."""
    text = f"The following IDs provided in the URI path were not found: {key}"
    return ApiError(404, errors.NOT_FOUND, text)


def _new_id() -> str:
    return str(uuid.uuid4())


def _with_stamps(body: Body, key: str, created: str, modified: str) -> Body:
    """Put the attributes that only the server sets first, as in the vendor's samples."""
    own = {"id": key, "created": created, "modified": modified}
    return {**own, **{name: value for name, value in body.items() if name not in own}}
