"""PLUGIN SIDE: one read, for a refresh or for `get`. Only eGain's own 404 means gone.

From the third read of a kind on, one list answers for all objects that are as this stack last
saw them; each other one is read by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import ApiError, ConfigurationError, EgainError, NotFound, TransportError
from ..schema import drift, state
from ..schema.model import Model
from ..schema.state import Properties
from ..schema.tree import Malformed
from . import host
from .context import Work
from .found import found_outputs, matches


@dataclass(frozen=True, slots=True)
class Seen:
    """What a read concludes: the new inputs, and outputs besides them."""

    inputs: Properties
    outputs: Properties


def seen(work: Work, props: Properties) -> Seen | None:
    """An object of the state as eGain has it now; None when it is gone.

    A found object that no longer meets its criteria is gone too: the next `up` looks anew.
    """
    try:
        listed = _as_listed(work, props)
        if listed is not None:
            return listed
        live = work.operation.get(work.collection.path, str(work.subject.id))
    except ConfigurationError as error:
        if state.TENANT in props:
            raise
        raise EgainError(
            f"cannot get {work.subject}, which is read in previews too: {error}"
        ) from None
    except NotFound:
        return None
    except ApiError as error:
        known = state.TENANT in props
        if known and error.status == 403 and work.model.read_scope != Model.read_scope:
            host.warn(f"{work.subject} not checked: needs scope {work.model.read_scope}")
            return Seen({k: v for k, v in props.items() if k != state.TENANT}, {})
        raise work.failed("read", error, props) from None
    except TransportError as error:
        raise work.failed("read", error, props) from None
    try:
        return _compared(work, props, live)
    except Malformed as problem:
        text = f"cannot read {work.subject} [{work.subject.id}]: {problem}."
        raise EgainError(text) from None


def _as_listed(work: Work, props: Properties) -> Seen | None:
    """The object if eGain's list shows it exactly as this stack last saw it.

    None where a GET must tell: a row that is missing, short or different proves nothing. So must
    it for `get` in a program, which asks for values rather than for changes.
    """
    if state.TENANT not in props:
        return None
    row = work.tenant.inventory.row(work.operation, work.kind, str(work.subject.id))
    if row is None:
        return None
    try:
        found = _compared(work, props, row)
    except Malformed:
        return None
    if found is None:
        return None
    before = {key: value for key, value in props.items() if key != state.TENANT}
    if state.GET not in props and state.FIND not in props:
        before = state.checked(work.model, before)
    return found if {**found.inputs, **found.outputs} == before else None


def _compared(work: Work, props: Properties, live: Properties) -> Seen | None:
    if state.FIND in props:
        if not matches(work.model, props[state.FIND], live):
            return None
        return Seen({state.FIND: props[state.FIND]}, found_outputs(work.model, live))
    if state.GET in props:
        return Seen({state.GET: True}, drift.declaration(work.tree, live))
    declared = state.checked(work.model, props)
    slots = work.tree.slots
    own = {key: value for key, value in declared.items() if key not in slots}
    return Seen({**own, **drift.seen(work.tree, declared, live)}, {})
