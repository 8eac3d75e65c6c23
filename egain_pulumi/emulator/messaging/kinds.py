"""Kinds of message, and which role may send which (docs/vendor-api.md#kinds-of-message)."""

from __future__ import annotations

CUSTOMER, SYSTEM = "customer", "system"
AGENTS = ("egain_agent", "custom_agent")
BOTS = ("egain_bot", "custom_bot")
ROLES = (CUSTOMER, *AGENTS, *BOTS)

TEXT, END, ESCALATION = "text", "conversation.end", "escalation.transfer"
TYPING = frozenset(("typing.start", "typing.end"))
RICH = "richMessage."
AUTHENTICATION = "richMessage.authentication"

_EVERYBODY = frozenset((TEXT, *TYPING, "customer.info", "error", END))
_COMPANY = frozenset(
    (
        *(ESCALATION, "pagePush"),
        *(f"{RICH}{name}" for name in ("listpicker", "quickreply", "template", "timepicker")),
        *(f"{RICH}{name}" for name in ("richlink", "form", "payment", "app", "authentication")),
    )
)
# Agents' messages about the conversation. Assumed to be what the contract calls system messages
# (restrictions.outbound.systemMessages).
ABOUT = frozenset(
    (
        *("conversation.state", "agent.join", "agent.available", "agent.unavailable"),
        *("agent.transfer", "queue.transfer"),
    )
)
REFERRING = frozenset(("delete.soft", "delete.permanent", "undo"))
_CUSTOMERS = frozenset(
    (
        *("authentication.success", "authentication.failure"),
        *("customer.active", "customer.inactive"),
        *REFERRING,
    )
)

KNOWN = _EVERYBODY | _COMPANY | ABOUT | _CUSTOMERS
BEGINNING = frozenset((TEXT, "customer.info", "customer.active"))
"""Kinds that may start a conversation (not documented)."""

_BY_ROLE = {
    CUSTOMER: _EVERYBODY | _CUSTOMERS,
    **dict.fromkeys(AGENTS, _EVERYBODY | _COMPANY | ABOUT),
    **dict.fromkeys(BOTS, _EVERYBODY | _COMPANY),
}


def may_send(role: str, kind: str) -> bool:
    """Whether a role may send a kind by the vendor's table; kinds not in it are allowed."""
    return kind not in KNOWN or kind in _BY_ROLE[role]
