"""The rules of reach: what must hold so that a customer's message reaches somebody. Pure.

Unknown values break no rule: the id of a new object, an object outside this hub, an application
whose roles are not declared here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ...schema.model import Path
from ...schema.tree import show
from ..model import Hub, Object
from . import checks


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its id never changes: `reach.toml` silences rules by id."""

    id: str
    sentence: str
    reason: str
    check: Callable[[Hub], checks.Problems]
    needs_tenant: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule, and where it is broken."""

    rule: Rule
    object: Object
    path: Path
    text: str
    accounts: tuple[Object, ...]
    """The active accounts that reach the object."""
    channels: tuple[Object, ...]
    """Their channels."""

    def __str__(self) -> str:
        where = f"{show(self.path)}: " if self.path else ""
        return f"{self.object.label}: {where}{self.text}"


RULES: Final[Sequence[Rule]] = (
    Rule(
        "account-channel",
        "An active account is on an active channel.",
        "A channel that is off receives and sends nothing for its accounts.",
        checks.account_channel,
    ),
    Rule(
        "account-orchestration",
        "An active account names an active orchestration.",
        "The orchestration decides who answers; without one, nobody does.",
        checks.account_orchestration,
    ),
    Rule(
        "part-active",
        "Everything that the orchestration of an active account uses is active.",
        "A bot, an agents' application or an authentication that is off takes no messages, and "
        "eGain lets you turn one off while it is in use.",
        checks.part_active,
    ),
    Rule(
        "bot-role",
        "A bot's application has the role custom_bot or egain_bot.",
        "The role says where eGain delivers the bot's messages.",
        checks.role("bot"),
    ),
    Rule(
        "customer-role",
        "The customer's application has the role customer.",
        "eGain delivers answers to the callback of that role.",
        checks.role("customer"),
    ),
    Rule(
        "agent-role",
        "The agents' application has the role egain_agent or custom_agent.",
        "Without it, no agent gets the conversation, neither at the start nor after an escalation.",
        checks.role("agent"),
    ),
    Rule(
        "own-channel-customer",
        "The orchestration of an account on a custom channel has a customer_configuration.",
        "eGain delivers answers on its own channels itself, but on custom channels to the "
        "customer's application. A channel is custom if its type begins with custom.",
        checks.own_channel_customer,
    ),
    Rule(
        "escalation-target",
        "A bot that an active account reaches has an escalation target.",
        "Without one, nobody answers what the bot cannot answer.",
        checks.escalation_target,
    ),
    Rule(
        "orphan",
        "An active account reaches every active object.",
        "An object that no account reaches does nothing and is soon forgotten. Not checked in a "
        "program without accounts, which is probably one part of a hub.",
        checks.orphan,
    ),
    Rule(
        "callback-unique",
        "No two active client applications of a tenant share a callback.",
        "Both receive each other's messages and cannot tell them apart.",
        checks.callback_unique,
    ),
    Rule(
        "reference-deleted",
        "Nothing refers to an object that this change deletes.",
        "eGain refuses to delete an object that others refer to, and the change stops halfway.",
        checks.reference_deleted,
    ),
    Rule(
        "reference-exists",
        "Every reference names an object that exists.",
        "eGain keeps the id of an object that is gone, and messages end there.",
        checks.reference_exists,
        needs_tenant=True,
    ),
)


def findings(hub: Hub, *, rules: Sequence[Rule] = RULES) -> list[Finding]:
    """Return the broken rules of a hub, in the order of the rules."""
    found = []
    for rule in rules:
        if rule.needs_tenant and not hub.whole:
            continue
        for each, path, text in rule.check(hub):
            accounts, channels = hub.impact([each.key])
            found.append(Finding(rule, each, path, text, tuple(accounts), tuple(channels)))
    return found
