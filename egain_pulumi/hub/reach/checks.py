"""The checks of the rules: each yields an object, a path in it, and what is wrong there. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ...schema.complaint import UNKNOWN
from ...schema.declared import Origin
from ...schema.model import Path
from ..model import ACCOUNT, APPLICATION, CHANNEL, ORCHESTRATION, PARTICIPANT, Edge, Hub, Object
from ..references import required_roles
from ..sources.documents import SECRET

Problems = Iterator[tuple[Object, Path, str]]

_ORCHESTRATION: Final = ("chat_configurations", "orchestration")
_BOTS: Final = ("applications", "bot_configuration", "bots")
_CUSTOMER: Final = ("applications", "customer_configuration")
_AGENTS: Final = ("applications", "agent_configuration")
_BUILT_IN_ROLES: Final = frozenset({"egain_agent", "egain_bot"})
"""The roles of eGain's own applications."""


def account_channel(hub: Hub) -> Problems:
    """Find active accounts on a channel that is off."""
    for account in hub.live_accounts():
        for edge in hub.out(account.key):
            if edge.to == CHANNEL:
                yield from _off(hub, account, edge)


def account_orchestration(hub: Hub) -> Problems:
    """Find active accounts without an orchestration, or with one that is off."""
    for account in hub.live_accounts():
        named = [edge for edge in hub.out(account.key) if edge.to == ORCHESTRATION]
        for edge in named:
            yield from _off(hub, account, edge)
        if not named and account.origin is not Origin.FOUND and not account.at(*_ORCHESTRATION):
            yield account, _ORCHESTRATION, "is missing, so nobody answers"


def part_active(hub: Hub) -> Problems:
    """Find objects that are off below the orchestrations of active accounts."""
    for source in _in_use(hub):
        for edge in hub.out(source.key):
            yield from _off(hub, source, edge)


def _off(hub: Hub, source: Object, edge: Edge) -> Problems:
    target = hub.objects.get(edge.target or "")
    if target is not None and target.active is False:
        yield source, edge.path, f"{target.label} is not active"


def _in_use(hub: Hub) -> list[Object]:
    """Return the active orchestrations of active accounts, and all objects below them."""
    first = [
        edge.target
        for account in hub.live_accounts()
        for edge in hub.out(account.key)
        if edge.to == ORCHESTRATION and edge.target and hub.objects[edge.target].active is not False
    ]
    below = hub.below(first)
    return [each for each in hub.objects.values() if each.key in below]


_PART_OF: Final = {"custom_bot": "bot", "customer": "customer", "egain_agent": "agent"}


def role(part: str) -> Callable[[Hub], Problems]:
    """Return a check for applications that lack the role of a `bot`, `customer` or `agent`."""

    def check(hub: Hub) -> Problems:
        for edge in hub.edges:
            source, target = hub.objects[edge.source], hub.objects.get(edge.target or "")
            required = required_roles(source.kind.resource, edge.path)
            if required is None or target is None or target.roles is None or edge.presumed:
                continue
            if part in {_PART_OF.get(name) for name in required} and not required & target.roles:
                lacks = " or ".join(sorted(required))
                has = ", ".join(sorted(target.roles)) or "none"
                yield source, edge.path, f"{target.label} lacks the role {lacks} (it has {has})"

    return check


def own_channel_customer(hub: Hub) -> Problems:
    """Find orchestrations on a custom channel without a customer's application."""
    for account in hub.live_accounts():
        to = {edge.to: hub.objects.get(edge.target or "") for edge in hub.out(account.key)}
        channel, orchestration = to.get(CHANNEL), to.get(ORCHESTRATION)
        if channel is None or orchestration is None or not _is_custom(channel):
            continue
        if orchestration.origin is not Origin.FOUND and orchestration.at(*_CUSTOMER) is None:
            text = f"{orchestration.label} has no customer_configuration, but {channel.label}"
            yield account, _ORCHESTRATION, f"{text} is custom"


def _is_custom(channel: Object) -> bool:
    value = channel.value
    return value is not None and value.startswith(("custom.", "custom_"))


def escalation_target(hub: Hub) -> Problems:
    """Find bots without an escalation target."""
    for flow in _in_use(hub):
        if flow.kind.resource != ORCHESTRATION or flow.at(*_AGENTS) is not None:
            continue
        bots = flow.at(*_BOTS)
        for index, bot in enumerate(bots if isinstance(bots, list) else ()):
            if isinstance(bot, Mapping) and bot.get("on_escalation") is None:
                yield flow, (*_BOTS, index), "has no on_escalation"


def orphan(hub: Hub) -> Problems:
    """Find active objects that no active account reaches."""
    accounts = hub.of(ACCOUNT)
    if not accounts or any(each.active is None for each in accounts):
        return
    used = _possibly_used(hub)
    for each in hub.objects.values():
        if each.key in used or each.kind.resource == ACCOUNT or each.active is not True:
            continue
        tenants = each.origin is Origin.TENANT and not _is_built_in(each)
        if each.origin is Origin.MANAGED or tenants:
            yield each, (), "is active, but no active account reaches it"


def _possibly_used(hub: Hub) -> set[str]:
    """Return all objects that active accounts may reach.

    A reference with an unknown target may name any object of its kind.
    """
    used = hub.below(each.key for each in hub.live_accounts())
    while True:
        unknown = {e.to for e in hub.edges if e.source in used and not e.target and not e.id}
        more = {each.key for to in unknown for each in hub.of(to)} - used
        if not more:
            return used
        used = hub.below(used | more)


def _is_built_in(each: Object) -> bool:
    """Whether the object comes with eGain."""
    if each.kind.resource == CHANNEL:
        return not _is_custom(each)
    bot = each.kind.resource == PARTICIPANT and each.inputs.get("type") == "egain_bot"
    return bot or bool((each.roles or frozenset()) & _BUILT_IN_ROLES)


def callback_unique(hub: Hub) -> Problems:
    """Find active applications that share a callback with another one."""
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
        if isinstance(callback, str) and callback is not UNKNOWN and callback != SECRET:
            yield ("roles", name, "callback"), callback


def reference_deleted(hub: Hub) -> Problems:
    """Find references to objects that the change deletes."""
    for edge in hub.edges:
        gone = hub.deleted.get(edge.id or "") if edge.target is None else None
        if gone is not None:
            text = f"refers to {gone.label} [{edge.id}], which this change deletes"
            yield hub.objects[edge.source], edge.path, text


def reference_exists(hub: Hub) -> Problems:
    """Find references to objects that the tenant does not have."""
    for edge in hub.edges:
        if edge.target is None and edge.id is not None and edge.to not in hub.unread:
            text = f"refers to {edge.id}, which does not exist in eGain"
            yield hub.objects[edge.source], edge.path, text
