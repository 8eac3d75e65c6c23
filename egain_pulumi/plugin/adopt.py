"""PLUGIN SIDE: taking over an object that exists (`ResourceOptions(import_=…)`).

Nothing is created (docs/rules.md#never-twice-never-lost). What eGain has must equal what is
declared, secrets aside; with `onConflict: overwrite` it is made equal. An import never changes
`active`.
"""

from __future__ import annotations

from typing import Any

from ..errors import ApiError, EgainError, NotFound, TransportError
from ..names import wire_name
from ..schema import drift, secrets, state, tree
from ..schema.state import Properties
from ..schema.tree import Malformed
from . import messages
from .context import Work
from .update import Update


def adopted(work: Work, props: Properties) -> str:
    """The id of the object that now belongs to this stack.

    Raises EgainError if it is not there, is another one than declared, or belongs to a resource
    of this stack already: a replacement would take over what it is about to delete.
    """
    id, live = _located(work, str(props[state.IMPORTED]))
    if work.tenant.owns(id) or not work.tenant.wants(id, work.subject.name):
        text = messages.already_ours(work.subject, id)
        raise EgainError(text)
    bare = secrets.without_secrets(work.tree, props)
    try:
        there = drift.seen(work.tree, bare, live)
        before, wanted = (
            dict(drift.leaves(work.tree, there)),
            dict(drift.leaves(work.tree, bare)),
        )
    except Malformed as problem:
        raise EgainError(f"cannot import {work.subject} [{id}]: {problem}.") from None
    changes = [
        (path, before.get(path, tree.ABSENT), wanted.get(path, tree.ABSENT))
        for path in {**wanted, **before}
        if before.get(path, tree.ABSENT) != wanted.get(path, tree.ABSENT)
    ]
    if any(path == ("active",) for path, _, _ in changes):
        raise EgainError(messages.import_would_switch(work.subject, id, there.get("active")))
    if changes and work.tenant.settings.on_conflict == "fail":
        setting = work.tenant.settings.name("on_conflict")
        shown = [(p, work.shown(p, old), work.shown(p, new)) for p, old, new in changes]
        raise EgainError(messages.import_differs(work.subject, id, shown, setting))
    if changes or state.EXTRA in props or secrets.secrets(work.tree, props):
        Update(work.about(id), there, props).perform()
    work.tenant.own(id, str(work.subject))
    return id


def _located(work: Work, wanted: str) -> tuple[str, dict[str, Any]]:
    key, colon, value = wanted.partition(":")
    try:
        if not colon:
            return wanted, _by_id(work, wanted)
        rows = work.operation.list(work.collection.path, work.collection.key)
    except (ApiError, TransportError) as error:
        raise work.failed("import", error, {}) from None
    found = [row for row in rows if row.get(wire_name(key)) == value]
    if not found:
        raise EgainError(messages.nothing_to_import(work.subject, wanted))
    if len(found) > 1:
        ids = ", ".join(str(row["id"]) for row in found)
        raise EgainError(messages.several_to_import(work.subject, wanted, ids))
    return str(found[0]["id"]), found[0]


def _by_id(work: Work, id: str) -> dict[str, Any]:
    try:
        return work.operation.get(work.collection.path, id)
    except NotFound:
        raise EgainError(messages.nothing_to_import(work.subject, id)) from None
