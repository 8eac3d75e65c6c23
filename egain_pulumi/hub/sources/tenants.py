"""The hub of a tenant, from the lists of all kinds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import EgainError
from ...schema.declared import Origin
from ...schema.drift import declaration
from ...schema.kinds import Kind
from ...schema.secrets import storable_copy
from ...schema.tree import Malformed, tree
from ..model import Hub, Object
from ..references import edges

Row = Mapping[str, Any]


def tenant(rows: Mapping[str, Sequence[Row] | None], kinds: Sequence[Kind]) -> Hub:
    """Return the hub of a tenant from the rows of each kind; None: the client may not read it.

    Raises EgainError if an object does not match the contract.
    """
    objects = [_object(kind, row) for kind in kinds for row in rows.get(kind.name) or ()]
    unread = frozenset(kind.resource for kind in kinds if rows.get(kind.name) is None)
    return Hub(
        {each.key: each for each in objects},
        edges(objects, lambda _source, _name: ()),
        whole=True,
        unread=unread,
    )


def _object(kind: Kind, row: Row) -> Object:
    node = tree(kind.model)
    try:
        inputs = declaration(node, _without_icon(storable_copy(node, row)))
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


def _without_icon(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != "icon"}
