"""The path of a message, hop by hop on the emulator, and by what is delivered elsewhere."""

from __future__ import annotations

import http.server
import json
import threading
from pathlib import Path
from xml.etree import ElementTree

import pytest

from egain_pulumi import hub, smoke
from egain_pulumi.cli.list import KINDS
from tests.emulator.callbacks import Callbacks, answer
from tests.smoke.world import World, free_port
from tests.support.process import REPOSITORY

pytestmark = pytest.mark.cli

ORDERS = ("--account", "orders")
MESSAGES = "POST /conversations/messages"


def steps(report: object) -> list[tuple[str, str]]:
    """Outcome and words of the only check."""
    assert isinstance(report, dict)
    [check] = report["checks"]
    return [(step["outcome"], step["what"]) for step in check["steps"]]


def test_from_the_customer_to_the_bot_and_to_the_agents(world: World, folder: Path) -> None:
    code, out, err = world.smoke("--emulator", *ORDERS)
    assert (code, err) == (0, "")
    ways = [
        'ok       customer: "Hello, this is an automatic test (egain-pulumi smoke).',
        'ok       channel "chat": channel of the account',
        'ok       orchestration "bot-first": orchestration of the account',
        'ok       authentication "bot-auth": a new token',
        'ok       client application "bot": the callback of the role custom_bot took it',
        'ok       custom_bot: "Hello! I know about orders and sales.',
        'ok       client application "customers": the callback of the role customer took it',
        'ok       customer: "agent"',
        'ok       custom_bot: "I am getting somebody for you."',
        'ok       client application "agents": onEscalation of the orchestration\'s first bot',
        'ok       client application "agents": taken by eGain\'s own agent desktop',
        "ok       customer: conversation.end",
    ]
    at = 0
    for way in ways:
        at = out.find(way, at)
        assert at >= 0, f"{way}\n{out}"
    assert out.endswith("1 account, all ok\n")
    assert world.emulator.counts()[MESSAGES] == 3 + 2
    [conversation] = world.emulator.control("GET", "/conversations")["conversations"]
    assert (conversation["escalated"], conversation["open"]) == (True, False)


def test_all_active_accounts_are_written_to_one_by_one(world: World, folder: Path) -> None:
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
    seen = steps(report)
    refused = next(n for n, (_, what) in enumerate(seen) if "refused the Authorization" in what)
    assert seen[refused][0] == "note"
    assert "a new token" in seen[refused + 1][1] + seen[refused + 2][1]


def test_a_tenant_is_seen_by_what_it_delivers(world: World, folder: Path) -> None:
    report = world.report(*ORDERS)
    assert report["code"] == 0
    assert [what for _, what in steps(report)][1].startswith("the customer gets custom_bot: ")
    assert MESSAGES in world.emulator.counts()
    assert set(world.emulator.counts()) == {MESSAGES, "GET /conversations/{id}"}
    # Agents are called by a script alone.
    assert '"agent"' not in json.dumps(report["checks"][0]["steps"])


def test_without_a_listener_the_conversation_is_read_at_its_end(
    world: World, folder: Path, callbacks: Callbacks
) -> None:
    world.emulator.settings(callback_seconds=5)
    world.role("customer-app", callback=f"{callbacks.url}/customer")
    arguments = ("--tenant", *ORDERS, "--wait", "1")
    seen = steps(world.report(*arguments))
    assert ("not seen", "no listener: what comes is read at the end") in seen
    assert any(what.startswith('custom_bot: "Hello!') for _, what in seen)
    callbacks.plans["/customer"] = answer(500)
    report = world.report(*arguments)
    assert report["code"] == 1
    assert ("ended", seen[3][1].replace("custom_bot", "not delivered: custom_bot", 1)) in steps(
        report
    )


def test_where_no_hop_is_seen_the_configuration_is_suspected(world: World, folder: Path) -> None:
    world.edit("channels", "custom_channel", {"active": False})
    report = world.report("--tenant", *ORDERS, "--wait", "0.3", "--listen", str(free_port()))
    assert report["code"] == 1
    ended = [what for outcome, what in steps(report) if outcome == "ended"]
    assert ended == ["did not come within 0.3 seconds: an answer"]
    assert (
        "note",
        'perhaps: account "orders": channel: channel "custom_channel" is not active',
    ) in steps(report)


def test_a_script_with_everything(world: World, folder: Path) -> None:
    Path("note.txt").write_text("17")
    page = (REPOSITORY / "docs" / "smoke.md").read_text("utf-8")
    script = page.partition("```yaml\n")[2].partition("```")[0]
    Path("script.yaml").write_text(script.replace("receipt.txt", "note.txt"))
    report = world.report("--emulator", *ORDERS, "--script", "script.yaml", "--junit", "j.xml")
    assert report["code"] == 0, report
    assert any("with note.txt" in what for _, what in steps(report))
    [case] = ElementTree.parse("j.xml").iter("testcase")
    assert (case.get("classname"), case.get("name")) == ("account", "orders")
    assert case.find("failure") is None


@pytest.mark.parametrize(
    ("turn", "lacking"),
    [
        ("say: Hello\n    answer: pineapple", 'an answer with "pineapple"'),
        ("say: Hello\n    escalates: true", "that the conversation reaches the agents"),
        ("say: Hello\n    ends: true", "that the other side ends the conversation"),
    ],
)
def test_what_a_script_expects_must_come(
    world: World, folder: Path, turn: str, lacking: str
) -> None:
    Path("script.yaml").write_text(f"turns:\n  - {turn}\n    within: 0.6\n")
    report = world.report("--emulator", *ORDERS, "--script", "script.yaml", "--junit", "j.xml")
    assert report["code"] == 1
    ended = [what for outcome, what in steps(report) if outcome == "ended"]
    assert ended == [f"did not come within 0.6 seconds: {lacking}"]
    [failure] = ElementTree.parse("j.xml").iter("failure")
    assert failure.get("message") == ended[0]


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
    assert steps(report)[0][1].startswith("cannot tell what became of message ")


def test_the_state_of_another_tenant_is_not_written_to(world: World, folder: Path) -> None:
    env = {"EGAIN_BASE_URL": "https://api.egain.cloud/x", "EGAIN_TOKEN_URL": "https://e.cloud/t"}
    code, out, err = world.smoke(*ORDERS, env=env)
    assert (code, out) == (2, "")
    assert "this stack's objects live in tenant 127.0.0.1:" in err
    assert world.emulator.counts(tokens=True) == {}


def test_a_second_tenant_is_left_alone(
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
    assert 'account "orders" lives in a second tenant' in err


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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--account", "order"), 'no account is called "order"; did you mean orders?'),
        (("--script", "none.yaml"), "cannot read none.yaml"),
        (("--wait", "0"), "--wait: expects seconds, more than 0"),
        (("--listen", "no"), "--listen: expects a port, or host:port"),
        (("--callbacks-only", "--emulator"), "--callbacks-only goes with"),
        (("--junit", "no/where.xml", "--emulator", *ORDERS), "--junit: cannot write no/where.xml"),
    ],
)
def test_what_cannot_run_is_said_in_one_line(
    world: World, folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, out, err = world.smoke(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_hops_are_read_on_this_machine_only(world: World, folder: Path) -> None:
    env = {"EGAIN_BASE_URL": "https://api.egain.cloud/x", "EGAIN_TENANT_MOVED": "1"}
    code, _, err = world.smoke("--emulator", *ORDERS, env=env)
    assert code == 2
    assert "an emulator runs on this machine" in err
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    base = {"EGAIN_BASE_URL": f"http://127.0.0.1:{server.server_port}/x"}
    code, _, err = world.smoke("--emulator", *ORDERS, env=base)
    thread.join()
    server.server_close()
    assert code == 2
    assert "/_emulator/ answered 501" in err
