"""Each rule: a hub that breaks it, the finding, the accounts; and values that break no rule."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from egain_pulumi import hub
from egain_pulumi.resources import KINDS
from tests.hub.builders import Resource, digest, of, parts, resource, same, step

Change = Callable[[dict[str, Resource]], object]


def flow(resources: dict[str, Resource]) -> Resource:
    """Return the applications of the orchestration."""
    found: Resource = resources["flow"]["inputs"]["applications"]
    return found


def turn_off(name: str) -> Change:
    """Turn an object off."""
    return lambda it: it[name]["inputs"].update(active=False)


def remove_orchestration(it: dict[str, Resource]) -> None:
    """Remove the orchestration of an account; another account keeps using it."""
    it["other"] = copy.deepcopy(it["orders"]) | {"urn": it["orders"]["urn"] + "2"}
    del it["orders"]["inputs"]["chat_configurations"]["orchestration"]


BROKEN: list[tuple[str, Change, str]] = [
    ("account-channel", turn_off("chat"), 'account "orders": channel: channel "chat" is not'),
    (
        "account-orchestration",
        remove_orchestration,
        'account "orders": chat_configurations.orchestration: is missing, so nobody',
    ),
    (
        "account-orchestration",
        turn_off("flow"),
        'account "orders": chat_configurations.orchestration: orchestration "flow" is not active',
    ),
    ("part-active", turn_off("bot"), 'participant "greeter": application: client application'),
    (
        "part-active",
        turn_off("auth"),
        'client application "bot": roles.custom_bot.authentication: authentication "auth" is not',
    ),
    (
        "bot-role",
        lambda it: it["bot"]["inputs"]["roles"].update(
            business_notification=it["bot"]["inputs"]["roles"].pop("custom_bot")
        ),
        'participant "greeter": application: client application "bot" lacks the role custom_bot',
    ),
    (
        "customer-role",
        lambda it: flow(it)["customer_configuration"].update(customer={"id": "agents"}),
        'orchestration "flow": applications.customer_configuration.customer: client application',
    ),
    (
        "agent-role",
        lambda it: flow(it)["bot_configuration"]["bots"][0]["on_escalation"].update(
            agent={"id": "customers"}
        ),
        'orchestration "flow": applications.bot_configuration.bots[0].on_escalation.agent: ',
    ),
    (
        "own-channel-customer",
        lambda it: flow(it).pop("customer_configuration"),
        'orchestration "flow" has no customer_configuration, but channel "chat" ',
    ),
    (
        "escalation-target",
        lambda it: flow(it)["bot_configuration"]["bots"][0].pop("on_escalation"),
        'orchestration "flow": applications.bot_configuration.bots[0]: has no on_escalation',
    ),
    (
        "orphan",
        lambda it: it.update(lost=resource("Participant", "lost", {"active": True})),
        'participant "lost": is active, but no active account reaches it',
    ),
    (
        "callback-unique",
        lambda it: it["customers"]["inputs"]["roles"]["customer"].update(
            callback="https://bot.example.com"
        ),
        'client application "customers": roles.customer.callback: is also the callback of client',
    ),
]


def test_a_sound_hub_breaks_no_rule() -> None:
    assert hub.findings(of(parts())) == []


@pytest.mark.parametrize(("rule", "change", "said"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_rule_is_found_and_names_the_place(rule: str, change: Change, said: str) -> None:
    resources = parts()
    change(resources)
    found = [each for each in hub.findings(of(resources)) if each.rule.id == rule]
    assert any(said in str(each) for each in found), [str(each) for each in found]
    if rule not in ("orphan", "callback-unique"):
        assert {account.name for each in found for account in each.accounts} >= {"orders"}
        assert {channel.name for each in found for channel in each.channels} == {"chat"}


@pytest.mark.parametrize(("rule", "change", "said"), BROKEN, ids=[row[0] for row in BROKEN])
def test_without_active_accounts_a_finding_has_none(rule: str, change: Change, said: str) -> None:
    resources = parts()
    change(resources)
    for each in resources.values():
        if "chat_configurations" in each["inputs"]:
            each["inputs"]["active"] = False
    assert [each for each in hub.findings(of(resources)) if each.accounts] == []


def test_a_reference_to_a_deleted_object_is_found() -> None:
    resources = parts()
    auth = resources.pop("auth")
    plan = hub.preview(digest(step("delete", auth, None), *same(resources)), KINDS)
    [found] = hub.findings(plan.after)
    assert found.rule.id == "reference-deleted"
    assert str(found) == (
        'client application "bot": roles.custom_bot.authentication: refers to authentication '
        '"auth" [auth], which this change deletes'
    )
    assert [account.name for account in found.accounts] == ["orders"]


def test_a_reference_to_nothing_in_the_tenant_is_found() -> None:
    rows: dict[str, Any] = {kind.name: [] for kind in KINDS} | {
        "participant": [{"id": "p", "name": "greeter", "application": {"id": "gone"}}],
        "client-application": [
            {"id": "b", "name": "b", "roles": [{"name": "customer", "authentication": {"id": "x"}}]}
        ],
    }
    whole = hub.tenant(rows, KINDS)
    assert [str(each) for each in hub.findings(whole)] == [
        'client application "b": roles.customer.authentication: refers to x, which does not exist '
        "in eGain",
        'participant "greeter": application: refers to gone, which does not exist in eGain',
    ]
    part = hub.tenant(rows | {"authentication": None}, KINDS)
    assert [each.object.name for each in hub.findings(part)] == ["greeter"]


def test_every_rule_is_tested_and_has_a_reason() -> None:
    tried = {row[0] for row in BROKEN} | {"reference-deleted", "reference-exists"}
    assert tried == {rule.id for rule in hub.RULES}
    for rule in hub.RULES:
        assert rule.sentence.endswith(".")
        assert len(rule.reason) > 20


UNKNOWN_PLACES: list[Change] = [
    lambda it: it["orders"]["inputs"].update(chat_configurations="[secret]"),
    lambda it: it["flow"]["inputs"].update(applications="[secret]"),
    lambda it: it["bot"]["inputs"].update(roles="[secret]"),
    lambda it: it["orders"]["inputs"]["channel"].update(id="of somebody else"),
    lambda it: it["chat"]["inputs"].update(active="[secret]"),
]


@pytest.mark.parametrize("change", UNKNOWN_PLACES)
def test_unknown_values_break_no_rule(change: Change) -> None:
    resources = parts()
    change(resources)
    told = [str(each) for each in hub.findings(of(resources)) if each.object.name != "chat"]
    assert told == []


def test_a_program_without_accounts_has_no_orphans() -> None:
    resources = parts()
    del resources["orders"]
    assert hub.findings(of(resources)) == []


def test_an_object_that_is_not_managed_is_no_orphan() -> None:
    resources = parts()
    resources["found"] = resource("Channel", "found", {"find": {"type": "sms"}})
    resources["got"] = resource("Channel", "got", {"get": True}, outputs={"active": True})
    assert hub.findings(of(resources)) == []
