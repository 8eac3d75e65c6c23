"""`--callbacks-only`: each callback of a stack, called as eGain calls it."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from egain_pulumi import smoke
from egain_pulumi.cli.list import KINDS
from egain_pulumi.smoke import calling
from egain_pulumi.smoke.callers import picked
from tests.emulator.callbacks import Callbacks, answer, slow
from tests.hub.builders import state
from tests.smoke.world import World, free_port

SEALED = "4dabf18193072939515e22adb298388d"
BASIC = {"type": "basic", "basic_auth": {"username": "hub", "password": "canary-password"}}


def secret(value: Any) -> dict[str, str]:
    """A secret as `--show-secrets` writes it."""
    return {SEALED: "1b47061264138c4ac30d75fd1eb44270", "plaintext": json.dumps(value)}


def stack(callback: str, login: dict[str, Any] | None, role: str = "custom_bot") -> str:
    """The state of a bot, and of how eGain proves to it who is calling."""
    part: dict[str, Any] = {
        "version": "v3",
        "callback": callback,
        "headers": secret({"X-Key": "k"}),
    }
    resources = {}
    if login is not None:
        part["authentication"] = {"id": "auth-id"}
        resources["auth"] = _resource("Authentication", "auth", "auth-id", login)
    inputs = {"name": "bot", "active": True, "roles": {role: part}}
    resources["bot"] = _resource("ClientApplication", "bot", "bot-id", inputs)
    return state(resources)


def _resource(noun: str, name: str, id: str, inputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "urn": f"urn:pulumi:prod::conversation-hub::pulumi-python:dynamic/egain:{noun}::{name}",
        "type": f"pulumi-python:dynamic/egain:{noun}",
        "id": id,
        "custom": True,
        "inputs": {"active": True, **inputs},
        "outputs": {"active": True, **inputs},
    }


def oauth2(url: str, path: str = "$.accessToken") -> dict[str, Any]:
    """An authentication with a token endpoint."""
    part = {
        "token_request_url": url,
        "method": "POST",
        "headers": {"X-Login": secret("canary-header")},
        "payload": secret("canary-payload"),
        "access_token_path": path,
    }
    return {"type": "oauth2", "oauth2": part}


def takes(*known: str) -> Callable[[Any], None]:
    """A callback that is careful."""

    def plan(request: Any) -> None:
        answer(200 if request.headers.get("Authorization") in known else 401)(request)

    return plan


def ends(text: str) -> list[str]:
    """Where the checks of a stack ended."""
    report = smoke.callbacks(text, KINDS)
    whole = "\n".join(smoke.text(report)) + smoke.junit(report) + json.dumps(smoke.document(report))
    assert "canary" not in whole
    return [end.what for check in report.checks for end in check.ends]


HUB = "Basic aHViOmNhbmFyeS1wYXNzd29yZA=="


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
    monkeypatch.setattr(calling, "SECONDS", 0.3)
    callbacks.plans["/bot"] = slow(1)
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


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[str]:
    """A callback under https whose certificate nobody has signed but itself."""
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    files = ["-nodes", "-days", "2", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*made, *files, *names], cwd=tmp_path, check=True, capture_output=True)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            takes(HUB)(self)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that does not trust it hangs up."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server = Server(("127.0.0.1", 0), Door)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"https://localhost:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_certificate_must_be_trusted(
    secure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = stack(secure, BASIC)
    assert ends(text) == ["the callback: its TLS certificate is not trusted"]
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "cert.pem"))
    report = smoke.callbacks(text, KINDS)
    assert report.passed
    assert report.checks[0].steps[0].what.endswith("its TLS is trusted")


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
        ("", None),
    ],
)
def test_where_a_token_is(path: str, found: str | None) -> None:
    assert picked({"a": {"b": "x"}, "list": [0, {"c": "y"}]}, path) == found


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
