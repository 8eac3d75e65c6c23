"""Builds the lists of a small tenant, as eGain answers them, and the state of a stack of it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from egain_pulumi import comparison
from egain_pulumi.resources import KINDS

Rows = dict[str, list[dict[str, Any]]]
KEY = b"a key of thirty-two characters.."
NAMES = [kind.name for kind in KINDS]


def ident(text: str) -> str:
    """Return an id: what it is of does not matter, only that tenants have different ones."""
    return text.ljust(36, "-")


def rows(prefix: str = "") -> Rows:
    """Return a tenant with an object of each kind, two equal orchestrations, and secrets."""

    def of(name: str) -> dict[str, str]:
        return {"id": ident(prefix + name)}

    role = {
        "name": "custom_bot",
        "version": "v3",
        "callback": "https://bot.example.com/hook",
        "notificationEmail": "ops@example.com",
        "headers": [{"name": "X-Key", "value": "s3cret-one"}],
        "authentication": of("auth"),
    }
    agents = {**role, "name": "egain_agent"}
    del agents["headers"], agents["authentication"]
    bots = [{**of("bot"), "participant": of("greeter"), "onEscalation": {"agent": of("agents")}}]
    flow = {"name": "flow", "applications": {"botConfiguration": {"bots": bots}}}
    return {
        "authentication": [
            {
                **of("auth"),
                "name": "auth",
                "type": "basic",
                "basicAuth": {"username": "egain", "password": "s3cret-two"},
            }
        ],
        "client-application": [
            {**of("bot"), "name": "bot", "active": True, "roles": [role]},
            {**of("agents"), "name": "agents", "roles": [agents]},
        ],
        "participant": [
            {**of("greeter"), "name": "greeter", "type": "custom_bot", "application": of("bot")}
        ],
        "channel": [
            {
                **of("chat"),
                "type": "chat",
                "displayName": "Chat",
                "icon": "AAAA",
                "created": {"date": f"2026-01-0{len(prefix) + 1}T00:00:00Z"},
                "l10nProperties": [
                    {"language": "en-US", "properties": [{"name": "secret", "value": "Hello"}]}
                ],
            }
        ],
        "orchestration": [{**of("flow1"), **flow}, {**of("flow2"), **flow}],
        "account": [
            {
                **of("orders"),
                "name": "orders",
                "address": "orders",
                "channel": of("chat"),
                "chatConfigurations": {"orchestration": of("flow2"), "timeout": 30},
            }
        ],
    }


def tenant(
    edit: Callable[[Rows], Any] = lambda rows: None,
    *,
    prefix: str = "",
    key: bytes | None = KEY,
    unread: str | None = None,
) -> comparison.Document:
    """Return the document of this tenant after an edit."""
    found = copy.deepcopy(rows(prefix))
    edit(found)
    shown: Mapping[str, Any] = {k: None if k == unread else v for k, v in found.items()}
    return comparison.of_tenant(shown, KINDS, key)


def differences(one: comparison.Document, other: comparison.Document) -> list[str]:
    """Return the differences of two documents as lines."""
    return lines(comparison.compare(one, other))[:-1]


def lines(
    found: comparison.Comparison, allowances: tuple[comparison.Allowance, ...] = ()
) -> list[str]:
    """Return a comparison as lines."""
    return comparison.text(comparison.judge(found, allowances), ("A", "B")).splitlines()
