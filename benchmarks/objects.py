"""The objects that each row declares, as JSON of the API.

A shape yields each object after those that it refers to, so that the first N of them are a valid
program.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, Final

from benchmarks.icon import PNG

Ids = Mapping[str, Any]
"""Name → id of each object so far: text, or an Output."""


@dataclass(frozen=True)
class Item:
    """One object: its collection, its name in the program, and the body of its POST."""

    collection: str
    name: str
    body: Callable[[Ids], dict[str, Any]]


ICON: Final = base64.b64encode(PNG).decode()
LOGIN: Final = '{"clientId":"hub","clientSecret":"secret-of-the-bot"}'


def requested_objects() -> list[Item]:
    """Return the objects that the environment variables request."""
    return objects(os.environ["BENCH_SHAPE"], int(os.environ["BENCH_SIZE"]))


def objects(shape: str, size: int) -> list[Item]:
    """Return the first objects of a shape, in an order in which they can be created."""
    return list(islice(SHAPES[shape](), size))


def flat() -> Iterator[Item]:
    """Yield channels, which refer to nothing."""
    for number in count():
        yield channel(number)


def hubs() -> Iterator[Item]:
    """Yield chains of all six kinds."""
    for number in count():
        yield from before(number)
        yield orchestration(number)
        yield account(number, orchestrated=True)


def five() -> Iterator[Item]:
    """Yield chains without orchestrations: an equal number of each of five kinds."""
    for number in count():
        yield from before(number)
        yield account(number, orchestrated=False)


SHAPES: Final[Mapping[str, Callable[[], Iterator[Item]]]] = {
    "flat": flat,
    "hubs": hubs,
    "five": five,
}


def before(number: int) -> Iterator[Item]:
    """Yield the first four kinds of a chain."""
    yield authentication(number)
    yield application(number)
    yield participant(number)
    yield channel(number)


def authentication(number: int) -> Item:
    """Return the credentials with which eGain calls the bot."""
    name = f"auth-{number}"
    oauth2 = {"tokenRequestUrl": "https://bot.example.com/token", "payload": LOGIN}
    body = {"name": name, "type": "oauth2", "oauth2": oauth2, "active": True}
    return Item("authentications", name, lambda ids: body)


def application(number: int) -> Item:
    """Return the bot."""
    name = f"bot-{number}"

    def body(ids: Ids) -> dict[str, Any]:
        role = {
            "name": "custom_bot",
            "version": "v3",
            "callback": "https://bot.example.com/callback",
            "notificationEmail": "ops@example.com",
            "authentication": {"id": ids[f"auth-{number}"]},
        }
        return {"name": name, "roles": [role], "active": True}

    return Item("clientapplications", name, body)


def participant(number: int) -> Item:
    """Return the intents of the bot."""
    name = f"greeter-{number}"
    intents = [{"value": "order_complaints", "displayValue": "Order Complaints"}]

    def body(ids: Ids) -> dict[str, Any]:
        return {
            "name": name,
            "type": "custom_bot",
            "application": {"id": ids[f"bot-{number}"]},
            "intents": {"intent": intents},
            "active": True,
        }

    return Item("participants", name, body)


def channel(number: int) -> Item:
    """Return the source of messages."""
    name = f"chat-{number}"
    inbound = {"maxTextLength": 2000, "features": ["attachments", "typing_events"]}
    body = {
        "type": name,
        "displayName": "Chat",
        "icon": ICON,
        "restrictions": {"inbound": inbound},
        "active": True,
    }
    return Item("channels", name, lambda ids: body)


def orchestration(number: int) -> Item:
    """Return the route of a conversation."""
    name = f"flow-{number}"

    def body(ids: Ids) -> dict[str, Any]:
        bot = ids[f"bot-{number}"]
        bots = [{"id": bot, "participant": {"id": ids[f"greeter-{number}"]}}]
        return {
            "name": name,
            "applications": {
                "botConfiguration": {"forwardTranscript": True, "bots": bots},
                "customerConfiguration": {"customer": {"id": bot}},
            },
            "active": True,
        }

    return Item("orchestrations", name, body)


def account(number: int, *, orchestrated: bool) -> Item:
    """Return the address that customers write to."""
    name = f"orders-{number}"

    def body(ids: Ids) -> dict[str, Any]:
        chat: dict[str, Any] = {"timeout": 30, "defaultLanguage": "en-US"}
        if orchestrated:
            chat["orchestration"] = {"id": ids[f"flow-{number}"]}
        return {
            "name": name,
            "address": f"{number:09}",
            "channel": {"id": ids[f"chat-{number}"]},
            "chatConfigurations": chat,
            "active": True,
        }

    return Item("accounts", name, body)
