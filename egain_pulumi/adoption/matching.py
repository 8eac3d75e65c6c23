"""Which object of the tenant each resource of a program is, when the state does not say. Pure."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..engine_values import PLACEHOLDER, SIGNATURE
from ..hub import Hub, Object, Origin
from ..names import wire_name
from ..schema import drift
from ..schema.kinds import Kind
from ..schema.model import Path
from ..schema.same import with_text
from ..schema.secrets import is_secret
from ..schema.state import FIND, PROVIDER, TENANT, Properties
from ..schema.tree import ABSENT, Items, Node, Record, Table, rows, show, tree
from ..text import plural
from . import import_file

Rows = Mapping[str, Sequence[dict[str, Any]] | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A resource of the program that the state lacks. `state` is what would be stored of it."""

    object: Object
    state: Properties = field(repr=False)
    problem: str | None = None
    """Why it cannot be imported."""
    component: str | None = None
    """The URN of the component that it is in."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What was found: the entries of the import file, and what was not found, with the reason."""

    entries: Sequence[Mapping[str, Any]] = field(repr=False)
    found: Sequence[Object]
    missing: Sequence[str]


def match(
    wanted: Sequence[Wanted],
    hub: Hub,
    listed: Rows,
    *,
    taken: Mapping[str, str],
    chosen: Mapping[str, str],
    mark: Mapping[str, str],
) -> Matches:
    """Match resources, which come in the order of their references.

    `hub` has all resources of the program. `taken` maps managed ids to their stacks; `chosen`
    are the ids that the user gives, by logical name.
    """
    ids = {each.key: each.id for each in hub.objects.values() if each.id is not None}
    entries, found, missing = [], [], []
    claimed = dict(taken)
    for each in wanted:
        here, state = each.object, copy.deepcopy(each.state)
        row, problem = None, each.problem
        for edge in hub.out(here.key):
            if edge.target in ids:
                _put(state, edge.path, ids[edge.target])
            elif edge.target is not None:
                problem = f"refers to {hub.objects[edge.target].label}, which is not recovered"
        if problem is None:
            row, problem = _row(here, state, listed[here.kind.name], claimed, chosen)
        if row is None:
            missing.append(f"{here.label}: {problem}")
            continue
        ids[here.key] = row["id"]
        if here.origin is Origin.MANAGED:
            claimed[row["id"]] = f'as "{here.name}"'
        found.append(here)
        within = {"parent": each.component} if each.component else {}
        entries.append({**_entry(here, state, row, mark), **within})
    return Matches(entries, found, missing)


def _row(
    here: Object,
    state: Properties,
    listed: Sequence[dict[str, Any]] | None,
    claimed: Mapping[str, str],
    chosen: Mapping[str, str],
) -> tuple[dict[str, Any] | None, str | None]:
    """Return the one object of the tenant that a resource is, or why there is none."""
    if listed is None:
        return None, f"not readable without scope {here.kind.model.read_scope}"
    unknown = next(_unknown(state), None)
    if here.origin is Origin.MANAGED and unknown is not None:
        return None, f"{show(unknown)} is only known once another resource has been created"
    fitting = [each for each in _fitting(here, state, listed) if _is_free(here, each, claimed)]
    if here.name in chosen:
        fitting = [each for each in listed if each["id"] == chosen[here.name]]
    if len(fitting) == 1:
        return fitting[0], None
    if not fitting:
        managed = [claimed[e["id"]] for e in _fitting(here, state, listed) if e["id"] in claimed]
        return None, f"managed {managed[0]}" if managed else "not in the tenant"
    listing = ", ".join(each["id"] for each in fitting)
    count = plural(len(fitting), here.kind.label)
    return None, f"{count} fit: {listing}; choose one by --take {here.name}=ID"


def _is_free(here: Object, row: Mapping[str, Any], claimed: Mapping[str, str]) -> bool:
    return here.origin is not Origin.MANAGED or row["id"] not in claimed


def _fitting(
    here: Object, state: Properties, listed: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    kind = here.kind
    if FIND in state:
        return _found(kind, state[FIND], listed)
    same = with_text(listed, wire_name(kind.field), state.get(kind.field))
    if kind.unique:
        return same
    equal = [row for row in listed if drift.holds(kind.tree, state, row)]
    return equal or same


def _found(
    kind: Kind, criteria: Mapping[str, Any], listed: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the objects that a `find` would find."""
    left = list(listed)
    for key, value in criteria.items():
        if key == "role":
            node = kind.tree.slots["roles"].node
            assert isinstance(node, Table)
            left = [row for row in left if value in rows(node, row.get("roles") or [])]
        else:
            left = with_text(left, wire_name(key), value)
    return left


def _entry(
    here: Object, state: Properties, row: Mapping[str, Any], mark: Mapping[str, str]
) -> dict[str, Any]:
    kind, provider = here.kind, state.pop(PROVIDER)
    if FIND in state:
        value = str(row.get(wire_name(kind.field)))
        return import_file.found(
            kind, here.name, row["id"], state[FIND], value, provider, dict(mark)
        )
    inputs = {**state, **_actual(tree(kind.model), state, row)}
    inputs = {key: value for key, value in inputs.items() if value is not ABSENT}
    return import_file.entry(kind, here.name, row["id"], inputs, {TENANT: dict(mark)}, provider)


def _actual(node: Record, state: Properties, row: Mapping[str, Any]) -> Properties:
    """Return the declared properties with eGain's values, so that the preview shows differences.

    A property that the program itself has made a secret stays as it is declared.
    """
    return {
        name: drift.actual(node, {name: state[name]}, {slot.wire: row.get(slot.wire)}).get(
            name, ABSENT
        )
        for name, slot in node.slots.items()
        if name in state and not _is_hidden(slot.node, state[name])
    }


def _is_hidden(node: Node, value: Any) -> bool:
    """Return whether a value is encrypted somewhere where the model has no secret."""
    if is_secret(node):
        return False
    if isinstance(value, Mapping) and SIGNATURE in value:
        return True
    match node:
        case Record(slots=slots) if isinstance(value, Mapping):
            return any(_is_hidden(slots[k].node, v) for k, v in value.items() if k in slots)
        case Table() if isinstance(value, Mapping):
            return any(_is_hidden(node.item, part) for part in value.values())
        case Items() if isinstance(value, list):
            return any(_is_hidden(node.item, part) for part in value)
    return False


def _put(state: Any, path: Path, id: str) -> None:
    """Put an id where a reference is; where its place is hidden, nothing happens."""
    part: Any = state
    for step in path[:-1]:
        key: Any = step
        if isinstance(part, Mapping) and SIGNATURE in part:
            return
        part = part[key]
    last: Any = path[-1]
    old = part[last]
    part[last] = {"id": id} if isinstance(old, Mapping) else id


def _unknown(value: Any, path: Path = ()) -> Iterator[Path]:
    if value == PLACEHOLDER:
        yield path
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _unknown(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _unknown(part, (*path, index))
