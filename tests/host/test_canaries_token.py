"""docs/rules.md#secrets for the credentials: the client's secret and the token."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.canaries import Canaries, channels
from tests.host.objects import channel
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.values import Secret

pytestmark = pytest.mark.host

QUICK = {"egain:operationTimeoutSeconds": "0.6", "egain:requestTimeoutSeconds": "0.5"}


def client(make_engine: MakeEngine, emulator: Emulator, canaries: Canaries) -> tuple[Engine, str]:
    """An engine whose client has a canary for a secret; and that secret."""
    secret = canaries.new("client secret")
    emulator.client("hub", secret)
    config = {"egain:clientId": "hub", "egain:clientSecret": Secret(secret)}
    env = {"EGAIN_DEBUG": "1"}
    return make_engine(config=emulator.config | config | QUICK, env=env), secret


OTHERS = ("GET", "PUT", "DELETE")
ANSWERS: dict[str, dict[str, Any]] = {
    "as the error": {"status": 401, "body": {"error": "no {}"}},
    "as the description": {"status": 400, "body": {"error": "x", "error_description": "no {}"}},
    "as the code": {"status": 403, "body": {"code": "{}"}},
    "without JSON": {"status": 401, "body": "client_secret={}"},
    "in a 500": {"status": 500, "body": {"error": "{}"}},
    "instead of a token": {"status": 200, "body": {"token": "{}", "error": "{}"}},
    "in a redirect": {"status": 302, "headers": {"Location": "https://x.io/?s={}"}, "body": "{}"},
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_client_secret_does_not_show_where_the_token_endpoint_repeats_it(
    answer: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    canaries = Canaries()
    engine, secret = client(make_engine, emulator, canaries)
    repeated = _filled(ANSWERS[answer], secret)
    fault = emulator.fault(
        "POST", "/oauth2/token", action="status", match={"times": None}, **repeated
    )
    result = engine.up([channel()], check=False)
    assert result.failures
    assert emulator.fired(fault)
    assert canaries.leaks(channels(engine, emulator, [result])) == []


@pytest.mark.parametrize(
    ("verb", "status"),
    [*(("POST", status) for status in (400, 401, 403, 500)), *((v, 400) for v in OTHERS)],
)
def test_neither_secret_nor_token_shows_where_the_api_repeats_its_headers(
    verb: str, status: int, make_engine: MakeEngine, emulator: Emulator
) -> None:
    canaries = Canaries()
    engine, secret = client(make_engine, emulator, canaries)
    if verb != "POST":
        engine.up([channel()])
        engine.restart()
    token = {"access_token": canaries.new("token"), "expires_in": 3600}
    emulator.fault(
        "POST", "/oauth2/token", action="status", status=200, body=token, match={"times": None}
    )
    # No token of ours is known to the emulator: a fault answers for whatever is called with it.
    words = f"Authorization: Bearer {token['access_token']}; client_secret={secret}"
    body = {"code": f"{status}-152", "developerMessage": words, "details": [_pair(words)]}
    emulator.fault(verb, "/channels*", action="status", status=status, body=body, match=ALWAYS)
    if verb == "PUT":
        there = emulator.object("channels", engine.state["it"].id)
        emulator.fault("GET", "/channels/*", action="status", status=200, body=there, match=ALWAYS)
    if verb == "DELETE":
        nothing = {"account": [], "paginationInfo": {"count": 0, "pagenum": 1, "pagesize": 25}}
        emulator.fault("GET", "/accounts", action="status", status=200, body=nothing)
    calls = {
        "POST": lambda: engine.up([channel()], check=False),
        "GET": lambda: engine.refresh(check=False),
        "PUT": lambda: engine.up([channel(display_name="New")], check=False),
        "DELETE": lambda: engine.destroy(check=False),
    }
    result = calls[verb]()
    assert result.failures
    assert "Authorization" in str(result.messages)
    assert canaries.leaks(channels(engine, emulator, [result])) == []


ALWAYS = {"times": None}


def _pair(words: str) -> dict[str, str]:
    return {"key": "header", "value": words}


def _filled(value: Any, secret: str) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, secret) for key, inner in value.items()}
    return value.replace("{}", secret) if isinstance(value, str) else value
