"""A conversation until its end, its scopes, and its pages on the control surface."""

from __future__ import annotations

import uuid

import pytest

from .hub import ADDRESS, CHANNEL, Hub, message

SCOPE = "app.conversation.conversationmgr.interaction"
START = {"account": {"channel": {"type": CHANNEL}, "address": ADDRESS}}


@pytest.mark.parametrize("sender", ["customer", "custom_bot"])
def test_whoever_ends_it_a_conversation_is_over(hub: Hub, sender: str) -> None:
    conversation = hub.say("hello")
    path = f"/conversations/{conversation}"
    assert hub.emulator.api("GET", path).json()["code"] == "404-101"
    hub.do("conversation.end", sender, conversation)
    other = hub.at_bot() if sender == "customer" else hub.at_customer()
    assert other[-1]["type"] == {"value": "conversation.end"}
    late = hub.send("text", "customer", conversation, content={"text": "more"})
    assert (late.status_code, late.json()["code"]) == (400, "400-630")
    assert hub.emulator.api("GET", path).status_code == 200
    assert hub.say("again") != conversation


def test_a_conversation_times_out_after_its_last_message(hub: Hub) -> None:
    hub.emulator.control("PATCH", "/settings", {"token_lifetime": 86_400})
    hub.emulator.forget_token()
    conversation = hub.say("one")
    hub.emulator.control("POST", "/clock", {"advance": 29 * 60})
    hub.say("two", conversation)
    hub.emulator.control("POST", "/clock", {"advance": 29 * 60})
    hub.say("three", conversation)
    hub.emulator.control("POST", "/clock", {"advance": 31 * 60})
    late = hub.send("text", "customer", conversation, content={"text": "four"})
    assert late.json()["code"] == "400-630"
    page = hub.emulator.api("GET", f"/conversations/{conversation}").json()
    assert [m["content"]["text"] for m in page["messages"]["message"]] == ["one", "two", "three"]
    assert not hub.page(conversation)["open"]


def test_a_finished_conversation_shows_who_said_what_and_what_became_of_it(hub: Hub) -> None:
    start = {**START, "customer": {"name": "John"}, "conversationContact": "phone.mobile"}
    secret = {"content": {"text": "4111 1111", "redact": True}}
    conversation = hub.do("text", "customer", start, **secret)
    assert hub.at_bot()[0]["content"]["text"] == "4111 1111"
    assert "4111" not in str(hub.page(conversation))
    hub.edit("customers", {"active": False})
    hub.say("good day", conversation, "custom_bot")
    hub.do("conversation.end", "customer", conversation)
    body = hub.emulator.api("GET", f"/conversations/{conversation}").json()
    assert {k: v for k, v in body.items() if k != "messages"} == {
        "id": conversation,
        **start,
        "entryPoint": {"id": "1001"},
    }
    rows = body["messages"]["message"]
    assert [row["status"] for row in rows] == ["sent", "failed", "sent"]
    assert ["sent" in row for row in rows] == [True, False, True]
    assert rows[0]["content"] == {"text": "********", "redact": True}


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("text/html", 406),
        ("application/json;q=0, text/*", 406),
        ("*/*", 200),
        ("text/html, application/json;q=0.5", 200),
    ],
)
def test_only_json_is_available(hub: Hub, accept: str, status: int) -> None:
    conversation = hub.say("hello")
    hub.do("conversation.end", "customer", conversation)
    path = f"/conversations/{conversation}"
    answer = hub.emulator.api("GET", path, headers={"Accept": accept})
    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "406-100"


@pytest.mark.parametrize(
    ("scope", "statuses"),
    [
        (f"{SCOPE}.manage", (202, 404, 400, 404, 404)),
        (f"{SCOPE}.read", (403, 404, 401, 404, 403)),
        ("app.conversation.conversationmgr.manage", (403, 403, 401, 403, 403)),
    ],
)
def test_the_scopes_of_the_contract(hub: Hub, scope: str, statuses: tuple[int, ...]) -> None:
    token = hub.emulator.token(scope=scope).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    none = str(uuid.uuid4())
    row = message("text", "customer", content={"text": "a"})
    calls = [
        ("POST", "/conversations/messages", {"messages": {"message": [row]}}),
        ("GET", f"/conversations/{none}", None),
        ("POST", "/assets", {}),
        ("GET", f"/assets/{none}", None),
        ("DELETE", f"/assets/{none}", None),
    ]
    seen = [hub.emulator.api(m, p, json=b, headers=headers).status_code for m, p, b in calls]
    assert tuple(seen) == statuses


def test_the_oldest_account_of_an_address_counts(hub: Hub) -> None:
    hub.add("second", "accounts", {**hub.account(), "active": False})
    conversation = hub.say("hello")
    assert hub.page(conversation)["accountId"] == hub.ids["orders"]


def test_the_account_may_go_while_a_conversation_is_open(hub: Hub) -> None:
    conversation = hub.say("hello")
    hub.remove("orders")
    hub.say("again", conversation)
    assert hub.end_of(conversation)[1] == "object_not_found"


def test_pages_of_the_control_surface(hub: Hub) -> None:
    conversation = hub.say("hello")
    hops = hub.settle()
    last = hub.emulator.control("GET", "/hops", params={"since": hops[2]["n"]})
    assert last["hops"] == hops[3:]
    assert last["last"] == hops[-1]["n"]
    overview = hub.emulator.control("GET", "/")
    assert overview["conversations"] == 1
    assert overview["deliveries"] == {"pending": 0, "retained": 0}
    url = hub.emulator.url + "/_emulator"
    for path, status in (("/hops?since=x", 400), ("/conversations/x", 404)):
        assert hub.emulator.session.get(url + path, timeout=5).status_code == status
    hub.emulator.control("POST", "/reset")
    assert hub.emulator.control("GET", "/conversations")["conversations"] == []
    assert hub.emulator.api("GET", f"/conversations/{conversation}").status_code == 404
