"""Messages, their kinds and destinations, as programs write them. `body` makes them a request.

They follow the contract's `SendMessageRequest`, whose required fields could not be read from the
vendor's pages: `extra` takes what is missing here, under eGain's own names.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

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
"""The roles that may send each kind of the contract's `MessageType`, from the vendor's table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a message, by its download address or by an asset's id.

    The vendor does not document which of the two eGain takes; a public client uses the address.
    """

    name: str
    content_type: str
    size: int
    """In bytes."""
    url: str | None = field(default=None, repr=False)
    """In no `repr`, because a signed address is a secret."""
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of any kind; an unknown kind is sent as written."""

    kind: str
    """eGain's name: `text`, `conversation.end`, … (contract: `MessageType`)."""
    content: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """`text`, `html`, `redact` and other fields of the kind, under eGain's names."""
    attachments: Sequence[Attachment] = ()
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    parent: str | None = None
    """The `message_id` of the message to delete or restore."""
    message_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    """Chosen by the sender; errors name it."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """More attributes of the message, under eGain's names."""


@dataclass(frozen=True, slots=True)
class Contact:
    """An address of a customer: `Contact("phone", "123456788", sub_type="mobile")`."""

    type: str
    address: str = field(repr=False)
    sub_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerData:
    """The customer of a new conversation."""

    name: str | None = None
    type: str | None = None
    """Such as `individual`."""
    contacts: Sequence[Contact] = ()
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConversation:
    """The destination of a first message: the channel's type and the account's address."""

    channel: str
    address: str
    entry_point: str | None = None
    customer: CustomerData | None = None
    lookup_contact: str | None = None
    """The contact by which eGain finds the customer, such as `phone.mobile`."""
    conversation_contact: str | None = None
    """The contact that the conversation uses, such as `phone.mobile`."""
    client_info: Mapping[str, Any] = field(default_factory=dict)
    """`timeOffset`, `referrerName`, `referrerUrl`."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)


Destination = str | NewConversation
"""The id of an open conversation, or the start of a new one."""
