"""Builds small hubs in the format of the Pulumi CLI."""

from __future__ import annotations

import copy
import json
from typing import Any

from egain_pulumi import hub
from egain_pulumi.resources import KINDS

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SEALED = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
PROVIDER = "urn:pulumi:prod::conversation-hub::pulumi:providers:pulumi-python::default::p"
STACK = "urn:pulumi:prod::conversation-hub::pulumi:pulumi:Stack::conversation-hub-prod"

Resource = dict[str, Any]


def urn(noun: str, name: str) -> str:
    """Return the URN of an object."""
    return f"urn:pulumi:prod::conversation-hub::pulumi-python:dynamic/egain:{noun}::{name}"


def resource(noun: str, name: str, inputs: Any, **more: Any) -> Resource:
    """Return a resource as in a state; its id is its name."""
    return {
        "urn": urn(noun, name),
        "custom": True,
        "id": name,
        "type": f"pulumi-python:dynamic/egain:{noun}",
        "inputs": inputs,
        "outputs": inputs,
        "provider": PROVIDER,
        **more,
    }


def parts() -> dict[str, Resource]:
    """Return a sound hub: one object of each kind, and the agents' and customer's application."""
    role = {"version": "v3", "notification_email": "ops@example.com"}
    listed = [
        resource("Authentication", "auth", {"active": True, "name": "auth", "type": "oauth2"}),
        resource(
            "ClientApplication",
            "bot",
            {
                "active": True,
                "name": "bot",
                "roles": {
                    "custom_bot": {
                        **role,
                        "callback": "https://bot.example.com",
                        "authentication": {"id": "auth"},
                    }
                },
            },
        ),
        resource(
            "ClientApplication",
            "customers",
            {
                "active": True,
                "name": "customers",
                "roles": {"customer": {**role, "callback": "https://app.example.com"}},
            },
        ),
        resource(
            "ClientApplication",
            "agents",
            {"find": {"role": "egain_agent"}},
            outputs={"find": {"role": "egain_agent"}, "name": "eGain Agents"},
            retainOnDelete=True,
        ),
        resource(
            "Participant",
            "greeter",
            {"active": True, "name": "greeter", "type": "custom_bot", "application": {"id": "bot"}},
        ),
        resource(
            "Channel",
            "chat",
            {"active": True, "type": "custom.chat", "display_name": "Chat", "icon": "AAAA"},
        ),
        resource("Orchestration", "flow", {"active": True, "name": "flow", "applications": FLOW}),
        resource(
            "Account",
            "orders",
            {
                "active": True,
                "name": "orders",
                "address": "1",
                "channel": {"id": "chat"},
                "chat_configurations": {"orchestration": {"id": "flow"}, "timeout": 30},
            },
        ),
    ]
    return copy.deepcopy({each["urn"].rpartition("::")[2]: each for each in listed})


FLOW: dict[str, Any] = {
    "bot_configuration": {
        "bots": [
            {
                "id": "bot",
                "participant": {"id": "greeter"},
                "on_escalation": {"agent": {"id": "agents"}},
            }
        ]
    },
    "customer_configuration": {"customer": {"id": "customers"}},
}


def state(resources: dict[str, Resource]) -> str:
    """Return the output of `pulumi stack export`."""
    stack = {"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False}
    deployment = {"manifest": {}, "resources": [stack, *resources.values()]}
    return json.dumps({"version": 3, "deployment": deployment})


def of(resources: dict[str, Resource]) -> hub.Hub:
    """Return the hub of a state."""
    return hub.stack(state(resources), KINDS)


def digest(*steps: Resource, **more: Any) -> str:
    """Return the output of `pulumi preview --json` for these steps and the stack itself."""
    own = {"op": "same", "urn": STACK, "oldState": ROOT, "newState": ROOT}
    listed = [own, *steps]
    counted = [step["op"] for step in listed if step["op"] not in ("read", "refresh")]
    summary = {op: counted.count(op) for op in counted}
    return json.dumps({"config": {}, "steps": listed, "changeSummary": summary} | more)


ROOT: Resource = {"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False}


def step(op: str, old: Resource | None, new: Resource | None, **more: Any) -> Resource:
    """Return one step; a new or replaced object has no id yet."""
    either = new or old or {}
    made: Resource = {"op": op, "urn": either["urn"], "provider": PROVIDER, "detailedDiff": None}
    if old is not None:
        made["oldState"] = old
    if new is not None:
        made["newState"] = {k: v for k, v in new.items() if k not in ("id", "outputs")}
    return made | more


def same(resources: dict[str, Resource]) -> list[Resource]:
    """Return the steps of unchanged objects."""
    return [{**step("same", each, each), "newState": each} for each in resources.values()]


def key(noun: str, name: str) -> str:
    """Return the key of an object."""
    return urn(noun, name)
