"""Objects that eGain or somebody else made: found by role, name or type in one list a kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import EgainError
from ..names import wire_name
from ..schema.model import Model
from ..schema.tree import Malformed, Table, rows, tree, unique_field
from . import messages

if TYPE_CHECKING:
    from .context import Work


def find(work: Work, criteria: Mapping[str, str]) -> dict[str, Any]:
    """The one object that meets all criteria. Raises EgainError naming what was seen."""
    model, inventory = work.model, work.tenant.inventory
    everything, fresh = inventory.rows(work.operation, work.kind)
    found = _all(model, criteria, everything)
    if len(found) != 1 and not fresh:  # perhaps it was made since
        everything = inventory.renew(work.operation, work.kind)
        found = _all(model, criteria, everything)
    if len(found) == 1:
        return found[0]
    seen = [_described(model, row) for row in found or everything]
    raise EgainError(messages.not_one(work.subject, criteria, seen))


def _all(
    model: type[Model], criteria: Mapping[str, str], everything: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    try:
        return [row for row in everything if matches(model, criteria, row)]
    except Malformed as problem:
        raise EgainError(f"cannot find a {model.label}: {problem}.") from None


def matches(model: type[Model], criteria: Mapping[str, str], row: Mapping[str, Any]) -> bool:
    """Whether an object meets all criteria."""
    for key, wanted in criteria.items():
        if key == "role":
            node = tree(model).slots["roles"].node
            if not isinstance(node, Table) or wanted not in rows(node, row.get("roles") or []):
                return False
        elif row.get(wire_name(key)) != wanted:
            return False
    return True


def found_outputs(model: type[Model], row: Mapping[str, Any]) -> dict[str, Any]:
    """What a program may read of a found object besides its id."""
    field = unique_field(model) or "name"
    return {field: row.get(wire_name(field))}


def _described(model: type[Model], row: Mapping[str, Any]) -> str:
    field = unique_field(model) or "name"
    text = f"{row.get(wire_name(field))} ({row.get('id')})"
    roles = row.get("roles")
    if isinstance(roles, list):
        names = [str(role.get("name")) for role in roles if isinstance(role, dict)]
        text += f" with role {', '.join(names)}"
    return text
