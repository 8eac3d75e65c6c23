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
    ("plan", "code"),
    [
        (answer(200), "wrong_login_accepted"),
        (answer(403), "wrong_login_not_401"),
        (answer(401), "credentials_refused"),
        (takes(), "credentials_refused"),
    ],
)
def test_a_careless_callback(callbacks: Callbacks, plan: Any, code: str) -> None:
    callbacks.plans["/bot"] = plan
    assert code in ends(stack(f"{callbacks.url}/bot", BASIC))


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (answer(401), "token_refused"),
        (answer(500), "token_endpoint_status"),
        (answer(200, b"<html>"), "token_answer_not_json"),
        (answer(200, b"{}"), "token_not_found"),
        (answer(200, b'{"accessToken": "t"}'), "new_token_refused"),
    ],
)
def test_a_login_that_leads_nowhere(callbacks: Callbacks, plan: Any, code: str) -> None:
    callbacks.plans["/token"], callbacks.plans["/bot"] = plan, takes()
    assert ends(stack(f"{callbacks.url}/bot", oauth2(f"{callbacks.url}/token"))) == [code]


def test_a_callback_that_does_not_listen_or_is_late(
    callbacks: Callbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callback_check, "SECONDS", 0.3)
    callbacks.plans["/bot"] = slow(1)
    assert ends(stack(f"{callbacks.url}/bot", BASIC)) == ["timeout"]
    callbacks.plans["/bot"] = late_headers
    assert ends(stack(f"{callbacks.url}/bot", BASIC)) == ["timeout"]
    there = f"http://127.0.0.1:{free_port()}/"
    assert ends(stack(there, BASIC)) == ["connection_refused"]
    # The customer's application is played by the test itself.
    assert ends(stack(there, BASIC, "customer")) == []
    assert ends(stack("http://bot.example.com/", BASIC)) == ["callback_not_https"]
    assert ends(stack(there, BASIC).replace('\\"k\\"', '\\"κ\\"')) == ["header_not_ascii"]
    assert ends(stack("bot", BASIC)) == ["callback_not_absolute"]


def test_a_role_without_authentication_is_noted(callbacks: Callbacks) -> None:
    report = smoke.callbacks(stack(f"{callbacks.url}/bot", None), KINDS)
    words = [step.what for step in report.checks[0].steps]
    assert report.passed
    assert "the role has no authentication: anyone can post there" in words


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
def test_a_token_is_found_by_its_path(path: str, found: str | None) -> None:
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
    assert "ok       accepts the right Authorization\n" in out
    assert world.secret not in out
    assert "2 callbacks: passed\n" in out
    world.start_bot(BOT_CLIENT_SECRET="another")
    try:
        code, out, _ = world.smoke("--callbacks-only", "--state", str(world.plain))
    finally:
        world.start_bot()
    assert code == 1
    assert 'ended    authentication "bot-auth": the token endpoint answered 401\n' in out
    assert "change: the bot's login expects another secret" in out
    code, _, err = world.smoke("--callbacks-only", "--state", str(world.state))
    assert code == 2
    assert "the state's secrets are encrypted" in err
