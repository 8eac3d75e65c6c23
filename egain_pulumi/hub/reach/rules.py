"""What must hold in a hub so that a customer's message reaches somebody: rules as data. Pure.

Nothing is said where something is not known: an id that eGain has yet to draw, an object that is
not in this hub, an application whose roles nobody declared here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ...schema.model import Path
from ...schema.tree import show
from ..model import Hub, Object
from . import checks


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its id never changes: projects silence it by that."""

    id: str
    sentence: str
    reason: str
    check: Callable[[Hub], Iterator[tuple[Object, Path, str]]]
    needs_tenant: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that does not hold, and where."""

    rule: Rule
    object: Object
    path: Path
    text: str
    accounts: tuple[Object, ...]
    """The active accounts that it concerns."""
    channels: tuple[Object, ...]
    """The channels that those are on."""

    def __str__(self) -> str:
        where = f"{show(self.path)}: " if self.path else ""
        return f"{self.object.label}: {where}{self.text}"


RULES: Final[Sequence[Rule]] = (
    Rule(
        "account-channel",
        "An active account is on an active channel.",
        "On a channel that is off nothing comes in for the account, and nothing goes out.",
        checks.account_channel,
    ),
    Rule(
        "account-orchestration",
        "An active account names an active orchestration.",
        "The orchestration says who answers; without one nobody does.",
        checks.account_orchestration,
    ),
    Rule(
        "part-active",
        "Whatever the orchestration of an active account relies on is active.",
        "A bot, an agents' application or an authentication that is off takes no messages, and "
        "eGain does not refuse to turn one off that is in use.",
        checks.part_active,
    ),
    Rule(
        "bot-role",
        "The application of a bot has the role custom_bot or egain_bot.",
        "The role says where messages for the bot are delivered.",
        checks.role("bot"),
    ),
    Rule(
        "customer-role",
        "The customer's application has the role customer.",
        "Answers are delivered to the callback of that role.",
        checks.role("customer"),
    ),
    Rule(
        "agent-role",
        "The agents' application has the role egain_agent or custom_agent.",
        "Without it no agent gets the conversation, neither at first nor when the bot gives up.",
        checks.role("agent"),
    ),
    Rule(
        "own-channel-customer",
        "The orchestration of an account on a channel of one's own has a customer_configuration.",
        "The vendor's rule: eGain delivers answers on its own channels itself, on others to the "
        "customer's application. A channel is one's own if its type begins with custom.",
        checks.own_channel_customer,
    ),
    Rule(
        "escalation-target",
        "A bot that an active account reaches has a target to escalate to.",
        "Without one, what the bot cannot answer is answered by nobody.",
        checks.escalation_target,
    ),
    Rule(
        "orphan",
        "Whatever is active is reached by an active account.",
        "What no account reaches does nothing, and is forgotten until somebody wonders about it. "
        "A program without accounts is taken for a part of a hub, and not looked at.",
        checks.orphan,
    ),
    Rule(
        "callback-unique",
        "No two active client applications of a tenant share a callback.",
        "Both get each other's messages, and neither can tell whose they are.",
        checks.callback_unique,
    ),
    Rule(
        "reference-deleted",
        "Nothing refers to what this change deletes.",
        "eGain refuses to delete what is referred to, and the change stops half-way.",
        checks.reference_deleted,
    ),
    Rule(
        "reference-exists",
        "Whatever is referred to exists.",
        "eGain keeps an id whose object is gone, and messages end there.",
        checks.reference_exists,
        needs_tenant=True,
    ),
)


def findings(hub: Hub, *, rules: Sequence[Rule] = RULES) -> list[Finding]:
    """All that does not hold in a hub, in the order of the rules."""
    found = []
    for rule in rules:
        if rule.needs_tenant and not hub.whole:
            continue
        for each, path, text in rule.check(hub):
            accounts, channels = hub.affected([each.key])
            found.append(Finding(rule, each, path, text, tuple(accounts), tuple(channels)))
    return found
