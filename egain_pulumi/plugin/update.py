"""One update (docs/rules.md#update): read, lay what is declared over it, send the whole object."""

from __future__ import annotations

from ..errors import ApiError, Cancelled, HalfDone, NotFound, TransportError
from ..redaction import KNOWN
from ..schema import diff, drift, merge, secrets, state
from ..schema.merge import same
from ..schema.same import comparable, comparable_wire, typed_wire
from ..schema.state import Properties
from ..schema.tree import Leaf
from . import messages, rename_messages
from .context import Context
from .unique import holder

_SET_BY_EGAIN = ("id", "created")
_CONFLICT = (409, 412)
_STALE = (400, *_CONFLICT)


def update(context: Context, olds: Properties, news: Properties) -> None:
    """Change the object until eGain holds what `news` declare.

    Raises EgainError; then either nothing was sent or the message says what was.
    """
    with context.reporting("update"):
        _Update(context, olds, news).perform()


class _Update:
    """What one update knows while it runs."""

    def __init__(self, context: Context, olds: Properties, news: Properties) -> None:
        self._context, self._news = context, news
        self._olds = {**olds, **state.normalize(context.kind.model, olds)}  # numbers come as floats
        self._subject, self._tree = context.subject, context.tree
        self._path, self._id = context.kind.collection.path, str(context.subject.id)
        KNOWN.know(secrets.all_texts(self._tree, self._olds))

    def perform(self) -> None:
        while True:
            body = self._body(self._read())
            if body is None:
                return
            try:
                self._context.operation.replace(self._path, self._id, body)
                break
            except TransportError as error:
                if not error.in_doubt:
                    raise
                # It may have been carried out: what eGain has now decides. Only time ends this
                # loop, in the next read or in the pause before it.
                try:
                    self._context.operation.back_off(error)
                except Cancelled:
                    raise error from None
            except ApiError as error:
                self._refuse_stale(error)
                raise
        self._context.tenant.inventory.note(
            self._context.operation, self._context.kind, self._id, body
        )
        self._confirm()

    def _read(self) -> Properties:
        with self._context.reporting("read"):
            try:
                live = self._context.get()
            except NotFound:
                raise messages.gone(self._subject) from None
            # What is sent holds them too, and a refusal may repeat them.
            KNOWN.know(secrets.secret_texts(self._tree, live))
            return live

    def _body(self, live: Properties) -> Properties | None:
        """Return what to send, or None if eGain holds it already."""
        found = drift.conflicts(self._tree, self._olds, self._news, live)
        if found and self._context.tenant.settings.on_conflict == "fail":
            modified = str(live.get("modified", "at an unknown time"))
            shown = [(p, *(self._context.shown(p, value) for value in both)) for p, *both in found]
            raise messages.conflict(self._subject, shown, modified)
        own = {k: v for k, v in live.items() if k not in _SET_BY_EGAIN}
        current = typed_wire(self._tree, own)
        load = self._context.load_icon
        body = merge.overlay(self._tree, current, self._olds, self._news, load)
        old, new = self._olds.get(state.EXTRA) or {}, self._news.get(state.EXTRA) or {}
        body = merge.merge_extra(merge.remove_extra(body, old, new), new)
        if self._equal(body, current):
            return None
        self._refuse_masked(body, live)
        return body

    def _equal(self, body: Properties, current: Properties) -> bool:
        """Return whether eGain holds all that would be sent."""
        if same(*(comparable_wire(self._tree, each) for each in (body, current))):
            return True
        if diff.secrets_changed(self._context.kind.model, self._olds, self._news):
            return False
        # Masked secrets differ from themselves.
        return same(
            *(
                comparable_wire(self._tree, self._shown(each), secrets=False)
                for each in (body, current)
            )
        )

    def _shown(self, wire: Properties) -> Properties:
        """Return a wire form without what our model does not know and may be masked."""
        shown = merge.remove_extra(wire, self._news.get(state.EXTRA) or {}, {})
        for hidden in self._context.kind.model.undeclared_secrets:
            shown.pop(hidden, None)
        return shown

    def _refuse_masked(self, body: Properties, live: Properties) -> None:
        """Refuse to send back a secret that was read and not declared, unless this very read
        returned a declared one exactly as declared: then this tenant does not mask secrets."""
        paths = secrets.undeclared_secrets(self._tree, body, self._news)
        extra = self._news.get(state.EXTRA) or {}
        paths += [
            ("extra", name)
            for name in self._context.kind.model.undeclared_secrets
            if body.get(name) and name not in extra
        ]
        declared = self._olds, self._news
        if paths and not any(secrets.shows_secrets(self._tree, live, each) for each in declared):
            raise messages.undeclared_secret(self._subject, paths)

    def _confirm(self) -> None:
        """Read back the fields that a PUT may leave as they were."""
        uncertain = [
            slot
            for slot in self._tree.slots.values()
            if slot.uncertain and self._olds.get(slot.name) != self._news.get(slot.name)
        ]
        if not uncertain:
            return
        live = self._read()
        for slot in uncertain:
            node, now = slot.node, live.get(slot.wire)
            assert isinstance(node, Leaf)
            if comparable(node, now) != comparable(node, self._news.get(slot.name)):
                error = messages.unchanged_type(self._subject, slot.name)
                kept = {**self._news, slot.name: self._olds.get(slot.name)}
                raise HalfDone(error, self._id, self._context.outputs(kept))

    def _refuse_stale(self, error: ApiError) -> None:
        """Raise EgainError if somebody else deleted or changed the object after our read."""
        if isinstance(error, NotFound):
            raise messages.gone(self._subject) from None
        # docs/assumptions.md#writing: the status of a stale `modified` is not documented; 400
        # may name it.
        stale = "modified" in error.keys
        unique = self._context.kind.unique or ""
        # A new unique value may be refused with the same status: another object has it.
        renamed = self._olds.get(unique) != self._news.get(unique)
        if (error.status in _CONFLICT and not renamed) or (stale and error.status in _STALE):
            raise messages.concurrent(self._subject, error) from None
        found = holder(self._context, error) if renamed else None
        if found is not None:
            owner = self._context.tenant.ownership.owner(found[1])
            said = f"{error.code}: {error.words}"
            raise rename_messages.renamed_to_taken(self._subject, *found, owner, said) from None
