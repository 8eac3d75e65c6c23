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
    return {
        "bot-auth": login,
        "Legacy": legacy,
        "Order Bot": bot,
        "Customer App": customers,
        "greeter": greeter,
        "chat": chat,
        "first": first,
        "orders": orders,
    }


def _role(name: str, callback: str) -> dict[str, Any]:
    mail = "ops@example.com"
    return {"name": name, "version": "v3", "callback": callback, "notificationEmail": mail}


def _made(emulator: Emulator, collection: str, **body: Any) -> str:
    return str(emulator.add(collection, body)["id"])


NAMES: Final = (
    "class",
    "config",
    "channels",
    "123",
    "-",
    "Orders (EU)",
    "orders-eu",
    "x" * 255,
    "say \"hi\" to 'them'",
    "{braces} {0} %s \\n",
    "tab\tnew\nline \u202eevil\u200b",
    "订单 机器人",
    "🤖",
    "مرحبا بالعالم",
)


def odd(emulator: Emulator) -> int:
    """Objects with names that no program can have, and an orchestration whose application somebody
    has deleted. Returns how many."""
    applications = []
    for name in NAMES:
        _made(
            emulator,
            "authentications",
            name=name,
            type="basic",
            basicAuth={"username": name, "password": f"{PASSWORD} {name}"},
        )
        role = _role("custom_bot", "https://bot.example.com/callback")
        header = {"name": name.replace("\n", ""), "value": TENANT}
        roles = [{**role, "headers": [header]}]
        applications.append(_made(emulator, "clientapplications", name=name, roles=roles))
        texts = [{"language": "en-US", "properties": [{"name": name, "value": name}]}]
        _made(
            emulator,
            "channels",
            type=name,
            displayName=name,
            icon=ICON,
            description=name,
            l10nProperties=texts,
        )
    agents = {"agentConfiguration": {"agents": [{"id": applications[0]}]}}
    _made(emulator, "orchestrations", name="dangling", applications=agents)
    emulator.remove("clientapplications", applications[0])
    return 3 * len(NAMES)
