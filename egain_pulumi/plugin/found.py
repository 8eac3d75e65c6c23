"""Objects that `find` looks up by role, name or type: eGain's or somebody else's, never changed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from ..names import wire_name
from ..schema.kinds import Kind
from ..schema.same import with_text
from ..schema.state import FIND, Properties
from ..schema.tree import Table, rows
from . import messages
from .context import Context
from .read import Seen


def find(context: Context) -> tuple[str, Properties]:
    """Return id and outputs of the one object that meets all criteria.

    Raises EgainError listing what was seen if none or several do.
    """
    kind, criteria = context.kind, context.props[FIND]
    inventory, asked = context.tenant.inventory, time.monotonic()

    def found(rows: list[Properties]) -> list[Properties]:
        return _matching(kind, criteria, rows)

    # A unique value needs no complete list.
    enough = (lambda rows: bool(found(rows))) if kind.unique in criteria else None
    rows = inventory.listing(context.operation, kind, enough=enough).rows
    if len(found(rows)) != 1:  # it may have been created since an earlier list
        rows = inventory.listing(context.operation, kind, since=asked, enough=enough).rows
    match = found(rows)
    if len(match) == 1:
        return str(match[0]["id"]), {**context.props, **_outputs(kind, match[0])}
    seen = [_described(kind, row) for row in match or rows]
    raise messages.not_one(context.subject, criteria, seen)


def compare(context: Context, live: Properties) -> Seen | None:
    """Return what a read concludes; None if the object no longer meets its criteria.

    Then the next `up` looks it up again.
    """
    criteria = context.props[FIND]
    if not _matching(context.kind, criteria, [live]):
        return None
    return Seen({FIND: criteria}, _outputs(context.kind, live))


def _matching(
    kind: Kind, criteria: Mapping[str, str], everything: Iterable[Properties]
) -> list[Properties]:
    found = list(everything)
    for key, wanted in criteria.items():
        if key == "role":
            found = [row for row in found if _has_role(kind, row, wanted)]
        else:
            found = with_text(found, wire_name(key), wanted)
    return found


def _has_role(kind: Kind, row: Mapping[str, Any], wanted: str) -> bool:
    node = kind.tree.slots["roles"].node
    return isinstance(node, Table) and wanted in rows(node, row.get("roles") or [])


def _outputs(kind: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a program may read of a found object besides its id."""
    return {kind.field: row.get(wire_name(kind.field))}


def _described(kind: Kind, row: Mapping[str, Any]) -> str:
    text = f"{row.get(wire_name(kind.field))} ({row.get('id')})"
    roles = row.get("roles")
    if isinstance(roles, list):
        names = [str(role.get("name")) for role in roles if isinstance(role, dict)]
        text += f" with role {', '.join(names)}"
    return text
