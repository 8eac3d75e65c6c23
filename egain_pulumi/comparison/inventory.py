"""Which objects of a tenant belong to which stack, and which belong to none. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from .. import hub
from ..hub import Hub, Object, Origin
from ..hub.model import ACCOUNT
from ..hub.sources.states import resources
from ..schema.kinds import Kind
from ..schema.state import TENANT
from .build import is_egains_own

Rows = Mapping[str, Sequence[Mapping[str, Any]] | None]


class Finding(StrEnum):
    """What is to be seen to."""

    UNMANAGED = "unmanaged"
    """In the tenant and in no state: made by hand, or left behind."""
    MISSING = "missing"
    """In a state and not in the tenant."""
    TWICE = "twice"
    """Managed by several stacks, or twice by one."""
    UNUSED = "unused"
    """No account reaches it."""


MEANING: Final = {
    Finding.UNMANAGED: "in the tenant, in no state",
    Finding.MISSING: "in a state, not in the tenant",
    Finding.TWICE: "managed twice",
    Finding.UNUSED: "no account reaches it",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One object, by its id: of the tenant, or only of a state."""

    object: Object
    created: str | None
    managed_by: tuple[str, ...]
    """The stacks that declare it; one twice if it declares the object twice."""
    found_by: tuple[str, ...]
    """The stacks that only `find` or `get` it."""
    referred_to_by: tuple[Object, ...]
    egain: bool
    findings: frozenset[Finding]

    @property
    def name(self) -> str:
        """Its name in eGain, if that is known."""
        return self.object.value or self.object.name


@dataclass(frozen=True, slots=True)
class Inventory:
    """All objects of a tenant and of the stacks that live in it."""

    items: tuple[Item, ...]
    stacks: tuple[str, ...]
    """The stacks that have objects in this tenant."""
    elsewhere: tuple[str, ...]
    """The stacks whose objects are all in other tenants."""
    not_read: tuple[Kind, ...]
    """The kinds that the client may not read: whether these are managed is not known."""


def take(
    rows: Rows, states: Mapping[str, str], kinds: Sequence[Kind], mark: Mapping[str, str | None]
) -> Inventory:
    """Take the inventory of a tenant; `states` are exported states by the name of their stack.

    `mark` is the tenant's `_tenant`: its addresses, and the id of an emulator's database.
    """
    whole = hub.tenant(rows, kinds)
    created = {
        f"{kind.name}/{row['id']}": str(row["created"])
        for kind in kinds
        for row in rows.get(kind.name) or ()
        if row.get("created")
    }
    managed: dict[str, list[tuple[str, Object]]] = {}
    found: dict[str, list[str]] = {}
    here: list[str] = []
    elsewhere: list[str] = []
    for stack, text in states.items():
        declared = _declared(text, kinds, mark)
        if declared is None:
            continue
        (here if declared else elsewhere).append(stack)
        for each in declared:
            key = f"{each.kind.name}/{each.id}"
            if each.origin is Origin.MANAGED:
                managed.setdefault(key, []).append((stack, each))
            else:
                found.setdefault(key, []).append(stack)
    reached = whole.below(each.key for each in whole.of(ACCOUNT))
    items = [
        _item(each, whole, created.get(key), managed.get(key, []), found.get(key, []), reached)
        for key, each in whole.objects.items()
    ]
    for key, by in managed.items():
        each = by[0][1]
        if key not in whole.objects and each.kind.resource not in whole.unread:
            items.append(_missing(each, by, found.get(key, [])))
    unread = tuple(kind for kind in kinds if kind.resource in whole.unread)
    order = {kind.name: place for place, kind in enumerate(kinds)}
    items.sort(key=lambda i: (order[i.object.kind.name], i.name, i.object.id or ""))
    return Inventory(tuple(items), tuple(here), tuple(elsewhere), unread)


def _declared(
    text: str, kinds: Sequence[Kind], mark: Mapping[str, str | None]
) -> list[Object] | None:
    """Return the objects of a state that live in this tenant; None if it has none of eGain's."""
    objects = hub.stack(text, kinds).objects
    if not objects:
        return None
    lives = {
        str(each["urn"]): each["outputs"].get(TENANT)
        for each in resources(text)
        if isinstance(each.get("outputs"), Mapping)
    }
    return [each for key, each in objects.items() if each.id and _is_here(lives.get(key), mark)]


def _is_here(lives: Any, mark: Mapping[str, str | None]) -> bool:
    """Return whether an object's mark is that of the tenant; found objects have none."""
    if not isinstance(lives, Mapping):
        return True
    if lives.get("base_url") != mark.get("base_url"):
        return False
    database = lives.get("emulator"), mark.get("emulator")
    return None in database or database[0] == database[1]


def _item(
    each: Object,
    whole: Hub,
    created: str | None,
    managed: Sequence[tuple[str, Object]],
    found: Sequence[str],
    reached: set[str],
) -> Item:
    egain = is_egains_own(each)
    wanted = {
        Finding.UNMANAGED: not managed and not egain,
        Finding.TWICE: len(managed) > 1,
        Finding.UNUSED: each.key not in reached and not egain,
    }
    sources = dict.fromkeys(edge.source for edge in whole.into(each.key))
    return Item(
        each,
        created,
        tuple(stack for stack, _ in managed),
        tuple(dict.fromkeys(found)),
        tuple(whole.objects[source] for source in sources),
        egain,
        frozenset(finding for finding, applies in wanted.items() if applies),
    )


def _missing(each: Object, managed: Sequence[tuple[str, Object]], found: Sequence[str]) -> Item:
    findings = {Finding.MISSING} | ({Finding.TWICE} if len(managed) > 1 else set())
    stacks = tuple(stack for stack, _ in managed)
    return Item(each, None, stacks, tuple(found), (), False, frozenset(findings))
