"""The Authorization of a delivery: tokens are fetched, kept and renewed once; no secret shows."""

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
    steps = [(h["step"], h["outcome"], h["code"]) for h in hub.page(conversation)["hops"][-6:]]
    assert steps == [
        ("authorization", "passed", "authentication_of_role"),
        ("authorization", "passed", "token_reused"),
        ("deliver", "refused", "callback_unauthorized"),
        ("authorization", "passed", "authentication_of_role"),
        ("authorization", "passed", "token_fetched"),
        ("deliver", "delivered", "delivered"),
    ]


def test_a_second_refusal_is_final_and_the_next_message_begins_anew(hub: Hub) -> None:
    hub.callbacks.plans["/bot"] = answer(401)
    conversation = hub.say("one")
    assert hub.end_of(conversation) == ("failed", "new_token_refused")
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
    assert hub.end_of(conversation) == ("failed", "credentials_refused")
    assert len(hub.callbacks.at("/bot")) == 2


def test_a_role_without_authentication_sends_its_own_headers_only(hub: Hub) -> None:
    own = [{"name": "Authorization", "value": "Key canary"}]
    hub.role("customers", headers=own)
    conversation = hub.say("hello")
    hub.say("answer", conversation, "custom_bot")
    assert hub.callbacks.at("/customer")[0].headers["authorization"] == "Key canary"
    hub.callbacks.plans["/customer"] = answer(401)
    hub.say("answer", conversation, "custom_bot")
    assert hub.end_of(conversation) == ("failed", "credentials_refused")
    assert len(hub.callbacks.at("/customer")) == 2


def test_the_authentication_wins_over_a_header_of_the_role(hub: Hub) -> None:
    hub.role("bot", headers=[{"name": "authorization", "value": "Key canary"}])
    hub.say("hello")
    assert hub.callbacks.at("/bot")[0].headers["authorization"] == "Bearer canary-token-1"


def within(levels: int) -> Any:
    """Return a token below so many objects."""
    return {"a": within(levels - 1)} if levels else "7"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("$.a.b", {"a": {"b": "7"}}),
        ("$['a b'][1]", {"a b": ["x", "7"]}),
        ('$["a"].b_c', {"a": {"b_c": "7"}}),
        ("$.access-token", {"access-token": "7"}),
        ("$.a[-1]", {"a": ["x", "7"]}),
        ("$" + ".a" * 90, within(90)),
        ("$", "7"),
    ],
)
def test_the_token_is_picked_by_its_path(hub: Hub, path: str, body: Any) -> None:
    hub.oauth2_is(accessTokenPath=path)
    hub.callbacks.plans["/token"] = answer(200, json.dumps(body).encode())
    hub.say("hello")
    assert hub.callbacks.at("/bot")[0].headers["authorization"] == "Bearer 7"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (None, "token_path_not_set"),
        ("accessToken", "token_path_unusable"),
        ("$..accessToken", "token_path_unusable"),
        ("$.*", "token_path_unusable"),
        ("$[?@.a]", "token_path_unusable"),
        ("$.a[0:1]", "token_path_unusable"),
        ("$['a','b']", "token_path_unusable"),
        ("$.a | $.b", "token_path_unusable"),
        ("$['a", "token_path_unusable"),
        ("$" + "[0]" * 3000, "token_path_unusable"),
    ],
)
def test_a_path_that_names_no_single_value(hub: Hub, path: str | None, code: str) -> None:
    hub.oauth2_is(accessTokenPath=path)
    assert hub.end_of(hub.say("hello")) == ("failed", code)
    assert hub.callbacks.at("/token") == []


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (answer(403, b"canary"), "token_refused"),
        (answer(302, Location="/elsewhere"), "token_endpoint_status"),
        (answer(201, b'{"accessToken": "t"}'), "token_endpoint_status"),
        (answer(200, b"canary"), "token_answer_not_json"),
        (answer(200, b"x" * 70_000), "answer_too_large"),
        (tokens(""), "token_not_found"),
        (tokens(7), "token_not_found"),
        (tokens("canary\r\nX-Other: 1"), "token_not_found"),
        (tokens("canary", key="access_token"), "token_not_found"),
    ],
)
def test_no_token_no_delivery(hub: Hub, plan: Any, code: str) -> None:
    hub.callbacks.plans["/token"] = plan
    conversation = hub.say("hello")
    assert hub.end_of(conversation) == ("failed", code)
    assert hub.last_hop("undeliverable")["why"].startswith("the token endpoint ")
    assert hub.at_bot() == []
    assert hub.callbacks.at("/elsewhere") == []
    [lost] = hub.emulator.control("GET", "/undeliverable")["messages"]
    assert lost["mailed"] == "ops@example.com"
    assert "canary" not in str(hub.page(conversation))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tokenRequestUrl": "https://login.example.com/token"}, "outside_not_allowed"),
        ({"tokenRequestUrl": None}, "address_unusable"),
        ({"method": "GE T"}, "header_unsendable"),
    ],
)
def test_a_token_endpoint_that_is_not_called(hub: Hub, changes: dict[str, Any], code: str) -> None:
    hub.oauth2_is(**changes)
    assert hub.end_of(hub.say("hello")) == ("failed", code)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": "saml"}, "authentication_type_unknown"),
        ({"type": "basic"}, "basic_auth_incomplete"),
    ],
)
def test_an_authentication_that_says_too_little(
    hub: Hub, changes: dict[str, Any], code: str
) -> None:
    hub.edit("auth", changes)
    assert hub.end_of(hub.say("hello")) == ("failed", code)


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
