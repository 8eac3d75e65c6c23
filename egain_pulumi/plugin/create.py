"""PLUGIN SIDE: one create, from the declaration to the new id."""

from __future__ import annotations

import time

from ..errors import ApiError, EgainError, HalfDone, TransportError
from ..schema import drift, secrets, state
from ..schema.merge import merged
from ..schema.state import Properties
from ..schema.tree import to_wire, unique_field
from . import host, journal, messages
from .adopt import adopted
from .context import Work
from .lost_create import left_behind, recovered
from .update import Update


def created(work: Work, props: Properties) -> str:
    """The id of the new object: of this POST, or of one whose answer was lost.

    Raises EgainError, and then either nothing is there or the message says what to look for.
    """
    body = _body(work, props)
    # Without secrets, and in an order of its own: the engine's differs from run to run.
    sent = str(sorted(map(str, drift.leaves(work.tree, props))))
    known = _left_behind(work, props, sent)
    if known is not None:
        return known
    if unique_field(work.model) is None:
        refuse_twin(work, props)
    journal.begin(host.urn(), work.tenant.mark, sent)
    id = _posted(work, props, body, sent)
    work.tenant.own(id, str(work.subject))
    work.tenant.inventory.note(work.kind, id, body)
    return id


def _left_behind(work: Work, props: Properties, sent: str) -> str | None:
    """What an earlier run has made and did not live to write down: taken over, as by an import."""
    passed = journal.begun(host.urn(), work.tenant.mark, sent)
    if passed is None:
        return None
    try:
        id = left_behind(work, props, passed)
    except (ApiError, TransportError) as error:
        raise work.failed("create", error, props) from None
    if id is None:
        return None
    host.inform(f"{work.subject} [{id}] was made by a run that was interrupted; it is kept.")
    return adopted(work, {**props, state.IMPORTED: id})


def _posted(work: Work, props: Properties, body: Properties, sent: str) -> str:
    started = time.monotonic()
    lost: TransportError | None = None
    while True:
        try:
            return work.operation.create(work.collection.path, body)
        except ApiError as error:
            # A second POST that is refused may have met what the first one made.
            found = recovered(work, props, lost, started) if lost else None
            if found is None:
                journal.refused(host.urn(), sent)
                raise _refused(work, error, props) from None
            return _whole(work, props, found)
        except TransportError as error:
            if not error.in_doubt:
                journal.refused(host.urn(), sent)
                raise work.failed("create", error, props) from None
            lost = error
        found = recovered(work, props, lost, started)
        if found is not None:
            return _whole(work, props, found)
        if unique_field(work.model) is None:
            text = messages.in_doubt(work.subject, work.unique(props), str(lost))
            raise work.error(text, props) from None


def _whole(work: Work, props: Properties, id: str) -> str:
    """What was looked up, with the secrets of the declaration, which no look-up can compare: an
    equal object that somebody else made in the same second does not have them."""
    if state.EXTRA not in props and not secrets.secrets(work.tree, props):
        return id
    bare = secrets.without_secrets(work.tree, props)
    try:
        Update(work.about(id), bare, props).perform()
    except HalfDone:
        raise
    except EgainError as problem:
        text = f"{problem} It was made; the next pulumi up sends its secrets."
        raise HalfDone(text, id, work.outputs(bare)) from None
    return id


def _body(work: Work, props: Properties) -> Properties:
    declared = dict(props)
    if isinstance(declared.get("icon"), dict):
        declared["icon"] = work.load_icon(declared["icon"])
    return merged(to_wire(work.tree, declared), props.get(state.EXTRA) or {})


def _refused(work: Work, error: ApiError, props: Properties) -> EgainError:
    """A refusal may be about a unique value: then the object that has it is named."""
    field, value = unique_field(work.model), work.unique(props)
    if error.status not in (400, 409) or field is None or value is None:
        return work.failed("create", error, props)
    try:
        rows = work.operation.list(work.collection.path, work.collection.key)
    except (ApiError, TransportError):
        rows = []  # the refusal itself is the better message
    wire = work.tree.slots[field].wire
    existing = next((row["id"] for row in rows if row.get(wire) == value), None)
    if existing is None:
        return work.failed("create", error, props)
    if work.tenant.owns(existing):
        return work.error(messages.own_duplicate(work.subject, value, existing), props)
    said = f"{error.code}: {error.words}"
    return work.error(messages.duplicate(work.subject, value, existing, said), props)


def refuse_twin(work: Work, props: Properties) -> None:
    """Raise EgainError if an equal object is there that this stack is not known to have."""
    for row in work.tenant.census.before(work, props):
        if not work.tenant.owns(row["id"]) and drift.holds(work.tree, props, row):
            raise EgainError(messages.twin(work.subject, work.unique(props), row["id"]))
