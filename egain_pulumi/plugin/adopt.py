"""Takes over an existing object (`ResourceOptions(import_=…)`).

Nothing is created (docs/rules.md#never-twice-never-lost). What eGain has must equal what is
declared; with `onConflict: overwrite` it is made equal. Secrets are sent only if `secrets_version`
asks for it. An import never changes whether the object is active.
"""

from __future__ import annotations

from ..errors import NotFound
from ..names import wire_name
from ..schema import drift, secrets, state
from ..schema.merge import merge_extra, same
from ..schema.model import Path
from ..schema.same import with_text
from ..schema.state import Properties
from . import import_messages
from .context import Context
from .update import update


def adopt(context: Context, wanted: str, *, is_ours: bool = False) -> str:
    """Return the id of the object that now belongs to this stack; `wanted` is an id or `name:…`.

    Raises EgainError if it does not exist, differs from what is declared, may have other secrets,
    or belongs to a resource of this stack already: a replacement would take over what it is about
    to delete. `is_ours`: this stack has created it, so its secrets are sent without being asked.
    """
    subject, tenant, props = context.subject, context.tenant, context.props
    id, live = _locate(context, wanted)
    if tenant.ownership.owns(id) or not tenant.ownership.claim(id, subject.name):
        raise import_messages.already_managed(subject, id)
    context = context.about(id)
    bare = secrets.without_secrets(context.tree, props)
    seen = drift.actual(context.tree, bare, live)
    changes = drift.changes(context.tree, seen, bare)
    if any(path == ("active",) for path, _, _ in changes):
        raise import_messages.import_would_switch(subject, id, seen.get("active"))
    if changes and tenant.settings.on_conflict == "fail":
        setting = tenant.settings.name("on_conflict")
        shown = [(p, context.shown(p, old), context.shown(p, new)) for p, old, new in changes]
        raise import_messages.import_differs(subject, id, shown, setting)
    hidden = _hidden(context, live)
    if hidden and not is_ours and props.get(state.SECRETS_VERSION) is None:
        raise import_messages.import_would_send(subject, id, hidden)
    if changes or hidden:
        update(context, seen, props)
    tenant.ownership.own(id, str(subject))
    return id


def _hidden(context: Context, live: Properties) -> list[Path]:
    """Return the declared secrets that eGain does not show as declared; `extra` is one."""
    paths = secrets.hidden_secrets(context.tree, live, context.props)
    extra = context.props.get(state.EXTRA) or {}
    return paths if same(merge_extra(live, extra), live) else [*paths, (state.EXTRA,)]


def _locate(context: Context, wanted: str) -> tuple[str, Properties]:
    key, colon, value = wanted.partition(":")
    if not colon:
        try:
            return wanted, context.about(wanted).get()
        except NotFound:
            raise import_messages.nothing_to_import(context.subject, wanted) from None
    found = with_text(context.rows(), wire_name(key), value)
    if not found:
        raise import_messages.nothing_to_import(context.subject, wanted)
    if len(found) > 1:
        ids = ", ".join(str(row["id"]) for row in found)
        raise import_messages.several_to_import(context.subject, wanted, ids)
    return str(found[0]["id"]), found[0]
