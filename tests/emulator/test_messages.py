"""POST /conversations/messages: which messages are accepted and which are refused."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from egain_pulumi.emulator.messaging.kinds import KNOWN, ROLES, may_send

from .handle import Emulator
from .hub import ADDRESS, CHANNEL, Hub, message
from .test_contract import DOCUMENT


def post(emulator: Emulator, *rows: Any) -> Any:
    body = {"messages": {"message": list(rows)}}
    return emulator.api("POST", "/conversations/messages", json=body)


def code(answer: Any) -> tuple[str, str]:
    """Return code and first detail of a refusal."""
    body = answer.json()
    detail = body.get("details", [{"key": ""}])[0]
    return body["code"], detail["key"].removeprefix("messages.message[0].")


def test_the_answer_names_messages_and_conversation(hub: Hub) -> None:
    first, second = (message("text", "customer", content={"text": t}) for t in "ab")
    answer = post(hub.emulator, {**first, "messageId": "m-1"}, second)
    assert answer.status_code == 202
    one, two = answer.json()["messages"]["message"]
    assert (one["messageId"], "messageId" in two) == ("m-1", False)
    assert one["conversation"] == two["conversation"]
    assert len({one["id"], two["id"], one["conversation"]["id"]}) == 3
    hub.settle()
    assert [m["messageId"] for m in hub.at_bot()] == ["m-1", two["id"]]


def test_the_same_message_sent_twice_is_two_messages(hub: Hub) -> None:
    row = {**message("text", "customer", content={"text": "a"}), "messageId": "m-1"}
    ids = {post(hub.emulator, row).json()["messages"]["message"][0]["id"] for _ in range(2)}
    hub.settle()
    assert (len(ids), len(hub.at_bot())) == (2, 2)


def test_the_table_of_kinds_is_the_contracts() -> None:
    kinds = DOCUMENT["components"]["schemas"]["MessageType"]["properties"]["value"]["enum"]
    assert set(kinds) == KNOWN
    roles = DOCUMENT["components"]["schemas"]["AssetInput"]["properties"]["sender"]
    assert set(roles["properties"]["type"]["enum"]) == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_send_its_kinds_and_no_other(hub: Hub, role: str) -> None:
    conversation = hub.say("hello")
    parts = {"content": {"text": "x"}, "parent": {"messageId": "m"}}
    for kind in sorted(KNOWN - {"conversation.end"}):
        answer = post(hub.emulator, message(kind, role, conversation, **parts))
        expected = 202 if may_send(role, kind) else 400
        assert answer.status_code == expected, (role, kind)
        if expected == 400:
            assert code(answer) == ("400-152", "type.value")
    hub.settle()


NOTES = """
text customer egain_agent custom_agent egain_bot custom_bot
escalation.transfer egain_agent custom_agent egain_bot custom_bot
richMessage.payment egain_agent custom_agent egain_bot custom_bot
agent.join egain_agent custom_agent
queue.transfer egain_agent custom_agent
undo customer
authentication.success customer
customer.info customer egain_agent custom_agent egain_bot custom_bot
customer.active customer
"""


@pytest.mark.parametrize("row", NOTES.split("\n")[1:-1])
def test_the_vendors_table(row: str) -> None:
    kind, *roles = row.split()
    assert [role for role in ROLES if may_send(role, kind)] == [r for r in ROLES if r in roles]


START = {"account": {"channel": {"type": CHANNEL}, "address": ADDRESS}}
FILE = {"name": "a.txt", "url": "https://x.example/a"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"type": None}, ("400-143", "type")),
        ({"type": {"value": "poem"}}, ("400-196", "type.value")),
        ({"sender": {"type": "owner"}}, ("400-196", "sender.type")),
        ({"sender": {}}, ("400-143", "sender.type")),
        ({"content": None}, ("400-143", "content")),
        ({"content": {"text": ""}}, ("400-143", "content")),
        ({"type": {"value": "undo"}}, ("400-143", "parent.messageId")),
        ({"conversation": {}}, ("400-143", "conversation.account.channel.type")),
        (
            {"conversation": {"account": {"channel": {"type": CHANNEL}}}},
            ("400-143", "conversation.account.address"),
        ),
        (
            {"conversation": {"account": {**START["account"], "address": "0"}}},
            ("400-152", "conversation.account"),
        ),
        (
            {"conversation": {"account": {"channel": {"type": "x"}, "address": ADDRESS}}},
            ("400-152", "conversation.account"),
        ),
        ({"conversation": {"id": str(uuid.uuid4())}}, ("400-152", "conversation.id")),
        ({"conversation": {"id": "short"}}, ("400-152", "conversation.id")),
        ({"sender": {"type": "custom_bot"}}, ("400-152", "conversation.account")),
        ({"type": {"value": "typing.start"}}, ("400-152", "type.value")),
        ({"type": {"value": "conversation.end"}}, ("400-152", "type.value")),
        (
            {"attachments": {"attachment": [{"name": "a.txt"}]}},
            ("400-143", "attachments.attachment[0].url"),
        ),
        (
            {"attachments": {"attachment": [{**FILE, "id": "none"}]}},
            ("400-152", "attachments.attachment[0].id"),
        ),
    ],
)
def test_a_message_that_is_refused(
    hub: Hub, changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    row = {**message("text", "customer", content={"text": "a"}), **changes}
    answer = post(hub.emulator, {k: v for k, v in row.items() if v is not None})
    assert (answer.status_code, code(answer)) == (400, expected)
    assert hub.emulator.control("GET", "/conversations")["conversations"] == []


@pytest.mark.parametrize("body", [{}, {"messages": {}}, {"messages": {"message": []}}])
def test_a_request_without_messages_is_refused(emulator: Emulator, body: Any) -> None:
    for validation in ("contract", "documented", "off"):
        emulator.control("PATCH", "/settings", {"validation": validation})
        assert emulator.api("POST", "/conversations/messages", json=body).status_code == 400


def test_one_request_is_one_sender_in_one_conversation(hub: Hub) -> None:
    conversation = hub.say("hello")
    first = message("text", "customer", conversation, content={"text": "a"})
    other = message("text", "customer", content={"text": "b"})
    answer = post(hub.emulator, first, other)
    assert code(answer) == ("400-152", "messages.message[1].conversation")
    bot = message("text", "custom_bot", conversation, content={"text": "b"})
    assert code(post(hub.emulator, first, bot)) == ("400-152", "messages.message[1].sender.type")
    assert len(hub.page(conversation)["messages"]) == 1


@pytest.mark.parametrize(
    "row",
    [
        [],
        "text",
        {"type": [], "sender": 1, "conversation": "x"},
        {"type": {"value": "poem"}, "sender": {"type": "customer"}, "conversation": {"id": []}},
        {"type": {"value": "poem"}, "sender": {"type": "customer"}, "conversation": {"account": 1}},
    ],
)
def test_validation_off_still_needs_what_routing_needs(hub: Hub, row: Any) -> None:
    hub.emulator.control("PATCH", "/settings", {"validation": "off"})
    assert post(hub.emulator, row).status_code == 400


def test_with_validation_off_an_unknown_kind_goes_through(hub: Hub) -> None:
    conversation = hub.say("hello")
    hub.emulator.control("PATCH", "/settings", {"validation": "off"})
    odd = {"content": 7, "attachments": [1], "attributes": {"attribute": "x"}}
    hub.do("poem", "customer", conversation, **odd)
    assert hub.at_bot()[-1]["content"] == 7
    hub.do("conversation.end", "customer", conversation)
    hub.emulator.control("PATCH", "/settings", {"validation": "contract"})
    assert hub.emulator.api("GET", f"/conversations/{conversation}").status_code == 200
