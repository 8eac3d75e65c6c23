"""References with unknown ids: dependencies and roles tell the target."""

from __future__ import annotations

import copy
import json
from typing import Any

from egain_pulumi import hub
from egain_pulumi.resources import KINDS
from egain_pulumi.schema.tree import show
from tests.hub.builders import (
    SEALED,
    UNKNOWN,
    Resource,
    digest,
    key,
    of,
    parts,
    same,
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
    """Return (source, path, target) of each reference."""
    names = {None: None} | {each.key: each.name for each in found.objects.values()}
    return {(names[e.source] or "", show(e.path), names[e.target]) for e in found.edges}


def create_steps(resources: dict[str, Resource]) -> list[Resource]:
    """Return the steps that create a whole hub: every id is unknown, dependencies are listed."""

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


def test_references_to_new_objects_are_found() -> None:
    plan = hub.preview(digest(*create_steps(parts())), KINDS)
    assert links(plan.after) == LINKS
    assert plan.before == hub.Hub()
    presumed = {show(edge.path) for edge in plan.after.edges if edge.presumed}
    assert presumed == {
        "applications.bot_configuration.bots[0].id",
        "applications.bot_configuration.bots[0].on_escalation.agent",
        "applications.customer_configuration.customer",
    }, "three applications are new: their roles make one the likeliest"
    assert hub.findings(plan.after) == []
    ops = {each.object.name: each.op for each in plan.steps.values()}
    assert ops.pop("agents") is hub.Op.FIND
    assert set(ops.values()) == {hub.Op.CREATE}


def test_each_of_two_new_bots_has_its_own_participant() -> None:
    resources = parts()
    for each in ("bot", "greeter"):
        # Dependencies are not in the order of the pairs.
        second = f"a-{each}" if each == "bot" else f"z-{each}"
        text = json.dumps(resources[each]).replace(f'"{each}"', f'"{second}"')
        resources[second] = json.loads(text.replace(f"::{each}", f"::{second}"))
    resources["z-greeter"]["inputs"]["application"]["id"] = "a-bot"
    bots = resources["flow"]["inputs"]["applications"]["bot_configuration"]["bots"]
    bots.append({"id": "a-bot", "participant": {"id": "z-greeter"}})
    after = hub.preview(digest(*create_steps(resources)), KINDS).after
    named = {path: to for who, path, to in links(after) if who == "flow"}
    places = [f"applications.bot_configuration.bots[{index}]" for index in (0, 1)]
    pairs = {(named[f"{at}.id"], named[f"{at}.participant"]) for at in places}
    assert pairs == {("bot", "greeter"), ("a-bot", "z-greeter")}


def test_a_presumed_reference_breaks_no_rule() -> None:
    resources = parts()
    roles = resources["bot"]["inputs"]["roles"]
    roles["business_notification"] = roles.pop("custom_bot")
    guessed = hub.findings(hub.preview(digest(*create_steps(resources)), KINDS).after)
    assert {show(each.path) for each in guessed} == {"application"}, "the only one it can be"
    known = hub.findings(of(resources))
    assert {show(each.path) for each in known} == {
        "application",
        "applications.bot_configuration.bots[0].id",
    }


def test_references_to_a_replaced_object_are_kept() -> None:
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


def test_a_secret_or_unknown_value_refers_to_its_dependencies() -> None:
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
