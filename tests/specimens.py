"""One specimen of every kind of object, as data: what programs declare, after it was shaped.

References are `{"id": …}` with the placeholders of IDS; a test that needs real objects puts their
ids in with `placed`. `active` is always an input, so it is in every specimen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

IDS: Final[dict[str, str]] = {
    "Authentication": "11111111-aaaa-4aaa-8aaa-111111111111",
    "ClientApplication": "22222222-bbbb-4bbb-8bbb-222222222222",
    "Participant": "33333333-cccc-4ccc-8ccc-333333333333",
    "Channel": "44444444-dddd-4ddd-8ddd-444444444444",
    "Orchestration": "55555555-eeee-4eee-8eee-555555555555",
    "Account": "66666666-ffff-4fff-8fff-666666666666",
}
"""What the references of the specimens point to, by kind."""

ICON: Final = (
    "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAKklEQVR42mMwTptJU8QwasGoBaMWjFowasGoBaMW"
    "jFowasGoBaMWDBULAKbkyD1cfgBVAAAAAElFTkSuQmCC"
)
"""A png of 32 by 32 pixels."""


@dataclass(frozen=True)
class Specimen:
    """A kind of object: its frozen names, and declarations of it."""

    noun: str
    """As the contract names it."""
    module: str
    """Of its provider. Part of every state, like `provider`: neither may ever change."""
    provider: str
    unique: str | None
    smallest: Mapping[str, Any]
    full: Mapping[str, Any]
    """Every field that can be given together."""
    change: Mapping[str, Any]
    """Fields that make another declaration of `full`, under the same unique value."""
    secrets: tuple[tuple[str, ...], ...] = ()
    """Where `full` holds secrets."""

    @property
    def token(self) -> str:
        """Pulumi's name of the kind."""
        return f"pulumi-python:dynamic/egain:{self.noun}"

    @property
    def model(self) -> str:
        """The class of its model, in `module`."""
        return f"{self.noun}Model"

    @property
    def resource(self) -> str:
        """The class that programs use, in `module` and in the package."""
        return f"{self.noun}Resource"

    @property
    def changed(self) -> dict[str, Any]:
        """`full` with `change` made."""
        return {**self.full, **self.change}


def placed(value: Any, ids: Mapping[str, str]) -> Any:
    """The value with the placeholder of each kind replaced by an id of `ids` (by kind)."""
    if isinstance(value, Mapping):
        return {key: placed(item, ids) for key, item in value.items()}
    if isinstance(value, list):
        return [placed(item, ids) for item in value]
    kind = next((kind for kind, placeholder in IDS.items() if placeholder == value), None)
    return value if kind is None else ids.get(kind, value)


def _to(kind: str) -> dict[str, str]:
    return {"id": IDS[kind]}


AUTHENTICATION: Final = Specimen(
    noun="Authentication",
    module="egain_pulumi.resources.authentication",
    provider="AuthenticationProvider",
    unique="name",
    smallest={
        "name": "bot-auth",
        "type": "oauth2",
        "oauth2": {"token_request_url": "https://bot.example.com/token"},
        "active": True,
    },
    full={
        "name": "bot-auth",
        "type": "oauth2",
        "oauth2": {
            "token_request_url": "https://bot.example.com/token",
            "method": "POST",
            "headers": {"Accept": "application/json", "X-Key": "key-of-the-bot"},
            "payload": '{"clientId":"hub","clientSecret":"secret-of-the-bot"}',
            "access_token_path": "$.accessToken",
        },
        "description": "For the callback of the bot.",
        "active": True,
    },
    change={"description": "For the callback of the new bot."},
    secrets=(
        ("oauth2", "headers", "Accept"),
        ("oauth2", "headers", "X-Key"),
        ("oauth2", "payload"),
    ),
)

BASIC_AUTHENTICATION: Final = Specimen(
    noun="Authentication",
    module=AUTHENTICATION.module,
    provider=AUTHENTICATION.provider,
    unique="name",
    smallest={
        "name": "app-auth",
        "type": "basic",
        "basic_auth": {"username": "hub", "password": "password-of-the-hub"},
        "active": True,
    },
    full={
        "name": "app-auth",
        "type": "basic",
        "basic_auth": {"username": "hub", "password": "password-of-the-hub"},
        "description": "For the callback of the app.",
        "active": True,
    },
    change={"basic_auth": {"username": "hub", "password": "next-password-of-the-hub"}},
    secrets=(("basic_auth", "password"),),
)

CLIENT_APPLICATION: Final = Specimen(
    noun="ClientApplication",
    module="egain_pulumi.resources.client_application",
    provider="ClientApplicationProvider",
    unique="name",
    smallest={
        "name": "bot",
        "roles": {
            "custom_bot": {
                "version": "v3",
                "callback": "https://bot.example.com/callback",
                "notification_email": "ops@example.com",
            }
        },
        "active": True,
    },
    full={
        "name": "bot",
        "roles": {
            "custom_bot": {
                "version": "v3",
                "callback": "https://bot.example.com/callback",
                "notification_email": "ops@example.com",
                "headers": {"X-Tenant": "tenant-of-the-bot"},
                "authentication": _to("Authentication"),
            },
            "customer": {
                "version": "v1",
                "callback": "https://app.example.com/callback",
                "notification_email": "app@example.com",
            },
        },
        "description": "The bot, and the app of customers.",
        "active": True,
    },
    change={"active": False},
    secrets=(("roles", "custom_bot", "headers", "X-Tenant"),),
)

PARTICIPANT: Final = Specimen(
    noun="Participant",
    module="egain_pulumi.resources.participant",
    provider="ParticipantProvider",
    unique="name",
    smallest={
        "name": "greeter",
        "type": "custom_bot",
        "application": _to("ClientApplication"),
        "active": True,
    },
    full={
        "name": "greeter",
        "type": "custom_bot",
        "application": _to("ClientApplication"),
        "intents": [
            {"value": "sales_enquiries", "display_value": "Sales Enquiries"},
            {"value": "order_complaints", "display_value": "Order Complaints"},
        ],
        "options": {"greeting": "Hello!", "mood": "calm"},
        "description": "Answers first.",
        "active": True,
    },
    change={"intents": [{"value": "order_complaints", "display_value": "Complaints"}]},
)

CHANNEL: Final = Specimen(
    noun="Channel",
    module="egain_pulumi.resources.channel",
    provider="ChannelProvider",
    unique="type",
    smallest={"type": "custom_channel", "display_name": "Chat", "icon": ICON, "active": True},
    full={
        "type": "custom_channel",
        "display_name": "Chat",
        "icon": ICON,
        "restrictions": {
            "inbound": {
                "max_text_length": 2000,
                "attachment_policy": {
                    "enabled": True,
                    "max_size": 12345,
                    "type": "block",
                    "extensions": ["bat", "exe"],
                },
                "features": ["attachments", "typing_events"],
            },
            "outbound": {
                "max_text_length": 1000,
                "system_messages": True,
                "mid_chat_auth": False,
                "features": ["richText"],
                "rich_message_types": ["listpicker", "quickreply"],
                "attachment_policy": {"enabled": False},
            },
        },
        "l10n_properties": {
            "en-US": {"msg_hub_off_hours": "We are closed.", "msg_hub_retain_and_retry": "Wait."},
            "de-DE": {"msg_hub_off_hours": "Wir haben geschlossen."},
        },
        "description": "The chat on our site.",
        "active": True,
    },
    change={"display_name": "Live Chat"},
)

ORCHESTRATION: Final = Specimen(
    noun="Orchestration",
    module="egain_pulumi.resources.orchestration",
    provider="OrchestrationProvider",
    unique=None,
    smallest={
        "name": "people-first",
        "applications": {"agent_configuration": {"agents": [_to("ClientApplication")]}},
        "active": True,
    },
    full={
        "name": "bot-first",
        "applications": {
            "bot_configuration": {
                "bots": [
                    {
                        "id": IDS["ClientApplication"],
                        "participant": _to("Participant"),
                        "on_escalation": {"agent": _to("ClientApplication")},
                    }
                ],
                "forward_transcript": True,
                "bypass_va_duration": 10,
            },
            "customer_configuration": {"customer": _to("ClientApplication")},
            "agent_configuration": {"agents": [_to("ClientApplication")]},
        },
        "description": "The bot, then people.",
        "active": True,
    },
    change={"description": "The bot, and people after it."},
)

ACCOUNT: Final = Specimen(
    noun="Account",
    module="egain_pulumi.resources.account",
    provider="AccountProvider",
    unique="name",
    smallest={
        "name": "orders",
        "address": "123456789",
        "channel": _to("Channel"),
        "chat_configurations": {},
        "active": True,
    },
    full={
        "name": "orders",
        "address": "123456789",
        "channel": _to("Channel"),
        "chat_configurations": {
            "timeout": 30,
            "default_language": "en-US",
            "on_agent_unavailability": "off_hours",
            "allow_logout_with_open_chats": False,
            "allow_queue_transfer_on_agent_unavailability": True,
            "orchestration": _to("Orchestration"),
            "entry_point": {"id": "1001"},
        },
        "case_management": {"same_case_duration": 1.5, "copy_custom_attributes": True},
        "description": "Orders by chat.",
        "active": True,
    },
    change={"address": "987654321"},
)

SPECIMENS: Final = (
    AUTHENTICATION,
    CLIENT_APPLICATION,
    PARTICIPANT,
    CHANNEL,
    ORCHESTRATION,
    ACCOUNT,
)
"""One for each kind, in the order in which they are created."""

VARIANTS: Final = (BASIC_AUTHENTICATION,)
"""Further ones, of kinds that have more than one form."""
