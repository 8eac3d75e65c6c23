"""The kinds of message that each role may send, from the vendor's table. Pure."""

from __future__ import annotations

from typing import Final, Literal, get_args

Role = Literal["customer", "egain_agent", "custom_agent", "egain_bot", "custom_bot"]
"""The role of a sender (contract: `AssetInput.sender.type`)."""

RichKind = Literal[
    "listpicker",
    "quickreply",
    "template",
    "timepicker",
    "richlink",
    "form",
    "payment",
    "app",
    "authentication",
]
"""The kind of a rich message, without the prefix `richMessage.`."""

ROLES: Final[tuple[Role, ...]] = get_args(Role)
_AGENTS: Final = frozenset({"egain_agent", "custom_agent"})
_STAFF: Final = _AGENTS | {"egain_bot", "custom_bot"}
_CUSTOMER: Final = frozenset({"customer"})

SENDERS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(
        ("text", "typing.start", "typing.end", "customer.info", "error", "conversation.end"),
        _STAFF | _CUSTOMER,
    ),
    **dict.fromkeys(("escalation.transfer", "pagePush"), _STAFF),
    **dict.fromkeys((f"richMessage.{kind}" for kind in get_args(RichKind)), _STAFF),
    **dict.fromkeys(
        (
            "conversation.state",
            "agent.join",
            "agent.available",
            "agent.unavailable",
            "agent.transfer",
            "queue.transfer",
        ),
        _AGENTS,
    ),
    **dict.fromkeys(
        (
            "authentication.success",
            "authentication.failure",
            "customer.active",
            "customer.inactive",
            "delete.soft",
            "delete.permanent",
            "undo",
        ),
        _CUSTOMER,
    ),
}
"""The roles that may send each kind of the contract's `MessageType`."""


def role_problem(kind: str, role: str) -> str | None:
    """Return why a role may not send a kind, or None. Every role may send an unknown kind."""
    senders = SENDERS.get(kind, _STAFF | _CUSTOMER)
    if role in senders:
        return None
    return f"{role} may not send {kind}; only {', '.join(sorted(senders))} may"
