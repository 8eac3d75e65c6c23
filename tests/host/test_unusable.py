"""Settings of this machine that let no call through: one line, at once, that names them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import channel
from tests.support.certificates import certificate, secure
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.hostile import Hostile

pytestmark = pytest.mark.host
OUTSIDE = "https://hub.example.com/v3"
BASE, TOKEN = "egain:baseUrl", "egain:tokenUrl"
OWN = "If an authority of your own has signed it, set REQUESTS_CA_BUNDLE to a file with its"
ROWS: dict[str, tuple[str, dict[str, str], str]] = {
    "a bundle for the token": (
        TOKEN,
        {"REQUESTS_CA_BUNDLE": "/does/not/exist.pem"},
        f"no token from {OUTSIDE}: the CA certificates of REQUESTS_CA_BUNDLE cannot be read. "
        "Set REQUESTS_CA_BUNDLE to an existing PEM file, or unset it.",
    ),
    "a bundle for a call": (
        BASE,
        {"CURL_CA_BUNDLE": "/does/not/exist.pem"},
        "cannot connect: the CA certificates of CURL_CA_BUNDLE cannot be read (correlation id ",
    ),
    "a proxy": (
        BASE,
        {"HTTPS_PROXY": "http://[bad"},
        "Set HTTPS_PROXY to the address of a proxy, or unset it.",
    ),
}


@pytest.mark.parametrize(("setting", "env", "words"), ROWS.values(), ids=ROWS)
def test_what_lets_no_call_through_is_named_at_once(
    setting: str, env: dict[str, str], words: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine(config=emulator.config | {setting: OUTSIDE}, env=env)
    [message] = engine.up([channel()], check=False).messages
    assert message.startswith('cannot create channel "it": ')
    assert words in message
    assert "Run it again" not in message
    assert emulator.counts() == {}


def test_a_certificate_is_distrusted_once(
    make_engine: MakeEngine, emulator: Emulator, tmp_path: Path
) -> None:
    both = certificate(tmp_path / "own", "localhost")
    with secure(emulator, both) as server:
        engine = make_engine(config=server.config)
        began = time.monotonic()
        [message] = engine.up([channel()], check=False).messages
        assert time.monotonic() - began < 5  # and not for five minutes
        assert message == (
            f'cannot create channel "it": no token from {server.token_url}: its TLS certificate is '
            f"not trusted. {OWN} certificate."
        )
        trusting = make_engine(config=server.config, env={"REQUESTS_CA_BUNDLE": str(both)})
        trusting.up([channel()])


def test_the_address_that_failed_is_named(engine: Engine, emulator: Emulator) -> None:
    engine.config |= {BASE: "http://127.0.0.1:9/v3", "egain:operationTimeoutSeconds": "0.3"}
    [message] = engine.up([channel()], check=False).messages
    assert "could not connect: connection refused" in message
    assert message.endswith("check the network, any proxy and egain:baseUrl (EGAIN_BASE_URL).")


LOCATIONS = ["http://[", "//", "http://x\\y:z", "\\\\", "https://" + "a" * 300, "é", "http://%zz"]
DEEP = b'{"access_token": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"


def test_no_answer_is_a_bug_of_ours(make_engine: MakeEngine, emulator: Emulator) -> None:
    """Locations that are none, for every method; a token answer that is nested deeply."""
    server = Hostile(emulator)
    try:
        engine = make_engine(config=server.config | {"egain:operationTimeoutSeconds": "2"})
        engine.up([channel("kept", type="kept")])
        head = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\nLocation: "
        for location in LOCATIONS:
            answer = f"{head}{location}\r\n\r\n".encode()
            server.trouble = lambda call, a=answer: lambda wire, _: wire.send(a)  # type: ignore[misc]
            changed = channel("kept", type="kept", display_name=location[:9])
            [message] = engine.up([changed], check=False).messages
            assert "answered with a redirect, which is not followed" in message
        engine.restart()
        json = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
        server.trouble = lambda call: lambda wire, _: wire.send(json + DEEP)
        [message] = engine.refresh(check=False).messages
        assert "answered 200 without JSON; check egain:tokenUrl" in message
    finally:
        server.stop()


INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"


def test_interim_answers_are_read_past(make_engine: MakeEngine, emulator: Emulator) -> None:
    server = Hostile(emulator)
    try:
        server.trouble = lambda call: lambda wire, answer: wire.send(INTERIM * 5 + answer)
        engine = make_engine(config=server.config)
        engine.up([channel()])
        engine.up([channel(display_name="New")])
        engine.destroy()
        assert [call.method for call in server.calls] == ["POST", "POST", "GET", "PUT", *CALLS]
    finally:
        server.stop()


CALLS = ["GET", "DELETE"]
"""Of a destroy: which accounts refer to the channel, and the delete."""


def test_a_413_names_what_is_too_large(engine: Engine, emulator: Emulator) -> None:
    emulator.fault("POST", "/channels", action="html", status=413)
    [message] = engine.up([channel()], check=False).messages
    assert message.startswith('eGain refused to create channel "it" (413): the request is too larg')
    assert " bytes, most of them in icon (POST /channels" in message
    assert message.endswith(". Make that smaller, or let eGain or the gateway before it take more.")


IDS = ["../x", "a b", "a\x1b[2J", "a\n", "x" * 256, "a/b", "a?b", "..", "", 5, None]


def test_an_id_that_cannot_be_one_goes_nowhere(engine: Engine, emulator: Emulator) -> None:
    """It may have been created: it is looked up, and found under its real id."""
    for number, id in enumerate(IDS):
        body = {"id": id, "type": f"c{number}"}
        emulator.fault("POST", "/channels", action="status", when="after", status=201, body=body)
    objects = [channel(f"c{number}", type=f"c{number}") for number in range(len(IDS))]
    engine.up(objects)
    ids = {each["type"]: each["id"] for each in emulator.objects("channels")}
    assert {each.name: each.id for each in engine.state.managed()} == ids
