"""The path of a message: hop by hop on the emulator, by deliveries in a tenant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from egain_pulumi import hub, smoke
from egain_pulumi.resources import KINDS
from tests.emulator.callbacks import Callbacks, answer
from tests.smoke.world import World, ended, steps
from tests.support.process import REPOSITORY, free_port

pytestmark = pytest.mark.cli

ORDERS = ("--account", "orders")
MESSAGES = "POST /conversations/messages"


def test_from_the_customer_to_the_bot_and_to_the_agents(world: World, folder: Path) -> None:
    report = world.report("--emulator", *ORDERS)
    assert report["code"] == 0
    way = [
        ("", 'customer: "Hello, this is an automatic test (egain-pulumi smoke).'),
        ("channel_of_account", 'channel "chat": '),
        ("orchestration_of_account", 'orchestration "bot-first": '),
        ("token_fetched", 'authentication "bot-auth": '),
        ("delivered", 'client application "bot": '),
        ("", 'custom_bot: "Hello! I know about orders and sales.'),
        ("delivered", 'client application "customers": '),
        ("", 'customer: "agent"'),
        ("", 'custom_bot: "I am getting somebody for you."'),
        ("application_of_escalation", 'client application "agents": '),
        ("delivered_to_desktop", 'client application "agents": '),
        ("", "customer: conversation.end"),
    ]
    seen = iter(report["checks"][0]["steps"])
    for code, what in way:
        assert any(
            each["outcome"] == "ok" and each["code"] == code and each["what"].startswith(what)
            for each in seen
        ), (code, what, report)
    assert world.emulator.counts()[MESSAGES] == 3 + 2
    [conversation] = world.emulator.control("GET", "/conversations")["conversations"]
    assert (conversation["escalated"], conversation["open"]) == (True, False)


def test_all_active_accounts_are_tested(world: World, folder: Path) -> None:
    report = world.report("--emulator")
    assert [check["name"] for check in report["checks"]] == ["complaints", "orders"]
    assert report["code"] == 0


def test_an_expired_token_that_gets_a_401_is_renewed(
    world: World, callbacks: Callbacks, folder: Path
) -> None:
    plans = iter((answer(200), answer(401), answer(200), answer(200)))
    callbacks.plans["/bot"] = lambda request: next(plans)(request)
    world.role("bot", callback=f"{callbacks.url}/bot")
    Path("script.yaml").write_text("turns:\n  - say: one\n  - say: two\n")
    report = world.report("--emulator", *ORDERS, "--script", "script.yaml")
    assert report["code"] == 0
    seen = report["checks"][0]["steps"]
    refused = next(n for n, each in enumerate(seen) if each["code"] == "callback_unauthorized")
    assert seen[refused]["outcome"] == "note"
    assert "token_fetched" in [each["code"] for each in seen[refused + 1 : refused + 3]]


def test_in_a_tenant_deliveries_are_observed(world: World, folder: Path) -> None:
    report = world.report(*ORDERS)
    assert report["code"] == 0
    assert [what for _, what in steps(report)][1].startswith("the customer received custom_bot: ")
    assert MESSAGES in world.emulator.counts()
    assert set(world.emulator.counts()) == {MESSAGES, "GET /conversations/{id}"}
    # Agents are called by a script alone.
    assert '"agent"' not in json.dumps(report["checks"][0]["steps"])


def test_without_a_listener_the_conversation_is_read_at_the_end(
    world: World, folder: Path, callbacks: Callbacks
) -> None:
    world.emulator.settings(callback_seconds=5)
    world.role("customer-app", callback=f"{callbacks.url}/customer")
    arguments = ("--tenant", *ORDERS, "--wait", "1")
    seen = steps(world.report(*arguments))
    assert ("not seen", "no listener: the answers are read after the conversation") in seen
    assert any(what.startswith('custom_bot: "Hello!') for _, what in seen)
    callbacks.plans["/customer"] = answer(500)
    report = world.report(*arguments)
    assert report["code"] == 1
    assert ("ended", seen[3][1].replace("custom_bot", "not delivered: custom_bot", 1)) in steps(
        report
    )


def test_without_hops_findings_are_possible_causes(world: World, folder: Path) -> None:
    world.edit("channels", "custom_channel", {"active": False})
    report = world.report("--tenant", *ORDERS, "--wait", "0.3", "--listen", str(free_port()))
    assert report["code"] == 1
    assert [end["code"] for end in ended(report)] == ["no_answer"]
    assert (
        "note",
        'possible cause: account "orders": channel: channel "custom_channel" is not active',
    ) in steps(report)


def test_a_message_whose_answer_is_lost_is_not_sent_again(world: World, folder: Path) -> None:
    fault = world.emulator.fault("POST", "/conversations/messages", action="close", when="after")
    report = world.report("--emulator", *ORDERS)
    assert world.emulator.fired(fault) == 1
    assert world.emulator.hops()
    [conversation] = world.emulator.control("GET", "/conversations")["conversations"]
    page = world.emulator.conversation(conversation["id"])
    senders = [message["body"]["sender"]["type"] for message in page["messages"]]
    assert senders.count("customer") == 1
    assert report["code"] == 1
    assert [end["code"] for end in ended(report)] == ["in_doubt"]


def test_a_second_tenant_is_skipped(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = json.loads(world.state.read_text())
    account = next(r for r in state["deployment"]["resources"] if r["urn"].endswith("::orders"))
    account["provider"] = account["provider"].replace("::default::", "::eu::")
    account["outputs"]["_tenant"] = {"base_url": "https://eu/x", "token_url": "https://eu/t"}
    Path("state.json").write_text(json.dumps(state))
    report = world.report("--state", "state.json", "--emulator")
    assert [check["name"] for check in report["checks"]] == ["complaints"]
    code, _, err = world.smoke("--state", "state.json", *ORDERS)
    assert code == 2
    assert 'account "orders" is in a second tenant' in err


def test_from_python(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in world.emulator.env.items():
        monkeypatch.setenv(name, value)
    now = hub.stack(world.state.read_text(), KINDS)
    turns = smoke.script("turns:\n  - say: My parcel is late\n    answer: sorry\n")
    report = smoke.converse(now, names=["orders"], script=turns, emulator=True)
    assert report.passed
    assert smoke.document(report)["checks"][0]["name"] == "orders"


def test_json_is_as_documented(world: World, folder: Path) -> None:
    page = (REPOSITORY / "docs" / "smoke.md").read_text("utf-8")
    documented = json.loads(page.partition("```json\n")[2].partition("```")[0])
    report = world.report("--emulator", *ORDERS)
    del report["code"]
    assert report.keys() == documented.keys()
    assert report["checks"][0].keys() == documented["checks"][0].keys()
    step = documented["checks"][0]["steps"][0]
    assert all(each.keys() == step.keys() for each in report["checks"][0]["steps"])


def test_steps_that_cannot_be_observed_are_listed(world: World, folder: Path) -> None:
    _, out, _ = world.smoke("--account", "complaints")
    assert "not seen the hops of the messages, the calls of callbacks, and whether agents" in out
    assert out.endswith("1 account: passed (some steps cannot be observed)\n")
