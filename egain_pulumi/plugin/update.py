"""One update (docs/rules.md#update): read, lay what is declared over it, send the whole object."""

from __future__ import annotations

from typing import Any

from ..errors import ApiError, EgainError, HalfDone, NotFound, TransportError
from ..schema import diff, drift, merge, secrets, state
from ..schema.merge import merged, removed, same
from ..schema.state import Properties
from ..schema.tree import Malformed, unique_field
from . import messages
from .context import Work

_SET_BY_EGAIN = ("id", "created")
_CONFLICT = (409, 412)
_STALE = (400, *_CONFLICT)


class Update:
    """What one update knows while it is under way."""

    def __init__(self, work: Work, olds: Properties, news: Properties) -> None:
        self._work, self._news = work, news
        self._olds = {**olds, **state.checked(work.model, olds)}  # numbers come as floats
        self._read_secrets: list[str] = []
        self._subject, self._tree = work.subject, work.tree
        self._path, self._id = work.collection.path, str(work.subject.id)

    def perform(self) -> None:
        """Until eGain holds what is declared. Raises EgainError, and then nothing was sent, or
        what was sent is named."""
        while True:
            live = self._read()
            try:
                body = self._body(live)
            except Malformed as problem:
                raise EgainError(f"{self._subject} not updated: {problem}.") from None
            if body is None:
                return
            try:
                self._work.operation.replace(self._path, self._id, body)
            except TransportError as error:
                if not error.in_doubt:
                    raise self._failed("update", error) from None
                # It may have been carried out: what is there now decides. Only time ends this
                # loop, in the next read or in the pause before it.
                self._pause(error)
                continue
            except ApiError as error:
                raise self._refused(error) from None
            self._work.tenant.inventory.note(self._work.kind, self._id, body)
            self._confirm()
            return

    def _pause(self, error: TransportError) -> None:
        try:
            self._work.operation.pause(error)
        except TransportError:
            raise self._failed("update", error) from None

    def _read(self) -> Properties:
        try:
            live = self._work.operation.get(self._path, self._id)
            self._read_secrets = list(secrets.shown(self._tree, live))
            return live
        except NotFound:
            raise EgainError(messages.gone(self._subject)) from None
        except Malformed as problem:
            raise EgainError(f"{self._subject} not updated: {problem}.") from None
        except (ApiError, TransportError) as error:
            raise self._failed("read", error) from None

    def _body(self, live: Properties) -> Properties | None:
        """What to send, or None if eGain holds it already."""
        found = drift.conflicts(self._tree, self._olds, self._news, live)
        if found and self._work.tenant.settings.on_conflict == "fail":
            modified = str(live.get("modified", "at an unknown time"))
            shown = [(p, *(self._work.shown(p, value) for value in both)) for p, *both in found]
            raise EgainError(messages.conflict(self._subject, shown, modified))
        current = {k: v for k, v in live.items() if k not in _SET_BY_EGAIN}
        body = merge.overlay(self._tree, current, self._olds, self._news, self._work.load_icon)
        body = self._with_extra(body)
        if same(body, current):
            return None
        if not diff.secrets_changed(self._work.model, self._olds, self._news) and (
            same(self._without_secrets(body), self._without_secrets(current))
        ):
            return None
        self._refuse_masked(body, live)
        return body

    def _with_extra(self, body: Properties) -> Properties:
        old, new = self._olds.get(state.EXTRA) or {}, self._news.get(state.EXTRA) or {}
        return merged(removed(body, old, new), new)

    def _without_secrets(self, wire: Properties) -> Any:
        """What of a wire form can be compared: masked secrets differ from themselves."""
        extra = self._news.get(state.EXTRA) or {}
        shown = removed(wire, extra, {})
        for hidden in self._work.model.undeclared_secrets:
            shown.pop(hidden, None)
        return secrets.blanked(self._tree, shown)

    def _refuse_masked(self, body: Properties, live: Properties) -> None:
        """A secret that was read and not declared goes back only if this very read has shown a
        declared one exactly as declared: then this tenant shows secrets as they are."""
        paths = list(secrets.undeclared_secrets(self._tree, body, self._news))
        extra = self._news.get(state.EXTRA) or {}
        paths += [
            ("extra", name)
            for name in self._work.model.undeclared_secrets
            if body.get(name) and name not in extra
        ]
        if paths and not secrets.shown_as_is(self._tree, live, self._olds):
            raise EgainError(messages.undeclared_secret(self._subject, paths))

    def _confirm(self) -> None:
        """Reads back what a PUT may not have changed, where it was to be changed."""
        uncertain = [
            slot
            for slot in self._tree.slots.values()
            if slot.uncertain and self._olds.get(slot.name) != self._news.get(slot.name)
        ]
        if not uncertain:
            return
        live = self._read()
        for slot in uncertain:
            if live.get(slot.wire) != self._news.get(slot.name):
                text = messages.unchanged_type(self._subject, slot.name)
                kept = {**self._news, slot.name: self._olds.get(slot.name)}
                raise HalfDone(text, self._id, self._work.outputs(kept))

    def _refused(self, error: ApiError) -> EgainError:
        if isinstance(error, NotFound):  # deleted between our GET and our PUT
            return EgainError(messages.gone(self._subject))
        # The status of a stale `modified` is not documented (docs/assumptions.md#writing).
        stale = "modified" in error.keys
        unique = unique_field(self._work.model) or ""
        # A new unique value may be refused with the same status: it is taken, and not for a while.
        renamed = self._olds.get(unique) != self._news.get(unique)
        if (error.status in _CONFLICT and not renamed) or (stale and error.status in _STALE):
            return EgainError(messages.concurrent(self._subject, error))
        return self._failed("update", error)

    def _failed(self, verb: str, error: ApiError | TransportError) -> EgainError:
        before = [text for _, text in secrets.secrets(self._tree, self._olds)]
        return self._work.failed(verb, error, self._news, [*self._read_secrets, *before])
