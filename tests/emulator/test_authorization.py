"""The Authorization of a delivery: tokens fetched, kept, renewed once; basic; never shown."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from .callbacks import accepts, answer, tokens
from .hub import Hub, message


def test_a_token_is_fetched_as_the_authentication_says(hub: Hub) -> None:
    hub.oauth2_is(method="PUT", payload='{"clientSecret":"canary-\u00e9"}')
    hub.say("hello")
    [call] = hub.callbacks.at("/token")
    assert (call.method, call.path) == ("PUT", "/token?key=canary-query")
    assert call.headers["x-key"] == "canary-header"
    assert call.body == '{"clientSecret":"canary-\u00e9"}'
    assert "authorization" not in call.headers


def test_a_token_is_kept_whatever_is_changed_until_the_callback_refuses_it(hub: Hub) -> None:
    conversation = hub.say("one")
    hub.oauth2_is(payload="other")
    hub.say("two", conversation)
    hub.say("three")
    assert len(hub.callbacks.at("/token")) == 1
    hub.callbacks.plans["/bot"] = accepts("Bearer canary-token-2")
    hub.say("four", conversation)
    assert [call.body for call in hub.callbacks.at("/token")][1:] == ["other"]
    assert hub.end_of(conversation) == ("sent", None)
    seen = [
        (one.message["content"]["text"], one.headers["authorization"][-1])
        for one in hub.callbacks.at("/bot")
    ]
    assert seen[-2:] == [("four", "1"), ("four", "2")]
    steps = [(h["step"], h["outcome"]) for h in hub.page(conversation)["hops"][-5:]]
    assert steps == [
        ("authorization", "passed"),
        ("deliver", "refused"),
        ("authorization", "passed"),
        ("authorization", "passed"),
        ("deliver", "delivered"),
    ]


def test_a_second_refusal_is_final_and_the_next_message_begins_anew(hub: Hub) -> None:
    hub.callbacks.plans["/bot"] = answer(401)
    conversation = hub.say("one")
    assert hub.end_of(conversation) == ("failed", "the callback answered 401 also to a new token")
    assert (len(hub.callbacks.at("/bot")), len(hub.callbacks.at("/token"))) == (2, 2)
    [lost] = hub.emulator.control("GET", "/undeliverable")["messages"]
    assert lost["mailed"] == "ops@example.com"
    hub.callbacks.plans["/bot"] = accepts("Bearer canary-token-3")
    hub.say("two", conversation)
    assert hub.end_of(conversation) == ("sent", None)


def test_many_conversations_fetch_one_token(hub: Hub) -> None:
    for n in range(8):
        assert hub.send("text", "customer", content={"text": str(n)}).status_code == 202
    hub.settle()
    assert (len(hub.callbacks.at("/bot")), len(hub.callbacks.at("/token"))) == (8, 1)


def test_basic(hub: Hub) -> None:
    secret = {"username": "hub", "password": "canary-pass:\u00e9"}
    hub.edit("auth", {"type": "basic", "basicAuth": secret, "oauth2": None})
    conversation = hub.say("hello")
    expected = base64.b64encode("hub:canary-pass:\u00e9".encode()).decode()
    assert hub.callbacks.at("/bot")[0].headers["authorization"] == f"Basic {expected}"
    hub.callbacks.plans["/bot"] = answer(401)
    hub.say("again", conversation)
    assert hub.end_of(conversation) == ("failed", "the callback answered 401")
    assert len(hub.callbacks.at("/bot")) == 2


def test_a_role_without_authentication_sends_its_own_headers_only(hub: Hub) -> None:
    own = [{"name": "Authorization", "value": "Key canary"}]
    hub.role("customers", headers=own)
    conversation = hub.say("hello")
    hub.say("answer", conversation, "custom_bot")
    assert hub.callbacks.at("/customer")[0].headers["authorization"] == "Key canary"
    hub.callbacks.plans["/customer"] = answer(401)
    hub.say("answer", conversation, "custom_bot")
    assert hub.end_of(conversation) == ("failed", "the callback answered 401")
    assert len(hub.callbacks.at("/customer")) == 2


def test_the_authentication_wins_over_a_header_of_the_role(hub: Hub) -> None:
    hub.role("bot", headers=[{"name": "authorization", "value": "Key canary"}])
    hub.say("hello")
    assert hub.callbacks.at("/bot")[0].headers["authorization"] == "Bearer canary-token-1"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("$.a.b", {"a": {"b": "t"}}),
        ("$['a b'][1]", {"a b": ["x", "t"]}),
        ('$["a"].b_c', {"a": {"b_c": "t"}}),
        ("$", "t"),
    ],
)
def test_the_token_is_picked_by_its_path(hub: Hub, path: str, body: Any) -> None:
    hub.oauth2_is(accessTokenPath=path)
    hub.callbacks.plans["/token"] = answer(200, json.dumps(body).encode())
    hub.say("hello")
    assert hub.callbacks.at("/bot")[0].headers["authorization"] == "Bearer t"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (None, "oauth2.accessTokenPath is missing"),
        ("accessToken", "must name one value"),
        ("$..accessToken", "must name one value"),
        ("$.*", "must name one value"),
        ("$[?@.a]", "must name one value"),
        ("$.a[-1]", "must name one value"),
    ],
)
def test_a_path_that_names_no_single_value(hub: Hub, path: str | None, reason: str) -> None:
    hub.oauth2_is(accessTokenPath=path)
    assert reason in str(hub.end_of(hub.say("hello"))[1])
    assert hub.callbacks.at("/token") == []


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (answer(403, b"canary"), "the token endpoint answered 403"),
        (answer(302, Location="/elsewhere"), "the token endpoint answered 302"),
        (answer(201, b'{"accessToken": "t"}'), "the token endpoint answered 201"),
        (answer(200, b"canary"), "the token endpoint answered with what is no JSON"),
        (answer(200, b"x" * 70_000), "the token endpoint sent an answer larger than"),
        (tokens(""), "answered without a token at accessTokenPath"),
        (tokens(7), "answered without a token at accessTokenPath"),
        (tokens("canary\r\nX-Other: 1"), "answered without a token at accessTokenPath"),
        (tokens("canary", key="access_token"), "answered without a token at accessTokenPath"),
    ],
)
def test_no_token_no_delivery(hub: Hub, plan: Any, reason: str) -> None:
    hub.callbacks.plans["/token"] = plan
    conversation = hub.say("hello")
    assert reason in str(hub.end_of(conversation)[1])
    assert hub.at_bot() == []
    assert hub.callbacks.at("/elsewhere") == []
    [lost] = hub.emulator.control("GET", "/undeliverable")["messages"]
    assert lost["mailed"] == "ops@example.com"
    assert "canary" not in str(hub.page(conversation))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"tokenRequestUrl": "https://login.example.com/token"}, "is not on this machine"),
        ({"tokenRequestUrl": None}, "has no usable address"),
        ({"method": "GE T"}, "HTTP cannot carry"),
    ],
)
def test_a_token_endpoint_that_is_not_called(
    hub: Hub, changes: dict[str, Any], reason: str
) -> None:
    hub.oauth2_is(**changes)
    assert reason in str(hub.end_of(hub.say("hello"))[1])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"type": "saml"}, "its type is neither oauth2 nor basic"),
        ({"type": "basic"}, "basicAuth lacks username or password"),
    ],
)
def test_an_authentication_that_says_too_little(
    hub: Hub, changes: dict[str, Any], reason: str
) -> None:
    hub.edit("auth", changes)
    assert hub.end_of(hub.say("hello")) == ("failed", reason)


def test_no_page_shows_a_secret(hub: Hub) -> None:
    hub.say("one")
    hub.callbacks.plans["/bot"] = answer(401, b"canary-answer")
    hub.say("two")
    hub.callbacks.plans["/token"] = answer(500, b"canary-answer")
    signed = {"name": "a.txt", "size": 1, "url": "https://u:canary@x.example/a?sig=canary"}
    rows = {"attachment": [signed]}
    extra: dict[str, Any] = {
        "attachments": rows,
        "unknown": "canary-value",
        "content": {"text": "three"},
    }
    hub.emulator.api(
        "POST",
        "/conversations/messages",
        json={"messages": {"message": [message("text", "customer", **extra)]}},
    )
    hub.settle()
    control = hub.emulator.control
    shown = [control("GET", path) for path in ("/hops", "/conversations", "/undeliverable", "/log")]
    shown += [hub.page(row["id"]) for row in shown[1]["conversations"]]
    assert "three" in str(shown)
    for secret in ("canary", "Basic ", "Bearer "):
        assert secret not in str(shown)
