"""Refresh: read everything, record what was found, show it as the inverse of the next diff."""

from __future__ import annotations

from functools import partial

from tests.support.difference import invert, same
from tests.support.errors import ProviderError
from tests.support.execution import Execution
from tests.support.provider import ReadResult
from tests.support.state import Resource
from tests.support.steps import Step


def refresh(execution: Execution) -> None:
    """Refresh every managed resource of the working state, one after the other."""
    for old in execution.state.managed():
        if old.pending_replacement:
            continue
        execution.stop_if_failed()
        execution.guarded(old.urn, partial(_refresh, execution, old))
    known = {r.urn for r in execution.state}
    for resource in execution.state:
        resource.dependencies = [urn for urn in resource.dependencies if urn in known]


def _refresh(execution: Execution, old: Resource) -> None:
    provider = execution.hosts.provider(old.provider)
    errors: list[str] = []
    try:
        found = provider.read(old.urn, old.id, old.inputs, old.outputs)
    except ProviderError as failure:
        # The engine takes "initialised with errors" for a warning here and records it.
        if failure.init_failed is None:
            raise
        errors = failure.init_failed.reasons
        found = ReadResult(failure.init_failed.id, failure.init_failed.properties, None)
    if not found.id:
        execution.state.drop(old)
        execution.note(Step("delete", old.urn, old.type, old.id, old=old))
        return
    new = old.copy()
    new.id, new.outputs, new.init_errors = found.id, found.outputs, errors
    if found.inputs is not None:
        new.inputs = found.inputs
    if old.external:
        # What is only read has no goal to compare with: the engine looks at the outputs alone.
        op = "same" if same(old.outputs, new.outputs) else "update"
        step = Step(op, old.urn, old.type, new.id, old=old, new=new)
    else:
        # The diff that the next `up` of an unchanged program would show, the other way round.
        diff = provider.diff(old.urn, new.id, new.inputs, new.outputs, old.inputs)
        op = "update" if diff.changes else "same"
        paths = invert(diff.paths or {})
        step = Step(op, old.urn, old.type, new.id, paths, tuple(diff.replaces), old, new)
    new.mark_secrets()
    execution.state.put(new, old)
    execution.note(step)
