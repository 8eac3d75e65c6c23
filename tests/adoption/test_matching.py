"""Which object of a tenant a resource of the program is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from egain_pulumi.adoption import recovering
from egain_pulumi.adoption.matching import Matches, match
from egain_pulumi.engine_values import PLACEHOLDER, SECRET, SIGNATURE
from egain_pulumi.resources import KINDS
from tests.adoption.test_planning import Rows, id_of, rows

STACK = "urn:pulumi:dev::hub::pulumi:pulumi:Stack::hub-dev"
DEFAULT = "urn:pulumi:dev::hub::pulumi:providers:pulumi-python::default::1"
HIDDEN = {SIGNATURE: SECRET, "ciphertext": "v1:abc"}
UNKNOWN = {"id": PLACEHOLDER}
Plan = dict[str, Any]


def urn(noun: str, name: str) -> str:
    """The URN of a resource."""
    return f"urn:pulumi:dev::hub::pulumi-python:dynamic/egain:{noun}::{name}"


def create(plan: Plan, noun: str, name: str, state: dict[str, Any], *on: str, **goal: Any) -> None:
    """Add a resource that a preview would create; `on` are the URNs that it depends on."""
    made = {"parent": STACK, "provider": DEFAULT, "on": list(on), **goal}
    held = {"__provider": "reference", "active": True, **state}
    plan[urn(noun, name)] = {"goal": made, "steps": ["create"], "state": held}


def matched(plan: Plan, listed: Rows | None = None, **options: Any) -> Matches:
    """What of a plan is found in a tenant."""
    steps = [{"op": "create", "urn": STACK, "newState": {"urn": STACK, "type": "x"}}]
    for key, each in plan.items():
        names = (name for name in each["state"] if name != "__provider")
        resource = {
            "urn": key,
            "type": key.split("::")[2],
            "inputs": each["state"],
            "provider": each["goal"]["provider"],
            "propertyDependencies": dict.fromkeys(names, each["goal"]["on"]),
        }
        steps.append({"op": "create", "urn": key, "newState": resource})
    text = json.dumps({"steps": steps, "changeSummary": {"create": len(steps)}})
    hub, wanted = recovering.wanted(text, plan, KINDS)
    how: dict[str, Any] = {"taken": {}, "chosen": {}, "mark": {"base_url": "x"}, **options}
    return match(wanted, hub, listed or rows(), **how)


def program() -> Plan:
    """The program of the tenant of `rows`, but for what it adds."""
    plan: Plan = {}
    login = {"token_request_url": "https://b.example.com/t", "payload": HIDDEN}
    create(plan, "Authentication", "auth", {"name": "Bot", "type": "oauth2", "oauth2": login})
    role = {"version": "v3", "callback": HIDDEN, "notification_email": "new@e.com"}
    roles = {"custom_bot": {**role, "headers": {"X-Key": HIDDEN}, "authentication": UNKNOWN}}
    create(
        plan, "ClientApplication", "app", {"name": "Bot", "roles": roles},
        urn("Authentication", "auth"),
    )  # fmt: skip
    create(plan, "ClientApplication", "agents", {"find": {"role": "egain_agent"}})
    del plan[urn("ClientApplication", "agents")]["state"]["active"]
    create(
        plan, "Participant", "bot",
        {"name": " Bot", "type": "custom_bot", "application": UNKNOWN},
        urn("ClientApplication", "app"),
    )  # fmt: skip
    bot = {"id": PLACEHOLDER, "participant": UNKNOWN, "on_escalation": {"agent": UNKNOWN}}
    create(
        plan, "Orchestration", "first",
        {"name": "first", "applications": {"bot_configuration": {"bots": [bot]}}},
        *(urn("ClientApplication", name) for name in ("agents", "app")), urn("Participant", "bot"),
    )  # fmt: skip
    return plan


def test_a_program_is_matched_level_by_level() -> None:
    found = matched(program())
    assert found.missing == []
    ids = {entry["name"]: entry["id"] for entry in found.entries}
    assert ids == {
        "auth": id_of(9),
        "app": id_of(2),
        "agents": id_of(1),
        "bot": id_of(3),
        "first": id_of(5),
    }
    by_name = {entry["name"]: entry for entry in found.entries}
    assert by_name["auth"]["inputs"]["oauth2"]["payload"] == HIDDEN
    assert by_name["auth"]["outputs"]["_tenant"] == {"base_url": "x"}
    # Where the program hides what is no secret of eGain's, nothing can be compared.
    role = by_name["app"]["inputs"]["roles"]["custom_bot"]
    assert role["callback"] == HIDDEN and role["authentication"] == {"id": id_of(9)}
    (bot,) = by_name["first"]["inputs"]["applications"]["bot_configuration"]["bots"]
    assert bot == {
        "id": id_of(2),
        "participant": {"id": id_of(3)},
        "on_escalation": {"agent": {"id": id_of(1)}},
    }
    agents = by_name["agents"]
    assert agents["inputs"] == {"find": {"role": "egain_agent"}, "__provider": "reference"}
    assert agents["outputs"]["name"] == "eGain Agents"


def test_what_egain_has_is_what_the_state_gets() -> None:
    plan: Plan = {}
    create(plan, "Channel", "chat", {"type": "web", "display_name": "Mine", "description": "Mine"})
    (entry,) = matched(plan).entries
    assert entry["inputs"]["display_name"] == "Web"
    assert "description" not in entry["inputs"]


def channel(value: str, **goal: Any) -> Plan:
    """A program of one channel."""
    plan: Plan = {}
    create(plan, "Channel", "chat", {"type": value, "display_name": "Web"}, **goal)
    return plan


TWO = {"orchestration": [{**(rows()["orchestration"] or [])[0], "id": id_of(n)} for n in (5, 6)]}


@pytest.mark.parametrize(
    ("plan", "listed", "options", "problem"),
    [
        (channel("sms"), {}, {}, 'channel "chat": not in the tenant'),
        (channel("web"), {}, {"taken": {id_of(4): "by stack prod"}}, "managed by stack prod"),
        (channel("web"), {"channel": None}, {}, "not readable without scope"),
        (channel(PLACEHOLDER), {}, {}, "type is only known once another resource has been created"),
        (channel("web", provider="urn::eu::1"), {}, {}, "lives in a second tenant"),
        (program(), TWO, {}, f"2 orchestrations fit: {id_of(5)}, {id_of(6)}; choose one by --take"),
        (program(), TWO, {"chosen": {"first": id_of(6)}}, None),
        (program(), {"participant": []}, {}, 'refers to participant "bot", which is not recovered'),
    ],
)
def test_what_is_not_found(
    plan: Plan, listed: Rows, options: dict[str, Any], problem: str | None
) -> None:
    missing = matched(plan, {**rows(), **listed}, **options).missing
    assert (problem is None) == (missing == [])
    assert problem is None or problem in missing[-1]


def test_components_come_before_what_is_in_them() -> None:
    outer, inner = (f"urn:pulumi:dev::hub::my:Part{more}::x" for more in ("", "$my:Part"))
    parts = {
        inner: {"steps": ["create"], "goal": {"type": "my:Part", "name": "x", "parent": outer}},
        outer: {"steps": ["create"], "goal": {"type": "my:Part", "name": "x", "parent": STACK}},
    }
    (entry,) = matched(channel("web", parent=inner)).entries
    assert entry["parent"] == inner
    part = {"type": "my:Part", "logicalName": "x", "component": True}
    made = [{"name": outer, **part}, {"name": inner, "parent": outer, **part}]
    assert recovering.components(parts, [entry, entry]) == (made, {})
    parts[outer]["steps"] = ["same"]
    assert recovering.components(parts, [entry]) == (made[1:], {outer: outer})
