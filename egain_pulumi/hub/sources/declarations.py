"""The hubs of a running program and of a tenant: neither lists dependencies. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...errors import EgainError
from ...schema.declared import Declared, Origin
from ...schema.drift import declaration
from ...schema.kinds import Kind
from ...schema.secrets import storable_copy
from ...schema.tree import Malformed, tree
from ..model import Hub, Object
from ..references import edges

Row = Mapping[str, Any]


def program(declared: Sequence[Declared], mark_unknown: Callable[[Any], Any]) -> Hub:
    """Return the hub of a program. `mark_unknown` replaces unresolved values by UNKNOWN."""
    keys = {id(each.id): f"{number}" for number, each in enumerate(declared)}
    objects = [
        _declared(each, keys[id(each.id)], mark_unknown(_with_keys(each.inputs, keys)))
        for each in declared
    ]
    found = edges(objects, lambda _source, _name: ())
    # A literal id may be that of any object here, because none of them has its id yet.
    unknown = (edge if edge.target else replace(edge, id=None) for edge in found)
    return Hub({each.key: each for each in objects}, tuple(unknown))


def _declared(each: Declared, key: str, inputs: Mapping[str, Any]) -> Object:
    active = inputs.get("active")
    return Object(
        key=key,
        kind=each.kind,
        name=each.name,
        id=key,
        origin=each.origin,
        inputs=inputs,
        active=active if isinstance(active, bool) else None,
        tenant=each.tenant,
    )


def _with_keys(value: Any, keys: Mapping[int, str]) -> Any:
    """Replace the ids of resources in a value by their keys."""
    if id(value) in keys:
        return keys[id(value)]
    if isinstance(value, Mapping):
        return {key: _with_keys(item, keys) for key, item in value.items()}
    return [_with_keys(item, keys) for item in value] if isinstance(value, list) else value


def tenant(rows: Mapping[str, Sequence[Row] | None], kinds: Sequence[Kind]) -> Hub:
    """Return the hub of a tenant from the rows of each kind; None: the client may not read it.

    Raises EgainError if an object does not match the contract.
    """
    objects = [_listed(kind, row) for kind in kinds for row in rows.get(kind.name) or ()]
    unread = frozenset(kind.resource for kind in kinds if rows.get(kind.name) is None)
    return Hub(
        {each.key: each for each in objects},
        edges(objects, lambda _source, _name: ()),
        whole=True,
        unread=unread,
    )


def _listed(kind: Kind, row: Row) -> Object:
    node = tree(kind.model)
    try:
        stored = storable_copy(node, row)
        inputs = declaration(node, {k: value for k, value in stored.items() if k != "icon"})
    except Malformed as problem:
        raise EgainError(
            f"cannot list {kind.plural}: the list cannot be trusted: {row['id']}: {problem}."
        ) from None
    value = inputs.get(kind.field)
    return Object(
        key=f"{kind.name}/{row['id']}",
        kind=kind,
        name=value if isinstance(value, str) else row["id"],
        id=row["id"],
        origin=Origin.TENANT,
        inputs=inputs,
        active=row.get("active") is not False,  # absent and null mean the default
    )
