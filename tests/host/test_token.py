"""The bearer token: one for all threads, renewed in time, and believed when it is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import channel
from tests.host.tokens import TOKEN, many, tokens
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.values import Secret

pytestmark = pytest.mark.host
QUICK = {"egain:operationTimeoutSeconds": "0.8", "egain:requestTimeoutSeconds": "0.3"}


def test_one_token_does_for_all_threads_and_is_renewed_once(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up(many(), parallel=16)
    assert tokens(emulator) == 1
    emulator.revoke_tokens()
    engine.up(many(display_name="New"), parallel=16)
    assert tokens(emulator) == 1
    emulator.advance(4000)  # past the end of the second one
    engine.up(many(display_name="Newer"), parallel=16)
    assert tokens(emulator) == 1


def test_a_second_401_is_believed(engine: Engine, emulator: Emulator) -> None:
    emulator.settings(token_lifetime=0)
    [message] = engine.up([channel()], check=False).messages
    assert message.startswith('eGain refused to create channel "it" (401-104): ')
    assert emulator.counts(tokens=True) == {f"POST {TOKEN}": 2, "POST /channels": 2}


def test_a_token_that_does_not_say_when_it_ends_is_good_enough(
    engine: Engine, emulator: Emulator
) -> None:
    emulator.settings(send_expires_in=False)
    engine.up(many(3))
    assert tokens(emulator) == 1


@pytest.mark.parametrize(
    ("do", "words"),
    [
        ({"action": "close"}, "the connection was lost"),
        ({"action": "hang"}, "the request timed out"),
        ({"action": "status", "status": 503}, "it answered 503"),
    ],
    ids=["closed", "slow", "503"],
)
def test_a_token_endpoint_that_is_down_is_tried_again_and_then_named(
    do: dict[str, Any], words: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine(config=emulator.config | QUICK)
    emulator.fault("POST", TOKEN, **do)
    engine.up([channel()])
    assert tokens(emulator) == 2
    engine.restart()
    emulator.fault("POST", TOKEN, match={"times": None}, **do)
    [message] = engine.destroy(check=False).messages
    assert message.startswith('cannot delete channel "it" [')
    assert f"no token from {emulator.token_url}: {words}" in message
    assert len(emulator.objects("channels")) == 1


NO_ENDPOINT: list[tuple[dict[str, Any], str]] = [
    ({"action": "html"}, "answered 200 without JSON; check egain:tokenUrl (EGAIN_TOKEN_URL)"),
    ({"action": "empty"}, "answered 200 without JSON; check egain:tokenUrl"),
    ({"action": "status", "status": 200, "body": {"ok": True}}, "has no access_token"),
    ({"action": "html", "status": 404}, "answered 404 without JSON"),
]


def test_what_is_no_token_endpoint_is_said_without_a_second_try(
    engine: Engine, emulator: Emulator
) -> None:
    for do, words in NO_ENDPOINT:
        emulator.fault("POST", TOKEN, match={"times": None}, **do)
        [message] = engine.up([channel()], check=False).messages
        emulator.heal()
        assert words in message
        assert "\n" not in message
        assert emulator.counts(tokens=True) == {f"POST {TOKEN}": 1}
        emulator.clear()


def test_a_wrong_secret_is_one_line_and_no_second_try(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    wrong = {"egain:clientSecret": Secret("wrong-secret")}
    engine = make_engine(config=emulator.config | wrong)
    [message] = engine.up([channel()], check=False).messages
    assert message.startswith("eGain gave no token to client local (invalid_client): check")
    assert "wrong-secret" not in message
    assert emulator.counts(tokens=True) == {f"POST {TOKEN}": 1}


def test_threads_that_wait_for_the_first_token_ask_for_no_second(
    engine: Engine, emulator: Emulator
) -> None:
    emulator.fault("POST", TOKEN, action="hang", seconds=0.5, clock="real")
    engine.up(many(), parallel=16)
    assert tokens(emulator) == 1


def test_a_token_that_ends_in_the_middle_of_an_operation_is_renewed_once(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up(many(), parallel=16)
    emulator.clear()
    emulator.fault(
        "GET", action="hang", when="after", seconds=1000, match={"times": 4}
    )  # each of the first four holds its answer to the read, and has yet to write
    with ThreadPoolExecutor(1) as pool:
        update = pool.submit(engine.up, many(display_name="New"), parallel=16)
        while emulator.log()["in_flight"] < 4:
            assert not update.done()
        emulator.revoke_tokens()
        emulator.advance(2000)
        update.result()
    assert tokens(emulator) == 1
    assert {each["displayName"] for each in emulator.objects("channels")} == {"New"}


def test_a_token_endpoint_that_asks_for_patience_gets_it(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine(config=emulator.config, env=emulator.quick)
    before = emulator.control("GET", "/clock")["offset"]
    headers = {"Retry-After": "45"}
    for status in (429, 503):
        emulator.fault("POST", TOKEN, action="status", status=status, headers=headers)
    engine.up(many(1))
    assert tokens(emulator) == 3
    assert emulator.control("GET", "/clock")["offset"] - before >= 88
