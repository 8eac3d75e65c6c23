"""No message is sent twice or wrongly reported as sent, and no error has a secret."""

from __future__ import annotations

import json
import socket
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from egain_pulumi.conversations import (
    Contact,
    Conversations,
    CustomerData,
    EgainError,
    InDoubt,
    Message,
    NewConversation,
    Refused,
)
from egain_pulumi.conversations.calls import TO_READ, TO_WRITE, choose
from egain_pulumi.errors import ConfigurationError, TransportError
from tests.conversations.conftest import patient
from tests.conversations.tenant import BASE, CONVERSATION, SECRET, Answer, Tenant, refusal
from tests.host.canaries import SHAPES, Canaries

MESSAGES = ("POST", "/conversations/messages")
ACCEPTED = {"messages": {"message": [{"conversation": {"id": CONVERSATION}}]}}
MANAGE = "app.conversation.conversationmgr.interaction.manage"
READ = "app.conversation.conversationmgr.interaction.read"
CONFIGURATION = "app.conversation.conversationmgr.manage"

LOST: dict[str, tuple[Answer, str]] = {
    "closed": (Answer(close=True), "the connection was lost"),
    "slow": (Answer(202, ACCEPTED, hang=30), "the request timed out"),
    "cut": (Answer(202, ACCEPTED, cut=True), "the connection was lost"),
    "500": (refusal("500-100", "Cannot."), "500-100: Cannot."),
    "502": (
        Answer(502, b"bad gateway", {"Content-Type": "text/plain"}),
        "502: the answer is not",
    ),
    "503": (Answer(503, None, {"Retry-After": "0"}), "503: the answer is not in"),
    "504": (Answer(504), "504: the answer is not in"),
    "html": (Answer(200, b"<p>Hi", {"Content-Type": "text/html"}), "200 with text/html"),
    "empty": (Answer(202, b"", {"Content-Type": ""}), "202 with no content type"),
    "no JSON": (Answer(202, b"{"), "202 with malformed JSON"),
    "a list": (Answer(202, []), "202 with JSON that is not an object"),
    "200": (Answer(200, ACCEPTED), "eGain answered 200 instead of 202"),
    "204": (Answer(204), "eGain answered 204 instead of 202"),
}
"""Every answer after which a message may have been delivered."""


@pytest.mark.parametrize(("answer", "words"), LOST.values(), ids=LOST)
def test_a_message_whose_answer_is_lost_is_not_sent_again(
    answer: Answer, words: str, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EGAIN_REQUEST_TIMEOUT_SECONDS", "0.3")
    tenant.instead(*MESSAGES, answer)
    bot = patient().custom_bot("greeter", to=CONVERSATION)
    with pytest.raises(InDoubt) as caught:
        bot.text("Hello", message_id="m-1")
    text = str(caught.value)
    assert text.startswith(f"cannot tell what became of message m-1 to conversation {CONVERSATION}")
    assert words in text
    assert "It may have been delivered and was not sent again." in text
    assert "\n" not in text
    assert (caught.value.message_ids, caught.value.conversation) == (("m-1",), CONVERSATION)
    assert len(tenant.sent()) == 1
    bot.text("Hello again")
    assert len(tenant.sent()) == 2


def test_a_new_conversation_without_an_id_is_in_doubt(hub: Conversations, tenant: Tenant) -> None:
    tenant.instead(*MESSAGES, Answer(202, {"messages": {"message": []}}))
    with pytest.raises(InDoubt, match="did not name the new conversation") as caught:
        hub.customer(to=NewConversation(channel="sms", address="1")).text("Hello")
    assert caught.value.conversation is None
    assert len(caught.value.message_ids) == 1
    assert len(tenant.sent()) == 1


BEFORE: dict[str, tuple[tuple[str, str], Answer]] = {
    "429 to the message": (MESSAGES, refusal("429-001")),
    "401 to the message": (MESSAGES, refusal("401-101")),
    "503 to the token": (("POST", "/token"), Answer(503, None, {"Retry-After": "0"})),
    "no token": (("POST", "/token"), Answer(close=True)),
}
"""Answers that certainly come before a message is accepted."""


@pytest.mark.parametrize(("call", "answer"), BEFORE.values(), ids=BEFORE)
def test_a_message_that_was_certainly_not_taken_is_retried(
    call: tuple[str, str], answer: Answer, hub: Conversations, tenant: Tenant
) -> None:
    tenant.instead(*call, answer)
    sent = hub.custom_bot(to=CONVERSATION).text("Hello", message_id="m-1")
    assert sent.message_ids == ("m-1",)
    bodies = tenant.sent()
    assert len(bodies) == (2 if call == MESSAGES else 1)
    assert all(body == bodies[0] for body in bodies)
    assert tenant.waiting[call] == []


def test_a_refused_connection_is_retried_and_not_in_doubt(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("EGAIN_BASE_URL", f"http://127.0.0.1:{closed.getsockname()[1]}{BASE}")
        monkeypatch.setenv("EGAIN_OPERATION_TIMEOUT_SECONDS", "0.6")
        with pytest.raises(TransportError) as caught:
            patient().custom_bot(to=CONVERSATION).text("Hello", message_id="m-1")
    assert caught.value.in_doubt is False
    text = str(caught.value)
    assert text.startswith(f"cannot send message m-1 to conversation {CONVERSATION}: POST http://")
    assert "connection refused" in text
    assert text.endswith(
        "Nothing was sent. Run it again. If it fails again, check the network, any proxy and "
        "egain:baseUrl (EGAIN_BASE_URL)."
    )


REFUSALS: dict[str, tuple[Answer, str, str]] = {
    "400": (
        refusal("400-143", "Missing.", content="required"),
        "(400-143): Missing. (content: required) (POST /conversations/messages, correlation id ",
        ").",
    ),
    "over": (
        refusal("400-630", "Not allowed."),
        "(400-630): Not allowed (POST",
        "The conversation has probably ended. Start a new one.",
    ),
    "scope": (
        refusal("403-197", "No scope."),
        "(403-197): No scope (POST",
        f'Client "bot" lacks scope {MANAGE} or may not do this. Add the scope to the client '
        "application in the eGain console.",
    ),
    "gateway": (
        Answer(404, b"<p>Not here", {"Content-Type": "text/html"}),
        "(404): the answer is not in eGain's error format (POST",
        "Check EGAIN_BASE_URL and any proxy.",
    ),
}


@pytest.mark.parametrize(("answer", "words", "end"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_egains_reason_in_one_line(
    answer: Answer, words: str, end: str, hub: Conversations, tenant: Tenant
) -> None:
    tenant.instead(*MESSAGES, answer)
    with pytest.raises(Refused) as caught:
        hub.custom_bot(to=CONVERSATION).text("Hello", message_id="m-1")
    text = str(caught.value)
    start = f"eGain refused to send message m-1 to conversation {CONVERSATION} "
    assert text.startswith(start + words)
    assert text.endswith(end)
    assert "\n" not in text
    assert caught.value.status == answer.status
    assert len(tenant.sent()) == 1


def test_a_second_401_is_believed(hub: Conversations, tenant: Tenant) -> None:
    tenant.instead(*MESSAGES, refusal("401-101"), refusal("401-101"))
    with pytest.raises(Refused, match="Check EGAIN_CLIENT_ID and EGAIN_SCOPE") as caught:
        hub.custom_bot(to=CONVERSATION).text("Hello")
    assert caught.value.status == 401
    assert len(tenant.seen("POST", "/token")) == 2


def test_a_read_is_retried_and_a_missing_conversation_is_refused(
    hub: Conversations, tenant: Tenant
) -> None:
    path = f"/conversations/{CONVERSATION}"
    tenant.instead("GET", path, Answer(502), Answer(close=True), refusal("429-001"))
    assert hub.conversation(CONVERSATION).id == CONVERSATION
    assert len(tenant.seen("GET", path)) == 4
    tenant.instead("GET", path, refusal("404-101", "Not found."))
    with pytest.raises(Refused, match=f"refused to read conversation {CONVERSATION}") as caught:
        hub.conversation(CONVERSATION)
    assert caught.value.gone
    tenant.instead("GET", path, Answer(200, {"id": "another"}))
    with pytest.raises(TransportError, match="another conversation"):
        hub.conversation(CONVERSATION)


def test_a_missing_setting_is_named_before_anything_is_called(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EGAIN_CLIENT_SECRET")
    with pytest.raises(ConfigurationError, match=r"\(EGAIN_CLIENT_SECRET\) is not set"):
        Conversations()
    assert tenant.calls == []


def test_a_token_that_is_refused_is_no_message_in_doubt(hub: Conversations, tenant: Tenant) -> None:
    tenant.instead("POST", "/token", Answer(400, {"error": "invalid_client"}))
    with pytest.raises(ConfigurationError, match=r"cannot send message m-1 .* \(invalid_client\)"):
        hub.custom_bot(to=CONVERSATION).text("Hello", message_id="m-1")
    assert tenant.sent() == []


def test_threads_share_one_token(hub: Conversations, tenant: Tenant) -> None:
    bot = hub.custom_bot(to=CONVERSATION)
    with ThreadPoolExecutor(8) as pool:
        ids = {sent.message_ids for sent in pool.map(bot.text, ["Hello"] * 24)}
    assert len(ids) == len(tenant.sent()) == 24
    assert len(tenant.seen("POST", "/token")) == 1


PREFIX = "https://api.egain.cloud/auth/"
SCOPES = [
    (f"{PREFIX}.default", TO_WRITE, f"{PREFIX}.default"),
    ("api://one/.default", TO_READ, "api://one/.default"),
    (f"{CONFIGURATION} {MANAGE}", TO_WRITE, f"{CONFIGURATION} {MANAGE}"),
    (f"{CONFIGURATION} {MANAGE}", TO_READ, f"{CONFIGURATION} {MANAGE}"),
    (CONFIGURATION, TO_WRITE, MANAGE),
    (CONFIGURATION, TO_READ, READ),
    (f"{PREFIX}{CONFIGURATION}", TO_READ, f"{PREFIX}{READ}"),
    (READ, TO_WRITE, MANAGE),
    ("", TO_WRITE, MANAGE),
]


@pytest.mark.parametrize(("configured", "needed", "text"), SCOPES)
def test_the_requested_scope(configured: str, needed: tuple[str, ...], text: str) -> None:
    assert choose(configured, needed) == text


def test_each_set_of_scopes_has_one_token(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EGAIN_SCOPE", CONFIGURATION)
    hub = patient()
    for _ in range(2):
        hub.custom_bot(to=CONVERSATION).text("Hello")
        hub.conversation(CONVERSATION)
    grants = [call.body.decode() for call in tenant.seen("POST", "/token")]
    assert [grant.partition("scope=")[2] for grant in grants] == [MANAGE, READ]
    used = [c.headers["Authorization"] for c in tenant.calls if c.path != "/token"]
    assert used[0] == used[2] != used[1] == used[3]
    tenant.instead("POST", "/token", Answer(400, {"error": "invalid_scope"}))
    with pytest.raises(ConfigurationError, match=rf"\(invalid_scope\) for scope {MANAGE}: check"):
        patient().custom_bot(to=CONVERSATION).text("Hello")


def speaking(canaries: Canaries, around: str) -> Callable[[Conversations], Any]:
    """A message that has a secret in every text."""
    new = canaries.new
    start = NewConversation(
        channel="sms",
        address="1",
        customer=CustomerData(
            name=new("customer", around), contacts=[Contact("phone", new("contact", around))]
        ),
        client_info={"referrerUrl": new("client info", around)},
        extra={"locale": new("extra of the conversation", around)},
    )
    message = Message(
        "text",
        {"text": new("text", around)},
        attributes={"key": new("attribute", around)},
        extra={"more": [new("extra", around)]},
    )
    name, metadata = new("name", around), {"k": new("metadata", around)}
    return lambda hub: hub.customer(name, to=start).send(message, metadata=metadata)


@pytest.mark.parametrize("around", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("status", [400, 500])
def test_no_error_has_peoples_texts_or_a_credential(
    status: int, around: str, hub: Conversations, tenant: Tenant
) -> None:
    canaries = Canaries()
    say = speaking(canaries, around)
    say(hub)
    [body] = tenant.sent()
    token = tenant.calls[-1].headers["Authorization"].removeprefix("Bearer ")
    echo = f"{json.dumps(body, ensure_ascii=status == 400)} {token} {SECRET}"
    assert canaries.found_in(echo)
    tenant.instead(*MESSAGES, refusal(f"{status}-100", echo, body=json.dumps(body)))
    with pytest.raises(EgainError) as caught:
        say(hub)
    error = caught.value
    shown = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    assert canaries.found_in(shown) == []
    assert token not in shown
    assert SECRET not in shown


def test_no_repr_has_peoples_texts() -> None:
    message = Message("text", {"text": "private"}, attributes={"a": "private"})
    customer = CustomerData(attributes={"a": "private"}, contacts=[Contact("phone", "private")])
    assert "private" not in repr((message, customer))
