"""`examples/bot/`: its logins and answers, as a server and as a cloud function."""

from __future__ import annotations

import base64
import http.client
import importlib.util
import json
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest
import requests

from egain_pulumi.conversations import NewConversation
from tests.emulator.callbacks import Callbacks, answer
from tests.smoke.world import BOT, World
from tests.support.process import REPOSITORY, Child, base_env

CLIENT = {"clientId": "hub", "clientSecret": "canary-client"}
CONTEXT = {"BOT_CLIENT_SECRET": "canary-client", "BOT_USERNAME": "u", "BOT_PASSWORD": "canary-p"}
BASIC = "Basic " + base64.b64encode(b"u:canary-p").decode()


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The bot as a cloud loads it: once, with its environment."""
    for name, value in CONTEXT.items():
        monkeypatch.setenv(name, value)
    # The bot sets this one itself: undone with the others, for the tests after this one.
    monkeypatch.setenv("EGAIN_OPERATION_TIMEOUT_SECONDS", "")
    monkeypatch.delenv("EGAIN_OPERATION_TIMEOUT_SECONDS")
    spec = importlib.util.spec_from_file_location("bot", BOT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def event(path: str, body: object, authorization: str | None = None) -> dict[str, Any]:
    """What a cloud hands to a function behind a URL."""
    headers = {"Authorization": authorization} if authorization else {}
    raw = body if isinstance(body, str) else json.dumps(body)
    encoded = base64.b64encode(raw.encode()).decode()
    return {"rawPath": path, "headers": headers, "body": encoded, "isBase64Encoded": True}


def delivery(**message: object) -> object:
    """A delivery with one message."""
    return {"messages": {"message": [message]}}


def test_a_token_is_accepted_until_it_expires(
    bot: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted = bot.handler(event("/oauth2/token", CLIENT))
    assert granted["statusCode"] == 200
    header = f"Bearer {json.loads(granted['body'])['accessToken']}"
    assert bot.handler(event("/", {}, header))["statusCode"] == 200
    later = time.time() + bot.TOKEN_SECONDS + 1
    monkeypatch.setattr(bot.time, "time", lambda: later)
    assert bot.handler(event("/", {}, header))["statusCode"] == 401


@pytest.mark.parametrize(
    ("path", "body", "authorization", "status"),
    [
        ("/", {}, BASIC, 200),
        ("/", {}, None, 401),
        ("/", {}, BASIC + "x", 401),
        ("/", {}, "Bearer 9999999999." + "0" * 64, 401),
        ("/", {}, "Bearer ²." + "0" * 64, 401),
        ("/", {}, "Bearer", 401),
        ("/", {}, "Bearer " + "9" * 5000 + "." + "0" * 64, 401),
        ("/", {}, "Bearer 9999999999.\ud800", 401),
        ("/", {}, "Basic \ud800\u00ff", 401),
        ("/", {}, "\x00", 401),
        ("/", "no JSON", BASIC, 400),
        ("/", [1], BASIC, 200),
        ("/oauth2/token?x=1", {**CLIENT, "clientSecret": "wrong"}, None, 401),
        ("/oauth2/token", [CLIENT], None, 401),
        ("/oauth2/token", {}, BASIC, 401),
        ("/oauth2/token", {**CLIENT, "clientSecret": ["canary-client"]}, None, 401),
        ("/oauth2/token", {"clientId": None, "clientSecret": None}, None, 401),
    ],
)
def test_only_the_right_authorization_is_accepted(
    bot: ModuleType, path: str, body: object, authorization: str | None, status: int
) -> None:
    answer = bot.handler(event(path, body, authorization))
    assert answer["statusCode"] == status
    assert "canary" not in json.dumps(answer)


@pytest.mark.parametrize(
    "odd",
    [
        {"headers": None},
        {"headers": {}, "body": None},
        {"headers": {"Authorization": None}},
        {"body": "not base64!", "isBase64Encoded": True},
        {"body": "\u00ff", "isBase64Encoded": True},
        {"body": '"\ud800"'},
        {"body": "9" * 5000},
        {"body": "[" * 100_000},
    ],
)
def test_an_odd_event_is_answered(bot: ModuleType, odd: dict[str, Any]) -> None:
    assert bot.handler(odd)["statusCode"] in (400, 401)


LOGIN = b"Authorization: " + BASIC.encode() + b"\r\n"
ODD = {
    b"": 411,
    b"Content-Length: 2\r\n\r\n{}": 401,
    LOGIN + b"Content-Length: 2\r\n\r\n{}": 200,
    LOGIN + b"Content-Length: -1\r\n": 400,
    LOGIN + b"Content-Length: +2\r\n\r\n{}": 400,
    LOGIN + b"Content-Length: 2, 2\r\n\r\n{}": 400,
    LOGIN + b"Content-Length: \xb2\r\n": 400,
    LOGIN + b"Content-Length: \xd9\xa2\r\n": 400,
    LOGIN + b"Content-Length:\r\n": 400,
    LOGIN + b"Content-Length: 9999999\r\n": 413,
    LOGIN + b"Content-Length: " + b"9" * 5000 + b"\r\n": 413,
    LOGIN + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}": 400,
    LOGIN + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n": 411,
    LOGIN + b"Transfer-Encoding: \xff\r\nContent-Length: 2\r\n\r\n{}": 411,
    LOGIN + b"Content-Length: 2\r\n\r\n\xff\xfe": 400,
    LOGIN + b"Content-Length: 6\r\n\r\n{}": 400,
    LOGIN + b"no colon\r\nContent-Length: 2\r\n\r\n{}": 411,
    b"Authorization: \xff\xfe\r\nContent-Length: 2\r\n\r\n{}": 401,
    b"Authorization: Bearer " + b"9" * 5000 + b".0\r\nContent-Length: 2\r\n\r\n{}": 401,
    b"Authorization: Basic\r\nContent-Length: 2\r\n\r\n{}": 401,
    b"X: 1\r\n" * 200: 431,
    b"X: " + b"1" * 70_000 + b"\r\n": 431,
}


def test_no_header_makes_a_traceback() -> None:
    env = {**CONTEXT, "EGAIN_BASE_URL": "http://127.0.0.1:1/x"}
    env |= {"EGAIN_TOKEN_URL": "http://127.0.0.1:1/t", "EGAIN_CLIENT_ID": "c"}
    env |= {"EGAIN_CLIENT_SECRET": "canary-egain"}
    child = Child([sys.executable, str(BOT), "0"], cwd=REPOSITORY, env=base_env(env))
    try:
        port = int(child.next_line(20).rpartition(":")[2])
        for headers, expected in ODD.items():
            assert posted(port, headers) == expected, headers[:120]
        for rude in (b"", b"POST", b"POST / HTTP/1.1\r\n" + LOGIN + b"Content-Length: 9\r\n\r\n{"):
            with socket.create_connection(("127.0.0.1", port), 5) as line:
                line.sendall(rude)
                # Broken, not closed: the server's next read fails.
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert posted(port, LOGIN + b"Content-Length: 2\r\n\r\n{}") == 200
    finally:
        child.end()
    assert "Traceback" not in child.output
    assert "canary" not in child.output


def posted(port: int, headers: bytes) -> int:
    """Post to the callback; return the status."""
    end = b"" if b"\r\n\r\n" in headers else b"\r\n"
    for _ in range(10):
        # A server that refuses before it has read everything may reset the connection.
        with (
            suppress(OSError, http.client.BadStatusLine),
            socket.create_connection(("127.0.0.1", port), 5) as line,
        ):
            line.sendall(b"POST /callback HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + end)
            line.shutdown(socket.SHUT_WR)
            answer = http.client.HTTPResponse(line)
            answer.begin()
            return answer.status
    raise AssertionError(f"no answer to {headers[:120]!r}")


def test_without_a_secret_every_login_is_refused(
    bot: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot, "CLIENT", ("hub", ""))
    monkeypatch.setattr(bot, "BASIC", ("", ""))
    empty = "Basic " + base64.b64encode(b":").decode()
    assert bot.handler(event("/", {}, empty))["statusCode"] == 401
    blank = {"clientId": "hub", "clientSecret": ""}
    assert bot.handler(event("/oauth2/token", blank))["statusCode"] == 401


@pytest.mark.parametrize(
    "message",
    [
        {"type": {"value": "typing.start"}, "sender": {"type": "customer"}},
        {"type": {"value": "egain-pulumi.smoke"}, "sender": {"type": "system"}},
        {
            "type": {"value": "text"},
            "content": {"text": "agent"},
            "sender": {"type": "egain_agent"},
        },
    ],
)
def test_only_a_customers_texts_are_answered(bot: ModuleType, message: dict[str, object]) -> None:
    # A reply would fail: this environment has no tenant.
    posted = delivery(conversation={"id": "c"}, **message)
    assert bot.handler(event("/", posted, BASIC))["statusCode"] == 200


@pytest.mark.cli
def test_its_two_intents_its_escalation_and_its_farewell(world: World, folder: Any) -> None:
    script = """turns:
      - {say: My parcel is late, answer: I am sorry}
      - {say: "Can I BUY another one?", answer: With pleasure}
      - {say: Good morning, answer: I know about orders and sales}
      - {say: "Bye!", answer: Goodbye, ends: true}
    """
    (folder / "script.yaml").write_text(script)
    report = world.report("--emulator", "--account", "orders", "--script", "script.yaml")
    assert report["code"] == 0, report


@pytest.mark.cli
def test_as_a_cloud_function_it_has_replied_when_it_answers(
    world: World, callbacks: Callbacks, bot: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in world.emulator.env.items():
        monkeypatch.setenv(name, value)
    callbacks.plans["/customer"] = answer(200)
    world.role("customer-app", callback=f"{callbacks.url}/customer")
    started = []

    def function(request: Any) -> None:
        posted = callbacks.at("/function")[-1].body
        started.append(bot.handler(event("/", posted, BASIC)))
        answer(started[-1]["statusCode"])(request)

    callbacks.plans["/function"] = function
    world.role("bot", callback=f"{callbacks.url}/function")
    account = bot.Conversations().customer(
        "Ann", to=NewConversation(channel="custom_channel", address="123456789")
    )
    account.text("agent")
    world.emulator.hops()
    assert [each["statusCode"] for each in started] == [200]
    [said] = callbacks.at("/customer")
    assert said.message["content"]["text"] == bot.HANDING_OVER
    [conversation] = world.emulator.control("GET", "/conversations")["conversations"]
    assert conversation["escalated"]


@pytest.mark.cli
def test_a_server_refuses_large_bodies_and_logs_no_secret(world: World) -> None:
    login = requests.post(f"{world.bot_url}/oauth2/token", json={}, timeout=5)
    assert login.status_code == 401
    headers = {"Content-Length": str(2**21)}
    large = requests.post(f"{world.bot_url}/callback", data=b"", headers=headers, timeout=5)
    assert large.status_code == 413
    assert world.secret not in world.bot_said


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({}, "who may call the bot?"),
        ({"BOT_PASSWORD": "p"}, "EGAIN_BASE_URL"),
    ],
)
def test_a_missing_setting_is_named_at_the_start(env: dict[str, str], said: str) -> None:
    done = subprocess.run(
        [sys.executable, str(BOT), "0"],
        cwd=REPOSITORY,
        env=base_env(env),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert said in done.stderr
