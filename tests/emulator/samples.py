"""Bodies that the contract accepts, and a chain of all six kinds that refer to each other."""

from __future__ import annotations

import copy
from typing import Any

from .handle import Emulator

Body = dict[str, Any]

BASIC: Body = {
    "name": "basic",
    "type": "basic",
    "basicAuth": {"username": "hub", "password": "canary-password"},
}
OAUTH2: Body = {
    "name": "oauth2",
    "type": "oauth2",
    "oauth2": {
        "tokenRequestUrl": "https://bot.example.com/token",
        "method": "POST",
        "headers": [{"name": "X-Key", "value": "canary-header"}],
        "payload": "canary-payload",
        "accessTokenPath": "$.accessToken",
    },
}


def application(name: str, role: str, authentication: str | None = None) -> Body:
    part: Body = {
        "name": role,
        "version": "v3",
        "callback": "https://bot.example.com/hook",
        "notificationEmail": "ops@example.com",
        "headers": [{"name": "X-Role", "value": "canary-role"}],
    }
    if authentication:
        part["authentication"] = {"id": authentication}
    return {"name": name, "roles": [part]}


def channel(kind: str = "custom_channel") -> Body:
    return {"type": kind, "displayName": "Custom Channel", "icon": "iVBORw0KGgo="}


def named(body: Body, name: str) -> Body:
    return {**copy.deepcopy(body), "name": name}


def chain(emulator: Emulator) -> dict[str, tuple[str, str, Body]]:
    """Create one object of each kind; return kind -> (collection path, id, body)."""
    made: dict[str, tuple[str, str, Body]] = {}

    def make(kind: str, path: str, body: Body) -> str:
        key = emulator.create(path, body)
        made[kind] = path, key, body
        return key

    auth = make("Authentication", "/authentications", OAUTH2)
    bot = make("ClientApplication", "/clientapplications", application("bot", "custom_bot", auth))
    greeter = make(
        "Participant",
        "/participants",
        {"name": "greeter", "type": "custom_bot", "application": {"id": bot}},
    )
    chat = make("Channel", "/channels", channel())
    flow = make(
        "Orchestration",
        "/orchestrations",
        {
            "name": "flow",
            "applications": {
                "botConfiguration": {"bots": [{"id": bot, "participant": {"id": greeter}}]}
            },
        },
    )
    make(
        "Account",
        "/accounts",
        {
            "name": "orders",
            "address": "123456789",
            "channel": {"id": chat},
            "chatConfigurations": {"timeout": 30, "orchestration": {"id": flow}},
            "attributes": [{"name": "sid", "value": "canary-attribute"}],
        },
    )
    return made
