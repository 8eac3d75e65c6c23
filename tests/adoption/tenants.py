"""Tenants made by hand, over the emulator's control surface, as clicks in a console make them."""

from __future__ import annotations

import base64
from typing import Any, Final

from tests.support.emulator import Emulator

PASSWORD: Final = "correct horse 4711"
PAYLOAD: Final = '{"clientId": "hub", "clientSecret": "s3cr3t-of-the-hub"}'
TENANT: Final = "acme-7e57"
SECRETS: Final = (PASSWORD, PAYLOAD, "s3cr3t-of-the-hub", TENANT)
ICON: Final = base64.b64encode(
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00\x00\x00\x20" * 2 + bytes(range(40))
).decode()
GONE: Final = "99999999-ffff-4fff-8fff-999999999999"


def _to(id: str) -> dict[str, str]:
    return {"id": id}


def agents(emulator: Emulator) -> str:
    """The id of eGain's own application."""
    return str(next(each["id"] for each in emulator.objects("clientapplications")))


def hub(emulator: Emulator) -> dict[str, str]:
    """A bot that hands over to eGain's agents, and the customer's application: ids by name."""
    own = agents(emulator)
    login = _made(
        emulator,
        "authentications",
        name="bot-auth",
        type="oauth2",
        oauth2={
            "tokenRequestUrl": "https://bot.example.com/token",
            "method": "POST",
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "payload": PAYLOAD,
            "accessTokenPath": "$.accessToken",
        },
    )
    legacy = _made(
        emulator,
        "authentications",
        name="Legacy",
        type="basic",
        basicAuth={"username": "hub", "password": PASSWORD},
    )
    bot = _made(
        emulator,
        "clientapplications",
        name="Order Bot",
        roles=[
            {
                **_role("custom_bot", "https://bot.example.com/callback"),
                "headers": [{"name": "X-Tenant", "value": TENANT}],
                "authentication": _to(login),
            }
        ],
    )
    customers = _made(
        emulator,
        "clientapplications",
        name="Customer App",
        roles=[_role("customer", "https://shop.example.com/callback")],
    )
    greeter = _made(
        emulator,
        "participants",
        name="Order Bot",
        type="custom_bot",
        application=_to(bot),
        intents={"intent": [{"value": "orders", "displayValue": 'Where is my "order"? {0}'}]},
        description="Answers questions about orders. " * 12,
    )
    chat = _made(
        emulator,
        "channels",
        type="custom_channel",
        displayName="Chat",
        icon=ICON,
        restrictions={"inbound": {"maxTextLength": 2000, "features": ["typing_events"]}},
        l10nProperties=[
            {"language": "en-US", "properties": [{"name": "msg_hub_off_hours", "value": "Bye."}]}
        ],
    )
    first = _made(
        emulator,
        "orchestrations",
        name="Bot first",
        applications={
            "botConfiguration": {
                "forwardTranscript": True,
                "bots": [
                    {
                        "id": bot,
                        "participant": _to(greeter),
                        "onEscalation": {"agent": _to(own)},
                    }
                ],
            },
            "customerConfiguration": {"customer": _to(customers)},
        },
    )
    orders = _made(
        emulator,
        "accounts",
        name="orders",
        address="123456789",
        channel=_to(chat),
        chatConfigurations={
            "timeout": 30,
            "defaultLanguage": "en-US",
            "onAgentUnavailability": "off_hours",
            "orchestration": _to(first),
            "entryPoint": {"id": "1001"},
        },
    )
    return {"legacy": legacy, "chat": chat, "first": first, "orders": orders, "bot": bot}


def _role(name: str, callback: str) -> dict[str, Any]:
    mail = "ops@example.com"
    return {"name": name, "version": "v3", "callback": callback, "notificationEmail": mail}


def _made(emulator: Emulator, collection: str, **body: Any) -> str:
    return str(emulator.add(collection, body)["id"])
