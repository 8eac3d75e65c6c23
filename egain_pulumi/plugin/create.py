"""One create, from the declaration to the new id."""

from __future__ import annotations

import time

from ..errors import ApiError, EgainError, HalfDone, TransportError
from ..schema import drift, secrets, state
from ..schema.merge import merge_extra
from ..schema.state import Properties
from ..schema.tree import to_wire
from . import host, journal, messages
from .adopt import adopt
from .context import Context
from .lost_create import find_left_behind, find_lost
from .unique import holder
from .update import update


def create(context: Context) -> str:
    """Send one POST and return the new id, or that of an earlier POST whose answer was lost.

    Raises EgainError; then either nothing was created or the message says what to look for.
    """
    body = _body(context)
    # Without secrets, and in an order of its own: the engine's differs from run to run.
    sent = str(sorted(map(str, drift.leaves(context.tree, context.props))))
    known = _left_behind(context, sent)
    if known is not None:
        return known
    if context.kind.unique is None:
        _refuse_equal(context)
    journal.begin(host.urn(), context.tenant.mark, sent)
    id = _post(context, body, sent)
    context.tenant.ownership.own(id, str(context.subject))
    context.tenant.inventory.note(context.kind, id, body)
    return id


def _left_behind(context: Context, sent: str) -> str | None:
    """Take over, as an import does, what an interrupted run has created."""
    passed = journal.seconds_since(host.urn(), context.tenant.mark, sent)
    id = None if passed is None else find_left_behind(context, passed)
    if id is None:
        return None
    host.info(f"{context.subject} [{id}] was created by a run that was interrupted; it is kept.")
    return adopt(context, id, is_ours=True)


def _refuse_equal(context: Context) -> None:
    """Raise EgainError if an equal object exists that this stack is not known to have."""
    for row in context.tenant.inventory.before(context.operation, context.kind):
        ours = context.tenant.ownership.owns(row["id"])
        if not ours and drift.holds(context.tree, context.props, row):
            raise messages.equal_exists(context.subject, context.value, row["id"])


def _post(context: Context, body: Properties, sent: str) -> str:
    started = time.monotonic()
    lost: TransportError | None = None
    while True:
        try:
            return context.operation.create(context.kind.collection.path, body)
        except ApiError as error:
            # A second POST that is refused may have met what the first one created.
            found = find_lost(context, lost, started) if lost else None
            if found is None:
                journal.discard(host.urn(), sent)
                _refuse_duplicate(context, error)
                raise
            return _with_secrets(context, found)
        except TransportError as error:
            if not error.in_doubt:
                journal.discard(host.urn(), sent)
                raise
            lost = error
        found = find_lost(context, lost, started)
        if found is not None:
            return _with_secrets(context, found)
        if context.kind.unique is None:
            raise context.error(messages.in_doubt(context.subject, context.value, str(lost)))


def _with_secrets(context: Context, id: str) -> str:
    """Send the declared secrets to an object that was looked up, which no look-up can compare: an
    equal one that somebody else created in the same second does not have them."""
    props = context.props
    if state.EXTRA not in props and not secrets.declared_secrets(context.tree, props):
        return id
    bare = secrets.without_secrets(context.tree, props)
    try:
        update(context.about(id), bare, props)
    except HalfDone:
        raise
    except EgainError as problem:
        text = f"{problem} It was created; the next pulumi up sends its secrets."
        error = EgainError(text, problem.reason)
        raise HalfDone(error, id, context.outputs(bare)) from None
    return id


def _body(context: Context) -> Properties:
    declared = dict(context.props)
    if isinstance(declared.get("icon"), dict):
        declared["icon"] = context.load_icon(declared["icon"])
    return merge_extra(to_wire(context.tree, declared), declared.get(state.EXTRA) or {})


def _refuse_duplicate(context: Context, error: ApiError) -> None:
    """Raise EgainError naming the object that has the unique value, if that is what `error` is."""
    found = holder(context, error)
    if found is None:
        return
    value, existing = found
    if context.tenant.ownership.owns(existing):
        raise context.error(messages.own_duplicate(context.subject, value, existing)) from None
    said = f"{error.code}: {error.words}"
    raise context.error(messages.duplicate(context.subject, value, existing, said)) from None
