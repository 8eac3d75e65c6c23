"""The gate: what `check` refuses, in previews too, without an API call."""

from __future__ import annotations

import os
from typing import Any

from pulumi.output import Unknown

from ..schema import arguments, complaint, secrets, state
from ..schema.complaint import UNKNOWN
from ..schema.state import PROVIDER, Properties
from ..schema.tree import show
from ..text import plural, sentence
from . import delete, host, messages, rename_messages
from .context import Context

_INTERNAL = (state.PROGRAM, state.IMPORT, PROVIDER)


def listed_problems(news: Properties) -> list[str]:
    """Return the one reason to refuse a program that has listed its problems itself."""
    count = int((news.get(state.PROGRAM) or {}).get("problems") or 0)
    return [f"{plural(count, 'problem')} in this program; see the other errors"] if count else []


def problems(context: Context, olds: Properties, news: Properties) -> list[str]:
    """Return every reason to refuse the inputs `news`, as `path: text`; log the warnings."""
    said = news.get(state.PROGRAM) or {}
    context.tenant.warn_of_missing()
    context.tenant.secret_paths[host.urn()] = [tuple(path) for path in said.get("secret") or ()]
    shaped = {**news, **context.props}
    declared = {key: value for key, value in shaped.items() if key not in _INTERNAL}
    found = arguments.validate(context.kind.model, _blanked(declared))
    errors, warnings = complaint.errors_and_warnings(found, context.tenant.settings.validation)
    known = set(said.get("said") or ())
    for text in map(str, warnings):
        if text not in known:
            host.warn(f"{context.subject}: {sentence(text)}")
    replaced = _replacement_problems(context, olds, bool(said.get("deletes_first")))
    exists = olds or state.IMPORT in news or os.environ.get(state.RECOVERING) == "1"
    kept = [] if exists else _nothing_to_keep(context)
    reasons = [*map(str, errors), *kept, *_duplicates(context), *replaced]
    return [*reasons, *_exchanges(context)]


def import_mark(context: Context, olds: Properties, news: Properties) -> Properties:
    """Return the mark of an adopted object: new on its first check, later that of the state.

    So adding or removing the option later is no change.
    """
    if olds:
        return {state.IMPORTED: olds[state.IMPORTED]} if state.IMPORTED in olds else {}
    if state.IMPORT not in news:
        return {}
    wanted = news[state.IMPORT]
    declared = secrets.declared_secrets(context.tree, context.props)
    count = len(declared) + (state.EXTRA in context.props)
    asked = count and context.props.get(state.SECRETS_VERSION) is not None
    sends = f", sends {plural(count, 'secret')}" if asked else ""
    host.info(f"{context.subject}: imports {wanted}, creates nothing{sends}")
    return {state.IMPORTED: wanted}


def _nothing_to_keep(context: Context) -> list[str]:
    """A new object has no secret that `keep_secret()` could stand for."""
    paths = secrets.kept_secrets(context.tree, context.props).values()
    return [
        f"{show(path)}: keep_secret() keeps what eGain has, and a new object has nothing yet. "
        "Write its value, or take an existing object over with import_"
        for path in paths
    ]


def announce_find(context: Context, olds: Properties) -> None:
    """Say that nothing is made, since the engine calls it a create."""
    criteria = context.props[state.FIND]
    if not olds and all(isinstance(value, str) for value in criteria.values()):
        host.info(f"{context.subject}: finds {messages.asked(criteria)}, creates nothing")


def _duplicates(context: Context) -> list[str]:
    """Two declared objects of one kind with the same unique value."""
    urn, value, field = host.urn(), context.value, context.kind.unique
    if urn is None or value is None or field is None:
        return []
    first = context.tenant.ownership.declare(context.kind.label, value, urn)
    if first == urn:
        return []
    return [str(arguments.duplicate(context.kind, field, first.rsplit("::", 1)[-1]))]


def _exchanges(context: Context) -> list[str]:
    """Unique values that change hands in one change: eGain refuses one that is still in use."""
    urn, kind, ownership = host.urn(), context.kind, context.tenant.ownership
    if urn is None or kind.unique is None:
        return []
    others, circle = ownership.exchange(urn, kind.label)
    names = [f'{kind.label} "{each.rsplit("::", 1)[-1]}"' for each in others]
    if circle:
        return [rename_messages.values_in_circle(kind.unique, names)]
    for name in names:
        text = rename_messages.value_changes_hands(kind.unique, name)
        host.warn(f"{context.subject}: {text}")
    return []


def _replacement_problems(context: Context, olds: Properties, deletes_first: bool) -> list[str]:
    """What eGain would refuse of a replacement, which creates and deletes, is refused at once."""
    urn, ownership = host.urn(), context.tenant.ownership
    if urn is None:
        return []
    if olds:
        ownership.save(urn, context.kind.label, context.value_of(olds))
        return []
    if not ownership.is_replacement(urn):
        return []
    ownership.release(str(context.subject))
    reasons = []
    unique, value = context.kind.unique, context.value
    if unique and value is not None and value == ownership.saved(urn) and not deletes_first:
        reasons.append(messages.replaced_under_same_value(unique, value))
    refusal = delete.refusal(context, "replaced")
    return reasons if refusal is None else [*reasons, str(refusal)]


def _blanked(value: Any) -> Any:
    """Return the inputs with UNKNOWN for what the engine does not know yet."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, dict):
        return {k: _blanked(v) for k, v in value.items()}
    return [_blanked(v) for v in value] if isinstance(value, list) else value
