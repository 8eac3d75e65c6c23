"""Which role may send which kind of message, as the vendor's page tables it. Pure."""

from __future__ import annotations

from typing import Final, Literal, get_args

Role = Literal["customer", "egain_agent", "custom_agent", "egain_bot", "custom_bot"]
"""What a sending application is (contract: `AssetInput.sender.type`)."""

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
"""What a rich message is, without the prefix `richMessage.`."""

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
"""Every kind of the contract's `MessageType`, and the roles that may send it."""


def not_for(kind: str, role: str) -> str | None:
    """Why a role does not send a kind, or None. A kind that is not known is nobody's mistake."""
    senders = SENDERS.get(kind, _STAFF | _CUSTOMER)
    if role in senders:
        return None
    return f"{role} may not send {kind}; only {', '.join(sorted(senders))} may"
