"""PLUGIN SIDE: the gate. What `check` refuses, in previews too, without a call."""

from __future__ import annotations

from typing import Any

from pulumi.output import Unknown

from ..schema import arguments, complaint, secrets, state
from ..schema.complaint import UNKNOWN
from ..schema.state import PROVIDER, Properties
from ..schema.tree import unique_field
from ..text import sentence
from . import host, messages
from .context import Work


def problems(work: Work, olds: Properties, news: Properties, inputs: Properties) -> list[str]:
    """Every reason to refuse these inputs, as `path: text`; warns of what is no reason.

    The program has listed what it could see; then only their number is said here.
    """
    said = news.get(state.PROGRAM) or {}
    if said.get("problems"):
        count = int(said["problems"])
        return [f"{count} problem{'' if count == 1 else 's'}, listed above"]
    if state.FIND in inputs or state.GET in inputs:
        return []
    work.tenant.warn_of_missing()
    work.tenant.hidden[host.urn()] = [tuple(path) for path in said.get("secret") or ()]
    internal = (state.PROGRAM, state.IMPORT, PROVIDER)
    declared = {k: v for k, v in news.items() if k not in internal}
    found = arguments.review(work.model, _blanked(declared))
    errors, warnings = complaint.weighed(found, work.tenant.settings.validation)
    known = set(said.get("said") or ())
    for text in map(str, warnings):
        if text not in known:
            host.warn(f"{work.subject}: {sentence(text)}")
    return [*map(str, errors), *_taken(work, inputs), *_replaced(work, olds, inputs, said)]


def imported(work: Work, olds: Properties, news: Properties) -> Properties:
    """The mark of an adopted object: new on its first check, afterwards that of the state.

    So the option may stay in the program or leave it, and neither is a change.
    """
    if olds:
        return {state.IMPORTED: olds[state.IMPORTED]} if state.IMPORTED in olds else {}
    if state.IMPORT not in news:
        return {}
    inputs = {**state.checked(work.model, news), state.IMPORTED: news[state.IMPORT]}
    host.inform(f"{work.subject}: {announcement(work, inputs)}")
    return {state.IMPORTED: news[state.IMPORT]}


def _taken(work: Work, inputs: Properties) -> list[str]:
    """Two declared objects of one kind with the same unique value."""
    urn, value, field = host.urn(), work.unique(inputs), unique_field(work.model)
    if urn is None or value is None or field is None:
        return []
    first = work.tenant.declared.setdefault((work.model.label, value), urn)
    if first == urn:
        return []
    other = first.rsplit("::", 1)[-1]
    return [f'{field}: is the same as that of {work.model.label} "{other}"; eGain wants it unique']


def _replaced(work: Work, olds: Properties, inputs: Properties, said: Properties) -> list[str]:
    """A replacement creates and deletes: what eGain would refuse of either is refused at once.

    The engine checks a resource that it is going to replace once more, without the old state.
    """
    urn, tenant = host.urn(), work.tenant
    if urn is None:
        return []
    if olds:
        tenant.replaceable[urn] = work.unique(olds)
        return []
    if urn not in tenant.replaceable:
        return []
    tenant.release(str(work.subject))
    reasons = []
    unique, value = unique_field(work.model), work.unique(inputs)
    kept = value == tenant.replaceable[urn] and not said.get("deletes_first")
    if unique is not None and value is not None and kept:
        reasons.append(messages.replaced_under_its_own(unique, value))
    settings, field = tenant.settings, "allow_delete"
    if not settings.allow_delete:
        source, variable = settings.source(field), settings.variable(field)
        reasons.append(messages.may_not_delete(work.subject, source, variable, "replaced"))
    return reasons


def _blanked(value: Any) -> Any:
    """The inputs with UNKNOWN for what the engine does not know yet."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, dict):
        return {k: _blanked(v) for k, v in value.items()}
    return [_blanked(v) for v in value] if isinstance(value, list) else value


def announcement(work: Work, inputs: Properties) -> str:
    """What a preview says of an import."""
    count = len(secrets.secrets(work.tree, inputs)) + (state.EXTRA in inputs)
    sends = f", sends {count} secret{'' if count == 1 else 's'}" if count else ""
    return f"imports {inputs[state.IMPORTED]}, creates nothing{sends}"
