"""One read, for a refresh or for `get`. Only eGain's own 404 means gone.

From the third read of a kind on, one list answers for all objects that are as this stack last
saw them; each other one is read by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import ApiError, NotFound
from ..schema import drift, state
from ..schema.model import Model
from ..schema.state import Properties
from ..schema.tree import Malformed
from . import host
from .context import Context


@dataclass(frozen=True, slots=True)
class Seen:
    """What a read concludes: the new inputs, and outputs besides them."""

    inputs: Properties
    outputs: Properties


Compare = Callable[[Context, Properties], Seen | None]
"""Compares `context.props` with an object from eGain; None: not the object it was."""


def refresh(context: Context, compare: Compare) -> Seen | None:
    """Return an object of the state as eGain has it now; None if it is gone."""
    try:
        return _as_listed(context, compare) or compare(context, context.get())
    except NotFound:
        return None
    except ApiError as error:
        if error.status != 403 or context.kind.model.read_scope == Model.read_scope:
            raise
        scope = context.kind.model.read_scope
        host.warn(f"{context.subject} {state.NOT_CHECKED}: needs scope {scope}")
        return Seen(context.props, {})


def compare(context: Context, live: Properties) -> Seen:
    """Compare a declared object; see `Compare`."""
    slots = context.tree.slots
    own = {key: value for key, value in context.props.items() if key not in slots}
    return Seen({**own, **drift.actual(context.tree, context.props, live)}, {})


def everything(context: Context, live: Properties) -> Seen:
    """Return all of an object that `get` reads, without secrets; see `Compare`."""
    return Seen({state.GET: True}, drift.declaration(context.tree, live))


def _as_listed(context: Context, compare: Compare) -> Seen | None:
    """Return the object if eGain's list shows it exactly as this stack last saw it.

    Returns None if the object must be fetched: its row is missing, incomplete or different.
    """
    row = context.tenant.inventory.row(context.operation, context.kind, str(context.subject.id))
    try:
        found = None if row is None else compare(context, row)
    except Malformed:
        return None
    return found if found and {**found.inputs, **found.outputs} == context.props else None
