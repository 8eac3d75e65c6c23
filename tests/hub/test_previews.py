"""A preview as two hubs and what lies between: steps, unknown references, what is refused."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from egain_pulumi import hub
from egain_pulumi.cli.list import KINDS
from egain_pulumi.complaints import UNKNOWN as NOT_KNOWN
from egain_pulumi.resource import type_token
from egain_pulumi.shape import show
from tests.hub.builders import (
    SEALED,
    UNKNOWN,
    Resource,
    digest,
    key,
    of,
    parts,
    resource,
    same,
    state,
    step,
    urn,
)

LINKS = {
    ("bot", "roles.custom_bot.authentication", "auth"),
    ("greeter", "application", "bot"),
    ("flow", "applications.bot_configuration.bots[0].id", "bot"),
    ("flow", "applications.bot_configuration.bots[0].participant", "greeter"),
    ("flow", "applications.bot_configuration.bots[0].on_escalation.agent", "agents"),
    ("flow", "applications.customer_configuration.customer", "customers"),
    ("orders", "channel", "chat"),
    ("orders", "chat_configurations.orchestration", "flow"),
}


def links(found: hub.Hub) -> set[tuple[str, str, str | None]]:
    """Who names whom, where."""
    names = {None: None} | {each.key: each.name for each in found.objects.values()}
    return {(names[e.source] or "", show(e.path), names[e.target]) for e in found.edges}


def unmade(resources: dict[str, Resource]) -> list[Resource]:
    """The steps that make a whole hub: every id is unknown, dependencies are listed."""

    def hidden(value: Any, named: list[str]) -> Any:
        if isinstance(value, dict):
            return {k: hidden(v, named) for k, v in value.items()}
        if isinstance(value, list):
            return [hidden(v, named) for v in value]
        if value in resources:
            named.append(resources[value]["urn"])
            return UNKNOWN
        return value

    steps = []
    for each in resources.values():
        inputs, depends = {}, {}
        for name, value in each["inputs"].items():
            named: list[str] = []
            plain = name in ("name", "find", "display_name")
            inputs[name] = value if plain else hidden(value, named)
            depends[name] = sorted(set(named), reverse=True)
        steps.append(
            step("create", None, {**each, "inputs": inputs, "propertyDependencies": depends})
        )
    return steps


def test_type_tokens_are_those_of_the_resources() -> None:
    from egain_pulumi.hub.documents import token

    assert [token(kind) for kind in KINDS] == [type_token(kind.model) for kind in KINDS]


def test_references_to_what_is_yet_to_be_made_are_found() -> None:
    plan = hub.preview(digest(*unmade(parts())), KINDS)
    assert links(plan.after) == LINKS
    assert plan.before == hub.Hub()
    presumed = {show(edge.path) for edge in plan.after.edges if edge.presumed}
    assert presumed == {
        "applications.bot_configuration.bots[0].id",
        "applications.bot_configuration.bots[0].on_escalation.agent",
        "applications.customer_configuration.customer",
    }, "three applications are new: roles tell which is meant, and nobody can be sure"
    assert hub.findings(plan.after) == []
    ops = {each.object.name: each.op for each in plan.steps.values()}
    assert ops.pop("agents") is hub.Op.FIND
    assert set(ops.values()) == {hub.Op.CREATE}


def test_each_of_two_new_bots_goes_with_its_own_participant() -> None:
    resources = parts()
    for each in ("bot", "greeter"):
        second = copy.deepcopy(resources[each])
        second["urn"] += "2"
        second["id"] += "2"
        resources[f"{each}2"] = second
    resources["greeter2"]["inputs"]["application"]["id"] = "bot2"
    bots = resources["flow"]["inputs"]["applications"]["bot_configuration"]["bots"]
    bots.append({"id": "bot2", "participant": {"id": "greeter2"}})
    after = hub.preview(digest(*unmade(resources)), KINDS).after
    named = {path: to for who, path, to in links(after) if who == "flow"}
    for index in (0, 1):
        at = f"applications.bot_configuration.bots[{index}]"
        pair = named[f"{at}.id"], named[f"{at}.participant"]
        assert pair in {("bot", "greeter"), ("bot2", "greeter2")}
    assert {named[f"applications.bot_configuration.bots[{i}].id"] for i in (0, 1)} == {
        "bot",
        "bot2",
    }


def test_a_replaced_object_is_referred_to_although_its_new_id_is_unknown() -> None:
    resources = parts()
    old, flow = resources.pop("greeter"), resources.pop("flow")
    new = copy.deepcopy(old)
    new["inputs"]["name"] = "greeter-2"
    changed = copy.deepcopy(flow)
    changed["inputs"]["applications"]["bot_configuration"]["bots"][0]["participant"]["id"] = UNKNOWN
    changed["propertyDependencies"] = {"applications": [urn("Participant", "greeter")]}
    diff = {"name": {"kind": "update-replace", "inputDiff": True}}
    steps = [
        step("replace", old, new, detailedDiff=diff),
        step("update", flow, changed),
        *same(resources),
    ]
    plan = hub.preview(digest(*steps), KINDS)
    assert links(plan.before) == links(plan.after) == LINKS
    greeter = plan.steps[key("Participant", "greeter")]
    assert greeter.op is hub.Op.REPLACE
    assert greeter.diff == {"name": "update-replace"}
    assert greeter.old and greeter.new
    assert (greeter.old.id, greeter.new.id) == ("greeter", None)
    assert plan.steps[key("Orchestration", "flow")].object.id == "flow"
    assert not hub.findings(plan.after)


def test_what_is_under_a_secret_or_unknown_as_a_whole_refers_to_what_it_depends_on() -> None:
    for value in ("[secret]", UNKNOWN, {**SEALED, "ciphertext": "v1:x"}):
        resources = parts()
        resources["bot"]["inputs"]["roles"] = value
        resources["bot"]["propertyDependencies"] = {"roles": [urn("Authentication", "auth")]}
        [edge] = of(resources).out(key("ClientApplication", "bot"))
        assert (show(edge.path), edge.target, edge.presumed) == (
            "roles",
            key("Authentication", "auth"),
            True,
        )


def test_steps_are_told_in_terms_of_egain() -> None:
    resources = parts()
    agents = resources.pop("agents")
    taken = resource("Channel", "taken", {"active": True, "type": "sms", "imported": "type:sms"})
    kept = resource("Channel", "kept", {"active": True, "type": "x"}, retainOnDelete=True)
    read = resource("Channel", "read", {"get": True}, external=True)
    steps = [
        step("create", None, taken),
        step("delete", agents, None),
        step("delete", kept, None),
        step("delete", resources["auth"], None),
        step("read", None, read),
        *same({name: each for name, each in resources.items() if name != "auth"}),
    ]
    plan = hub.preview(digest(*steps), KINDS)
    ops = {each.object.name: each.op.value for each in plan.steps.values() if each.op != "same"}
    assert ops == {
        "taken": "import",
        "agents": "forget",
        "kept": "forget",
        "auth": "delete",
        "read": "read",
    }
    assert {each.object.name for each in plan.changes.values()} == {"taken", "auth"}
    assert plan.both.objects.keys() == plan.after.objects.keys() | {key("Authentication", "auth")}
    assert ("bot", "roles.custom_bot.authentication", "auth") in links(plan.both)


def test_a_refresh_that_misses_an_object_is_told() -> None:
    resources = parts()
    gone = resources.pop("orders")
    refreshed = [{**step("refresh", each, each)} for each in (*resources.values(), gone)]
    plan = hub.preview(digest(*refreshed, step("create", None, gone), *same(resources)), KINDS)
    assert plan.refreshed
    assert plan.gone == {key("Account", "orders")}
    assert key("Account", "orders") not in plan.before.objects
    assert not hub.preview(digest(*same(parts())), KINDS).refreshed


def test_a_preview_that_leaves_out_what_stays_needs_the_state() -> None:
    resources = parts()
    update = step("update", resources["chat"], resources["chat"])
    summary = {"same": 8, "update": 1}
    text = digest(update, changeSummary=summary)
    with pytest.raises(hub.NotAHub, match="leaves out 7 objects"):
        hub.preview(text, KINDS)
    plan = hub.preview(text, KINDS, state=state(resources))
    assert links(plan.after) == links(plan.before) == LINKS
    resources["chat"]["id"] = "another"
    with pytest.raises(hub.NotAHub, match="or from another time"):
        hub.preview(text, KINDS, state=state(resources))
    other = state(parts()).replace("urn:pulumi:prod::", "urn:pulumi:dev::")
    with pytest.raises(hub.NotAHub, match="the state is of another stack"):
        hub.preview(text, KINDS, state=other)


def test_no_secret_comes_in_whatever_was_asked_of_the_cli() -> None:
    resources = parts()
    roles = resources["bot"]["inputs"]["roles"]["custom_bot"]
    roles["headers"] = {"X-Key": "canary"}
    resources["bot"]["inputs"]["extra"] = {"attributes": "canary"}
    resources["auth"]["inputs"]["oauth2"] = {"payload": "canary", "headers": {"A": "canary"}}
    resources["auth"]["inputs"]["description"] = {**SEALED, "plaintext": '"canary"'}
    resources["chat"]["inputs"]["icon"] = "Y2FuYXJ5"
    steps = digest(*same(resources))
    for found in (of(resources), hub.preview(steps, KINDS).after, hub.preview(steps, KINDS).before):
        assert "canary" not in repr(found)
        assert "Y2FuYXJ5" not in repr(found)
        bot = found.objects[key("ClientApplication", "bot")]
        assert bot.at("roles", "custom_bot", "headers") == {"X-Key": hub.SECRET}
        assert bot.inputs["extra"] == hub.SECRET
    resources["chat"]["inputs"]["display_name"] = UNKNOWN
    assert of(resources).objects[key("Channel", "chat")].inputs["display_name"] is NOT_KNOWN


def test_an_error_of_the_documents_is_one_line() -> None:
    text = json.dumps({"diagnostics": [{"severity": "error", "message": "a\nb\x1b[2J"}]})
    with pytest.raises(hub.NotAHub) as caught:
        hub.preview(text, KINDS)
    assert str(caught.value).isprintable()
