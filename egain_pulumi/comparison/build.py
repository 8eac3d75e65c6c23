"""Make the canonical document of a tenant's lists or of a stack's state. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from .. import hub
from ..engine_values import SIGNATURE
from ..hub import SECRET, Edge, Hub, Object, Origin
from ..hub.sources.states import resources
from ..schema import icon
from ..schema.complaint import UNKNOWN
from ..schema.kinds import Kind
from ..schema.same import normal_text
from ..schema.secrets import declared_secrets, kept_secrets, received_secrets
from .canonical import Writer
from .document import HIDDEN, SEEN, STACK, TENANT, Document, Entry
from .fingerprint import NOT_SET, NOT_SHOWN, SET, key_id, mark

_OWN_ROLES: Final = frozenset({"egain_agent", "egain_bot"})
"""The roles of eGain's own applications."""


def of_tenant(
    rows: Mapping[str, Sequence[Mapping[str, Any]] | None],
    kinds: Sequence[Kind],
    key: bytes | None = None,
) -> Document:
    """Return the document of a tenant; the rows of a kind are None if it could not be read."""
    whole = hub.tenant(rows, kinds)
    by_key = {f"{k.name}/{row['id']}": row for k in kinds for row in rows.get(k.name) or ()}
    received = {
        each: received_secrets(o.kind.tree, by_key[each]) for each, o in whole.objects.items()
    }
    shows = any(value is not None for found in received.values() for value in found.values())
    absent = NOT_SET if shows else NOT_SHOWN

    def part(each: Object) -> Writer:
        found = {path: mark(value, key) for path, value in received[each.key].items()}
        seen = icon.digest(by_key[each.key].get("icon"))
        return Writer(whole, each, found, absent, key, seen)

    unread = frozenset(kind.name for kind in kinds if rows.get(kind.name) is None)
    document = Document(TENANT, (), key_id(key), SEEN if shows else HIDDEN, unread)
    return replace(document, entries=_entries(whole, kinds, part))


def of_stack(
    state: str, kinds: Sequence[Kind], key: bytes | None = None, *, project: str | None = None
) -> Document:
    """Return the document of an exported state; with `key`, exported with its secrets.

    It has what the program declares: what it leaves out, eGain decides.
    """
    if SIGNATURE in state and '"plaintext"' not in state:
        key = None
    plain = {each["urn"]: _unwrap(each.get("inputs") or {}) for each in resources(state)}
    return _of_program(hub.stack(state, kinds, project=project), kinds, plain, key)


def of_preview(preview: str, kinds: Sequence[Kind], *, project: str | None = None) -> Document:
    """Return the document of a stack after the previewed change; of secrets only that they are
    set. It cannot be serialized: some of its values are only known at `pulumi up`."""
    after = hub.preview(preview, kinds, project=project).after
    plain = {key: each.inputs for key, each in after.objects.items()}
    return _of_program(after, kinds, plain, None)


def _of_program(
    whole: Hub, kinds: Sequence[Kind], plain: Mapping[str, Any], key: bytes | None
) -> Document:
    # A stack may have objects in further tenants, by a `Provider`: another environment.
    own = {key: each for key, each in whole.objects.items() if _is_default(each.tenant)}
    declared = replace(whole, objects=own, edges=tuple(e for e in whole.edges if e.source in own))

    def part(each: Object) -> Writer:
        node, inputs = each.kind.tree, plain[each.key]
        found = {
            path: SET if text == SECRET else mark(text, key)
            for path, text in declared_secrets(node, inputs).items()
        } | dict.fromkeys(kept_secrets(node, inputs), SET)
        return Writer(declared, each, found, NOT_SET, key, None, inputs, UNKNOWN)

    left_out = len(whole.objects) - len(own)
    document = Document(STACK, (), key_id(key), left_out=left_out)
    return replace(document, entries=_entries(declared, kinds, part))


def _is_default(provider: str) -> bool:
    """Return whether a provider, by its URN, is the stack's own and not one of the program."""
    return not provider or provider.rpartition("::")[2].partition("_")[0] == "default"


def _unwrap(value: Any) -> Any:
    """Return a stored value with its secrets in plain text, or SECRET where they are encrypted."""
    if isinstance(value, Mapping):
        if SIGNATURE in value:
            return _unwrap(json.loads(value["plaintext"])) if "plaintext" in value else SECRET
        return {key: _unwrap(item) for key, item in value.items()}
    return [_unwrap(item) for item in value] if isinstance(value, list) else value


def _entries(
    whole: Hub, kinds: Sequence[Kind], part: Callable[[Object], Writer]
) -> tuple[Entry, ...]:
    """Return all objects in canonical order, with references by name."""
    order = {kind.resource: place for place, kind in enumerate(kinds)}
    label = {kind.resource: kind.name for kind in kinds}
    numbers: dict[str, int] = {}

    def target(edge: Edge) -> Any:
        each = whole.objects.get(edge.target or "")
        if each is None or (each.value is None and _is_foreign(each)):
            unread = edge.to in whole.unread
            why = ("not read" if unread else "gone") if whole.whole else "elsewhere"
            return {"kind": label[edge.to], "name": None, "why": why}
        found = {"kind": each.kind.name, "name": _name(each)}
        number = numbers.get(each.key, 1)
        return found if number == 1 else found | {"number": number}

    def values(each: Object) -> Any:
        if _is_foreign(each):
            return None
        edges = {edge.path: edge for edge in whole.out(each.key)}
        return part(each).values(edges, target)

    def place(each: Object) -> tuple[int, str, str, str]:
        content = json.dumps(values(each), sort_keys=True, default=repr)
        return order[each.kind.resource], _name(each) or "", content, each.id or each.key

    ordered = sorted(whole.objects.values(), key=place)
    seen: dict[tuple[str, str | None], int] = {}
    for each in ordered:
        same = each.kind.name, _name(each)
        numbers[each.key] = seen[same] = seen.get(same, 0) + 1
    return tuple(
        Entry(
            each.kind,
            _name(each),
            numbers[each.key],
            is_egains_own(each),
            values(each),
        )
        for each in ordered
    )


def _is_foreign(each: Object) -> bool:
    """Return whether a stack only looks an object up: it may not know its name yet."""
    return each.origin not in (Origin.MANAGED, Origin.TENANT)


def is_egains_own(each: Object) -> bool:
    """Return whether eGain made an object, such as the application of the agents."""
    return bool(each.roles) and (each.roles or frozenset()) <= _OWN_ROLES


def _name(each: Object) -> str | None:
    return None if each.value is None else normal_text(each.value)
