"""Every kind of message by every role: sent as the contract says, or refused."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from egain_pulumi.conversations import (
    Attachment,
    Contact,
    Conversations,
    CustomerData,
    EgainError,
    Message,
    NewConversation,
    Received,
)
from egain_pulumi.conversations.message import ROLES, SENDERS
from egain_pulumi.conversations.voices import Voice
from tests.conversations.conftest import contract, fits, patient
from tests.conversations.tenant import CONVERSATION, Tenant

RICH = (
    "listpicker",
    "quickreply",
    "template",
    "timepicker",
    "richlink",
    "form",
    "payment",
    "app",
    "authentication",
)
AGENTS = ("egain_agent", "custom_agent")
BOTS = ("egain_bot", "custom_bot")
EVERYBODY = ("customer", *AGENTS, *BOTS)

Say = Callable[[Any], Any]


def rich(kind: str) -> Say:
    """A rich message of a kind."""
    return lambda voice: voice.rich(kind, {"title": "Choose"})


SAID: dict[str, tuple[tuple[str, ...], Say]] = {
    "text": (EVERYBODY, lambda v: v.text("Hello")),
    "typing.start": (EVERYBODY, lambda v: v.typing_start()),
    "typing.end": (EVERYBODY, lambda v: v.typing_end()),
    "customer.info": (EVERYBODY, lambda v: v.customer_info(attributes={"tier": "gold"})),
    "error": (EVERYBODY, lambda v: v.error("Something broke.")),
    "conversation.end": (EVERYBODY, lambda v: v.end()),
    "escalation.transfer": ((*AGENTS, *BOTS), lambda v: v.escalate()),
    "pagePush": ((*AGENTS, *BOTS), lambda v: v.push_page("https://shop.example.com/orders")),
    "conversation.state": (AGENTS, lambda v: v.conversation_state()),
    "agent.join": (AGENTS, lambda v: v.join()),
    "agent.available": (AGENTS, lambda v: v.available()),
    "agent.unavailable": (AGENTS, lambda v: v.unavailable()),
    "agent.transfer": (AGENTS, lambda v: v.transfer_to_agent()),
    "queue.transfer": (AGENTS, lambda v: v.transfer_to_queue()),
    "authentication.success": (("customer",), lambda v: v.authentication_success()),
    "authentication.failure": (("customer",), lambda v: v.authentication_failure()),
    "customer.active": (("customer",), lambda v: v.active()),
    "customer.inactive": (("customer",), lambda v: v.inactive()),
    "delete.soft": (("customer",), lambda v: v.delete("m1")),
    "delete.permanent": (("customer",), lambda v: v.delete("m1", permanent=True)),
    "undo": (("customer",), lambda v: v.undo("m1")),
    **{f"richMessage.{kind}": ((*AGENTS, *BOTS), rich(kind)) for kind in RICH},
}
"""docs/vendor-api.md#kinds-of-message, read again: who sends a kind, and how it is written here."""


def voice(hub: Conversations, role: str, to: Any = CONVERSATION) -> Any:
    """A voice of a role."""
    return getattr(hub, role)("Somebody", to=to)


def test_every_kind_and_role_of_the_contract_is_known() -> None:
    schemas = contract()["components"]["schemas"]
    assert set(SAID) == set(SENDERS) == set(schemas["MessageType"]["properties"]["value"]["enum"])
    senders = schemas["AssetInput"]["properties"]["sender"]["properties"]["type"]["enum"]
    assert set(ROLES) == set(senders) == set(EVERYBODY)
    for kind, (roles, _) in SAID.items():
        assert SENDERS[kind] == set(roles), kind


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_role_sends_all_of_its_kinds(role: str, hub: Conversations, tenant: Tenant) -> None:
    kinds = [kind for kind, (roles, _) in SAID.items() if role in roles]
    for kind in kinds:
        sent = SAID[kind][1](voice(hub, role))
        body = tenant.sent()[-1]
        fits("SendMessageRequest", body)
        [message] = body["messages"]["message"]
        assert message["type"] == {"value": kind}
        assert message["sender"] == {"type": role, "participant": {"name": "Somebody"}}
        assert message["conversation"] == {"id": CONVERSATION}
        assert sent.message_ids == (message["messageId"],)
        assert sent.conversation == CONVERSATION
    assert len(tenant.sent()) == len(kinds)
    assert len(tenant.seen("POST", "/token")) == 1


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_role_cannot_send_a_kind_of_another_role(
    role: str, hub: Conversations, tenant: Tenant
) -> None:
    for kind, (roles, say) in SAID.items():
        if role in roles:
            continue
        with pytest.raises(AttributeError):
            say(voice(hub, role))
        with pytest.raises(EgainError, match=f"kind: {role} may not send {kind}; only "):
            voice(hub, role).send(Message(kind))
    assert tenant.calls == []


def test_every_method_of_a_voice_is_in_the_table(hub: Conversations) -> None:
    used: set[str] = set()

    class Recording:
        def __getattr__(self, name: str) -> Any:
            used.add(name)
            return lambda *a, **k: None

    for _, say in SAID.values():
        say(Recording())
    there = {
        name
        for role in EVERYBODY
        for name, member in inspect.getmembers(type(voice(hub, role)), inspect.isfunction)
        if not name.startswith("_")
    }
    assert there - {"send"} == used
    assert all(issubclass(type(voice(hub, role)), Voice) for role in EVERYBODY)


def test_with_validation_warn_a_kind_is_sent_as_written(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EGAIN_VALIDATION", "warn")
    with pytest.warns(UserWarning, match=r"custom_bot may not send undo; only customer may; sent"):
        voice(patient(), "custom_bot").send(Message("undo", parent="m1"))
    [body] = tenant.sent()
    fits("SendMessageRequest", body)


def test_an_unknown_kind_passes_through_as_written(hub: Conversations, tenant: Tenant) -> None:
    flow = Message("whatsapp.flow", {"flow": {"id": 7}}, extra={"priority": "high"})
    voice(hub, "customer").send(flow)
    [message] = tenant.sent()[0]["messages"]["message"]
    assert message["type"] == {"value": "whatsapp.flow"}
    assert message["content"] == {"flow": {"id": 7}}
    assert message["priority"] == "high"
    assert message["messageId"] == flow.message_id


def test_a_first_message_is_the_contracts_own_example(hub: Conversations, tenant: Tenant) -> None:
    example = contract()["components"]["examples"]["SendFirstMessage"]["value"]
    mobile = Contact("phone", "123456788", sub_type="mobile")
    customer = CustomerData(
        name="John Smith",
        type="individual",
        contacts=[mobile, Contact("email", "johnsmith@example.com")],
    )
    start = NewConversation(
        channel="custom_channel",
        address="123456789",
        customer=customer,
        lookup_contact="phone.mobile",
        conversation_contact="phone.mobile",
    )
    id = example["messages"]["message"][0]["messageId"]
    words = Message("text", {"text": "I need help with my order."}, message_id=id)
    sent = hub.customer("John Smith", to=start).send(words, metadata={"k1": "v1"})
    assert tenant.sent() == [example]
    assert (sent.conversation, sent.message_ids) == (CONVERSATION, (id,))


def test_everything_that_a_message_may_carry_fits_the_contract(
    hub: Conversations, tenant: Tenant
) -> None:
    start = NewConversation(
        channel="custom_channel",
        address="1",
        entry_point="1001",
        client_info={"timeOffset": 60},
        customer=CustomerData(attributes={"tier": "gold"}),
        extra={"locale": "en-US"},
    )
    picture = Attachment(name="a.png", content_type="image/png", size=3, url="https://x.test/a.png")
    voice(hub, "customer", start).text(
        "Look", attachments=[picture], attributes={"topic": "orders"}, content={"redact": True}
    )
    [body] = tenant.sent()
    fits("SendMessageRequest", body)
    [message] = body["messages"]["message"]
    assert message["content"] == {"text": "Look", "redact": True}
    assert message["attachments"]["attachment"] == [
        {"name": "a.png", "contentType": "image/png", "size": 3, "url": "https://x.test/a.png"}
    ]
    assert message["attributes"] == {"attribute": [{"name": "topic", "value": "orders"}]}
    assert message["conversation"] == {
        "account": {"channel": {"type": "custom_channel"}, "address": "1"},
        "entryPoint": {"id": "1001"},
        "clientInfo": {"timeOffset": 60},
        "customer": {"attributes": [{"name": "tier", "value": "gold"}]},
        "locale": "en-US",
    }


def test_several_messages_go_in_one_request(hub: Conversations, tenant: Tenant) -> None:
    sent = voice(hub, "custom_bot").send(Message("text", {"text": "a"}), Message("typing.start"))
    [body] = tenant.sent()
    fits("SendMessageRequest", body)
    kinds = [each["type"]["value"] for each in body["messages"]["message"]]
    assert kinds == ["text", "typing.start"]
    assert len(set(sent.message_ids)) == 2


REFUSED: list[tuple[Say, str]] = [
    (lambda hub: hub.customer(to="").text("a"), "to: expects a text that is not empty."),
    (lambda hub: hub.customer(to="c").text(" "), "text: expects a text that is not empty."),
    (lambda hub: hub.customer(to="c").send(), "messages: is empty; pass at least one"),
    (lambda hub: hub.customer(to="c").send(Message("")), "kind: expects a text"),
    (lambda hub: hub.customer(to="c").delete(""), "parent: expects a text"),
    (
        lambda hub: hub.customer(to=NewConversation(channel="sms", address="")).text("a"),
        "address: expects a text that is not empty.",
    ),
    (
        lambda hub: hub.customer(to="c").text("a", extra={"content": {}}),
        "extra: content has an argument of its own; pass it there.",
    ),
    (
        lambda hub: hub.customer(to="c").text("a", content={"x": float("nan")}),
        "content, attributes, extra or metadata cannot be written as JSON",
    ),
    (
        lambda hub: hub.customer(to="c").text(
            "a", attachments=[Attachment(name="a.png", content_type="image/png", size=1)]
        ),
        "attachment a.png: pass its url or the id of an asset.",
    ),
    (lambda hub: hub.conversation(".."), "id: expects an id from eGain"),
]


@pytest.mark.parametrize(("say", "words"), REFUSED, ids=[words[:30] for _, words in REFUSED])
def test_bad_input_is_one_line_and_no_call(
    say: Say, words: str, hub: Conversations, tenant: Tenant
) -> None:
    with pytest.raises(EgainError) as caught:
        say(hub)
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)
    assert tenant.calls == []


def test_a_completed_conversation_is_read(hub: Conversations, tenant: Tenant) -> None:
    found = hub.conversation(CONVERSATION)
    fits("Conversation", found.raw)
    assert found.id == CONVERSATION
    [said] = found.messages
    assert isinstance(said, Received)
    assert (said.kind, said.text, said.role, said.name) == (
        "text",
        "<p>Hello</p>",
        "egain_agent",
        "Ann",
    )
    assert said.attachments[0].size == 12
    assert said.attributes == {"topic": "orders"}


def test_a_foreign_id_stays_one_part_of_the_path(hub: Conversations, tenant: Tenant) -> None:
    hub.conversation("a:é@b")
    assert tenant.calls[-1].path == "/conversations/a%3A%C3%A9%40b"
    calls = len(tenant.calls)
    for id in ("a/../b?c#d", "..", "a\x1b[2J", "x" * 256):
        with pytest.raises(EgainError, match="id: expects an id from eGain"):
            hub.conversation(id)
    assert len(tenant.calls) == calls
