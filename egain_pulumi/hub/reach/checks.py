"""The checks behind the rules: each yields (object, path, what is wrong there). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ...schema.complaint import UNKNOWN
from ...schema.declared import Origin
from ...schema.model import Path
from ..model import ACCOUNT, APPLICATION, CHANNEL, ORCHESTRATION, PARTICIPANT, Edge, Hub, Object
from ..references import roles_wanted

Wrong = Iterator[tuple[Object, Path, str]]

_NAMES: Final = ("chat_configurations", "orchestration")
_BOTS: Final = ("applications", "bot_configuration", "bots")
_CUSTOMER: Final = ("applications", "customer_configuration")
_AGENTS: Final = ("applications", "agent_configuration")
_EGAINS: Final = frozenset({"egain_agent", "egain_bot"})
"""Roles of applications that eGain brings along."""


def account_channel(hub: Hub) -> Wrong:
    """Active accounts on a channel that is off."""
    for account in hub.live():
        for edge in hub.out(account.key):
            if edge.to == CHANNEL:
                yield from _off(hub, account, edge)


def account_orchestration(hub: Hub) -> Wrong:
    """Active accounts without an orchestration, or with one that is off."""
    for account in hub.live():
        named = [edge for edge in hub.out(account.key) if edge.to == ORCHESTRATION]
        for edge in named:
            yield from _off(hub, account, edge)
        if not named and account.origin is not Origin.FOUND and not account.at(*_NAMES):
            yield account, _NAMES, "is missing, so nobody answers"


def part_active(hub: Hub) -> Wrong:
    """What is off below the orchestrations of active accounts."""
    for source in _in_use(hub):
        for edge in hub.out(source.key):
            yield from _off(hub, source, edge)


def _off(hub: Hub, source: Object, edge: Edge) -> Wrong:
    target = hub.objects.get(edge.target or "")
    if target is not None and target.active is False:
        yield source, edge.path, f"{target.label} is not active"


def _in_use(hub: Hub) -> list[Object]:
    """The active orchestrations of active accounts, and all below them."""
    first = [
        edge.target
        for account in hub.live()
        for edge in hub.out(account.key)
        if edge.to == ORCHESTRATION and edge.target and hub.objects[edge.target].active is not False
    ]
    reached = hub.reached(first)
    return [each for each in hub.objects.values() if each.key in reached]


_PART_OF: Final = {"custom_bot": "bot", "customer": "customer", "egain_agent": "agent"}


def role(part: str) -> Callable[[Hub], Wrong]:
    """Applications without the role that their place asks for, as `bot`, `customer`, `agent`."""

    def check(hub: Hub) -> Wrong:
        for edge in hub.edges:
            source, target = hub.objects[edge.source], hub.objects.get(edge.target or "")
            wanted = roles_wanted(source.kind.resource, edge.path)
            if wanted is None or target is None or target.roles is None or edge.presumed:
                continue
            if part in {_PART_OF.get(name) for name in wanted} and not wanted & target.roles:
                has = ", ".join(sorted(target.roles)) or "none"
                yield (
                    source,
                    edge.path,
                    f"{target.label} lacks the role {' or '.join(sorted(wanted))} (it has {has})",
                )

    return check


def own_channel_customer(hub: Hub) -> Wrong:
    """Orchestrations without a customer's side, used on a channel of one's own."""
    for account in hub.live():
        to = {edge.to: hub.objects.get(edge.target or "") for edge in hub.out(account.key)}
        channel, orchestration = to.get(CHANNEL), to.get(ORCHESTRATION)
        if channel is None or orchestration is None or not _own(channel):
            continue
        if orchestration.origin is not Origin.FOUND and orchestration.at(*_CUSTOMER) is None:
            yield (
                account,
                _NAMES,
                f"{orchestration.label} has no customer_configuration, but {channel.label} "
                "is custom",
            )


def _own(channel: Object) -> bool:
    value = channel.value
    return value is not None and value.startswith(("custom.", "custom_"))


def escalation_target(hub: Hub) -> Wrong:
    """Bots that have nobody to hand a conversation to."""
    for flow in _in_use(hub):
        if flow.kind.resource != ORCHESTRATION or flow.at(*_AGENTS) is not None:
            continue
        bots = flow.at(*_BOTS)
        for index, bot in enumerate(bots if isinstance(bots, list) else ()):
            if isinstance(bot, Mapping) and bot.get("on_escalation") is None:
                yield flow, (*_BOTS, index), "has no on_escalation"


def orphan(hub: Hub) -> Wrong:
    """Active objects that no active account reaches."""
    accounts = hub.of(ACCOUNT)
    if not accounts or any(each.active is None for each in accounts):
        return
    used = _perhaps_used(hub)
    for each in hub.objects.values():
        if each.key in used or each.kind.resource == ACCOUNT or each.active is not True:
            continue
        if each.origin is Origin.MANAGED or (each.origin is Origin.TENANT and not _egains(each)):
            yield each, (), "is active, but no active account reaches it"


def _perhaps_used(hub: Hub) -> set[str]:
    """What active accounts reach. Where it is not known whom something refers to, that may be
    any object of the kind."""
    used = hub.reached(each.key for each in hub.live())
    while True:
        open_ = {e.to for e in hub.edges if e.source in used and not e.target and not e.id}
        more = {each.key for to in open_ for each in hub.of(to)} - used
        if not more:
            return used
        used = hub.reached(used | more)


def _egains(each: Object) -> bool:
    """Whether eGain brings it along."""
    if each.kind.resource == CHANNEL:
        return not _own(each)
    of_egain = each.kind.resource == PARTICIPANT and each.inputs.get("type") == "egain_bot"
    return of_egain or bool((each.roles or frozenset()) & _EGAINS)


def callback_unique(hub: Hub) -> Wrong:
    """Active applications with a callback that another one has."""
    first: dict[tuple[str, str], Object] = {}
    for each in hub.of(APPLICATION):
        if each.active is not True:
            continue
        for path, callback in _callbacks(each):
            other = first.setdefault((each.tenant, callback), each)
            if other is not each:
                yield each, path, f"is also the callback of {other.label}"


def _callbacks(application: Object) -> Iterator[tuple[Path, str]]:
    roles: Any = application.at("roles")
    for name, part in roles.items() if isinstance(roles, Mapping) else ():
        callback = part.get("callback") if isinstance(part, Mapping) else None
        if isinstance(callback, str) and callback is not UNKNOWN and callback != "[secret]":
            yield ("roles", name, "callback"), callback


def reference_deleted(hub: Hub) -> Wrong:
    """Ids that name what this change deletes."""
    for edge in hub.edges:
        gone = hub.deleted.get(edge.id or "") if edge.target is None else None
        if gone is not None:
            text = f"refers to {gone.label} [{edge.id}], which this change deletes"
            yield hub.objects[edge.source], edge.path, text


def reference_exists(hub: Hub) -> Wrong:
    """Ids that name nothing in the tenant."""
    unread = {kind.replace("-", "") for kind in hub.unread}
    for edge in hub.edges:
        of_kind = edge.to.removesuffix("Resource").lower()
        if edge.target is None and edge.id is not None and of_kind not in unread:
            text = f"refers to {edge.id}, which does not exist in eGain"
            yield hub.objects[edge.source], edge.path, text
