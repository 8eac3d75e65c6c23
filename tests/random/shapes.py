"""The six kinds in a few shapes each: what a program declares, and what eGain should then hold.

Both forms are written by hand: nothing of the package under test makes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.specimens import ICON
from tests.support.values import Secret

Body = dict[str, Any]
Both = tuple[Body, Body]
"""Inputs of a declaration, and attributes on the wire."""

SHAPES = 4
"""How many each kind has."""


@dataclass(frozen=True)
class Parts:
    """What a shape is filled with: references by slot as (declared, wire) and a secret text."""

    refs: dict[str, tuple[Any, Any]]
    secret: Callable[[str], str]
    """The secret for a place."""

    def ref(self, slot: str) -> Both:
        """A reference in both forms."""
        declared, wire = self.refs[slot]
        return {"id": declared}, {"id": wire}


def _headers(values: dict[str, str]) -> tuple[Body, list[Body]]:
    rows = [{"name": name, "value": text} for name, text in values.items()]
    return {name: Secret(text) for name, text in values.items()}, rows


def authentication(shape: int, parts: Parts) -> Both:
    """`oauth2` bare, with payload and header, with other headers; `basic`."""
    url = "https://bot.example.com/token"
    if shape == 3:
        password = parts.secret("password")
        return (
            {"type": "basic", "basic_auth": {"username": "hub", "password": Secret(password)}},
            {"type": "basic", "basicAuth": {"username": "hub", "password": password}},
        )
    ours: Body = {"token_request_url": url}
    wire: Body = {"tokenRequestUrl": url}
    if shape == 1:
        payload = f'{{"clientSecret": "{parts.secret("payload")}"}}'
        ours |= {"method": "POST", "payload": Secret(payload)}
        wire |= {"method": "POST", "payload": payload}
    if shape:
        name = ["", "X-Key", "X-Other"][shape]
        ours["headers"], wire["headers"] = _headers({name: parts.secret("header")})
    return {"type": "oauth2", "oauth2": ours}, {"type": "oauth2", "oauth2": wire}


def client_application(shape: int, parts: Parts) -> Both:
    """One role or two; with and without headers and a way to authenticate."""
    ours: Body = {
        "version": "v3",
        "callback": f"https://bot.example.com/callback/{shape // 2}",
        "notification_email": "ops@example.com",
    }
    wire: Body = {
        "name": "custom_bot",
        "version": "v3",
        "callback": ours["callback"],
        "notificationEmail": "ops@example.com",
    }
    if shape % 2:
        ours["headers"], wire["headers"] = _headers({"X-Tenant": parts.secret("role header")})
    if "authentication" in parts.refs:
        ours["authentication"], wire["authentication"] = parts.ref("authentication")
    roles, rows = {"custom_bot": ours}, [wire]
    if shape >= 2:
        other: Body = {"version": "v1", "callback": "https://app.example.com/callback"}
        roles["customer"] = {**other, "notification_email": "app@example.com"}
        rows.append({**other, "name": "customer", "notificationEmail": "app@example.com"})
    return {"roles": roles}, {"roles": rows}


def participant(shape: int, parts: Parts) -> Both:
    """With intents in either order, with options, with nothing."""
    ours: Body = {"type": "custom_bot"}
    wire: Body = {"type": "custom_bot"}
    ours["application"], wire["application"] = parts.ref("application")
    if shape in (1, 2):
        words = ["sales", "orders"][:: 1 if shape == 1 else -1]
        ours["intents"] = [{"value": word, "display_value": word.title()} for word in words]
        rows = [{"value": word, "displayValue": word.title()} for word in words]
        wire["intents"] = {"intent": rows}
    if shape >= 2:
        ours["options"] = {"mood": ["calm", "keen"][shape - 2]}
        wire["options"] = [{"name": "mood", "value": ["calm", "keen"][shape - 2]}]
    return ours, wire


def channel(shape: int, parts: Parts) -> Both:
    """With restrictions, with texts, with both, with neither."""
    name = ["Chat", "Chat", "Live Chat", "Live Chat"][shape]
    ours: Body = {"display_name": name, "icon": ICON}
    wire: Body = {"displayName": name, "icon": ICON}
    if shape in (1, 3):
        words = ["attachments", "typing_events"][: 1 + shape // 3]
        ours["restrictions"] = {"inbound": {"max_text_length": 1000 * shape, "features": words}}
        wire["restrictions"] = {"inbound": {"maxTextLength": 1000 * shape, "features": words}}
    if shape >= 2:
        texts = {"msg_hub_off_hours": "Closed."} | ({"more": "More."} if shape == 3 else {})
        ours["l10n_properties"] = {"en-US": texts}
        rows = [{"name": name, "value": text} for name, text in texts.items()]
        wire["l10nProperties"] = [{"language": "en-US", "properties": rows}]
    return ours, wire


def orchestration(shape: int, parts: Parts) -> Both:
    """People at once, or a bot first."""
    agent, agent_wire = parts.ref("agent")
    ours: Body = {"agent_configuration": {"agents": [agent] * (1 + shape % 2)}}
    wire: Body = {"agentConfiguration": {"agents": [agent_wire] * (1 + shape % 2)}}
    if shape >= 2:
        bot, bot_wire = parts.ref("participant")
        first = {"id": agent["id"], "participant": bot, "on_escalation": {"agent": agent}}
        ours["bot_configuration"] = {"bots": [first], "forward_transcript": shape == 2}
        sent = {
            "id": agent_wire["id"],
            "participant": bot_wire,
            "onEscalation": {"agent": agent_wire},
        }
        wire["botConfiguration"] = {"bots": [sent], "forwardTranscript": shape == 2}
    return {"applications": ours}, {"applications": wire}


def account(shape: int, parts: Parts) -> Both:
    """With chats configured or not, with attributes that our models lack."""
    ours: Body = {"address": f"+{shape // 2}"}
    wire: Body = {"address": f"+{shape // 2}"}
    ours["channel"], wire["channel"] = parts.ref("channel")
    chats: Body = {"timeout": 30 + shape} if shape else {}
    ours["chat_configurations"], wire["chatConfigurations"] = dict(chats), dict(chats)
    if "orchestration" in parts.refs:
        flow, flow_wire = parts.ref("orchestration")
        ours["chat_configurations"]["orchestration"] = flow
        wire["chatConfigurations"]["orchestration"] = flow_wire
    if shape >= 2:
        rows = [{"name": "sid", "value": parts.secret("attribute")}]
        ours["extra"] = Secret({"attributes": rows})
        wire["attributes"] = rows
    return ours, wire


BUILD: dict[str, Callable[[int, Parts], Both]] = {
    "Authentication": authentication,
    "ClientApplication": client_application,
    "Participant": participant,
    "Channel": channel,
    "Orchestration": orchestration,
    "Account": account,
}
SLOTS: dict[str, dict[str, tuple[str, bool]]] = {
    "Authentication": {},
    "ClientApplication": {"authentication": ("Authentication", False)},
    "Participant": {"application": ("ClientApplication", True)},
    "Channel": {},
    "Orchestration": {
        "agent": ("ClientApplication", True),
        "participant": ("Participant", True),
    },
    "Account": {"channel": ("Channel", True), "orchestration": ("Orchestration", False)},
}
"""Which kind each reference names, and whether it must be there."""
UNIQUE = {kind: "type" if kind == "Channel" else "name" for kind in BUILD}
