"""`--callbacks-only`: each callback of a stack, called as eGain calls it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from egain_pulumi import smoke
from egain_pulumi.resources import KINDS
from egain_pulumi.smoke import callback_check
from egain_pulumi.smoke.callbacks import token_at
from tests.emulator.callbacks import Callbacks, answer, slow
from tests.smoke.stacks import BASIC, HUB, ends, oauth2, stack, takes
from tests.smoke.world import World
from tests.support.process import free_port


def late_headers(request: Any) -> None:
    """An answer that is never still, and late as a whole."""
    request.close_connection = True
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for n in range(5):
        time.sleep(0.1)
        request.wfile.write(f"X-{n}: x\r\n".encode())
    request.wfile.write(b"Content-Length: 0\r\n\r\n")


def test_a_careful_callback_with_basic(callbacks: Callbacks) -> None:
    callbacks.plans["/bot"] = takes(HUB)
    assert ends(stack(f"{callbacks.url}/bot", BASIC)) == []
    wrong, right = callbacks.at("/bot")
    assert (wrong.headers["x-key"], right.headers["authorization"]) == ("k", HUB)
    assert right.message["type"] == {"value": "egain-pulumi.smoke"}


def test_a_careful_callback_with_oauth2(callbacks: Callbacks) -> None:
    callbacks.plans["/token"] = answer(200, b'{"data": [{"token": "canary-token"}]}')
    callbacks.plans["/bot"] = takes("Bearer canary-token")
    login = oauth2(f"{callbacks.url}/token?key=canary-query", "$.data[0]['token']")
    assert ends(stack(f"{callbacks.url}/bot", login)) == []
    [asked] = callbacks.at("/token")
    assert (asked.body, asked.headers["x-login"]) == ("canary-payload", "canary-header")


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (answer(200), "the callback took a wrong Authorization: anybody may speak as eGain"),
        (answer(403), "the callback answered 403 to a wrong Authorization"),
        (answer(401), "the callback answered 401"),
        (takes(), "the callback answered 401"),
    ],
)
def test_a_careless_callback(callbacks: Callbacks, plan: Any, said: str) -> None:
    callbacks.plans["/bot"] = plan
    assert said in ends(stack(f"{callbacks.url}/bot", BASIC))


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (answer(401), 'authentication "auth": the token endpoint answered 401'),
        (answer(200, b"<html>"), "the token endpoint answered with what is no JSON"),
        (answer(200, b"{}"), "the token endpoint answered without a token at accessTokenPath"),
        (answer(200, b'{"accessToken": "t"}'), "the callback answered 401 also to a new token"),
    ],
)
def test_a_login_that_leads_nowhere(callbacks: Callbacks, plan: Any, said: str) -> None:
    callbacks.plans["/token"], callbacks.plans["/bot"] = plan, takes()
    assert ends(stack(f"{callbacks.url}/bot", oauth2(f"{callbacks.url}/token"))) == [said]


def test_nobody_there_and_nobody_in_time(
    callbacks: Callbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callback_check, "SECONDS", 0.3)
    callbacks.plans["/bot"] = slow(1)
    assert ends(stack(f"{callbacks.url}/bot", BASIC)) == [
        "the callback: did not answer within 0.3 seconds"
    ]
    callbacks.plans["/bot"] = late_headers
    assert ends(stack(f"{callbacks.url}/bot", BASIC)) == [
        "the callback: did not answer within 0.3 seconds"
    ]
    there = f"http://127.0.0.1:{free_port()}/"
    assert ends(stack(there, BASIC)) == ["the callback: nobody listens there"]
    # The customer's application is played by the test itself.
    assert ends(stack(there, BASIC, "customer")) == []
    assert ends(stack("http://bot.example.com/", BASIC)) == [
        "the callback is plain http: messages and credentials travel unencrypted"
    ]
    assert ends(stack(there, BASIC).replace('\\"k\\"', '\\"κ\\"')) == [
        "the callback: a header has letters that HTTP cannot carry"
    ]
    assert ends(stack("bot", BASIC)) == ["the callback is no absolute URL"]


def test_a_role_without_authentication_is_noted(callbacks: Callbacks) -> None:
    report = smoke.callbacks(stack(f"{callbacks.url}/bot", None), KINDS)
    words = [step.what for step in report.checks[0].steps]
    assert report.passed
    assert "the role has no authentication: anybody may post there" in words


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.a.b", "x"),
        ("$['a']['b']", "x"),
        ('$.list[1]["c"]', "y"),
        ("$.a", None),
        ("$.none", None),
        ("$.list[7]", None),
        ("$..b", None),
        ("a.b", None),
        ("$.a.b.c", None),
        ("$.a.b[0]", None),
        ("$.*.b", None),
        ("$.access-token", "z"),
        ("$", None),
        ("", None),
    ],
)
def test_where_a_token_is(path: str, found: str | None) -> None:
    assert token_at({"a": {"b": "x"}, "list": [0, {"c": "y"}], "access-token": "z"}, path) == found


@pytest.mark.parametrize("document", ["token", '{"a": "b"}', '{"a', "[]"])
def test_a_token_that_is_the_whole_answer(document: str) -> None:
    assert token_at(document, "$") == document
    assert token_at(document, "$.a") is None


@pytest.mark.cli
def test_the_stack_of_the_project(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(world.stack.folder)
    code, out, err = world.smoke("--callbacks-only", "--stack", "local", env=world.stack.env)
    assert (code, err) == (0, "")
    assert 'callback "bot (custom_bot)": ' in out
    assert "ok       takes the right Authorization\n" in out
    assert world.secret not in out
    assert "2 callbacks, all ok\n" in out
    world.start_bot(BOT_CLIENT_SECRET="another")
    try:
        code, out, _ = world.smoke("--callbacks-only", "--state", str(world.plain))
    finally:
        world.start_bot()
    assert code == 1
    assert 'ended    authentication "bot-auth": the token endpoint answered 401\n' in out
    assert "change: the bot's login knows another secret" in out
    code, _, err = world.smoke("--callbacks-only", "--state", str(world.state))
    assert code == 2
    assert "the state holds its secrets encrypted" in err
