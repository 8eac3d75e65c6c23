"""Which objects of a tenant to adopt, and which belong to eGain. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from ..errors import EgainError
from ..hub import Hub, Object
from ..hub.model import ACCOUNT, APPLICATION, PARTICIPANT
from ..schema.kinds import Kind
from ..text import visible

OWN_ROLES: Final = frozenset({"egain_agent", "egain_bot"})
"""Roles of the client applications that eGain itself has in a tenant."""
OWN_TYPE: Final = "egain_bot"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user asks for: objects that meet all of it. Empty: everything."""

    kinds: Collection[Kind] = ()
    names: Sequence[str] = ()
    """Patterns, of which one must fit."""
    reach: Sequence[str] = ()
    """Names of accounts, of which one must reach the object."""


def is_egains(each: Object) -> bool:
    """Return whether eGain itself has made an object."""
    if each.kind.resource == APPLICATION:
        return bool(OWN_ROLES & (each.roles or frozenset()))
    return each.kind.resource == PARTICIPANT and each.inputs.get("type") == OWN_TYPE


def choose(hub: Hub, choice: Choice) -> list[Object]:
    """Return the objects to adopt, in the order of the hub. Raises EgainError.

    Leaves out those of eGain itself.
    """
    reached = _reached(hub, choice.reach) if choice.reach else None
    wanted = {kind.resource for kind in choice.kinds}
    return [
        each
        for each in hub.objects.values()
        if not is_egains(each)
        and (not wanted or each.kind.resource in wanted)
        and (reached is None or each.key in reached)
        and (not choice.names or any(fnmatchcase(each.name, each_) for each_ in choice.names))
    ]


def _reached(hub: Hub, names: Sequence[str]) -> set[str]:
    accounts = {each.name: each.key for each in hub.of(ACCOUNT)}
    for name in names:
        if name not in accounts:
            known = ", ".join(visible(each) for each in accounts) or "none"
            raise EgainError(f'--reach: no account "{visible(name)}"; the accounts are {known}')
    return hub.below(accounts[name] for name in names)
