"""What a token endpoint may answer, and what is asked of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.tokens import Endpoint, many
from tests.support.emulator import Emulator
from tests.support.engine import Engine

pytestmark = pytest.mark.host


@pytest.fixture
def endpoint(emulator: Emulator) -> Iterator[Endpoint]:
    made = Endpoint(emulator)
    yield made
    made.stop()


@pytest.fixture
def odd(make_engine: MakeEngine, emulator: Emulator, endpoint: Endpoint) -> Engine:
    """An engine with that endpoint."""
    return make_engine(config=emulator.config | {"egain:tokenUrl": endpoint.url})


def test_a_token_is_renewed_ahead_of_its_end(
    odd: Engine, emulator: Emulator, endpoint: Endpoint
) -> None:
    """One call each; and eGain has not refused the former token."""
    endpoint.changes = {"expires_in": 1}
    odd.up(many(1))
    time.sleep(0.95)  # more than nine tenths of its life are then over
    odd.up(many(2))
    assert len(endpoint.forms) == 2
    assert set(emulator.log()["statuses"]) == {"200", "201"}


LIFETIMES: list[Any] = ["3600", "soon", "", -5, 0, 10**12, 10**400, [], {"in": 5}, None]
ODD: list[dict[str, Any]] = [
    *({"expires_in": lifetime} for lifetime in LIFETIMES),
    *({"token_type": kind} for kind in ("bearer", "BEARER", None)),
]


def test_an_odd_answer_with_a_token_in_it_will_do(
    odd: Engine, emulator: Emulator, endpoint: Endpoint
) -> None:
    """A lifetime that makes no sense is taken for five minutes."""
    for number, changes in enumerate(ODD):
        endpoint.changes = changes
        odd.up(many(1, display_name=f"{number}"))
        odd.up(many(1, display_name=f"{number}, again"))
        assert len(endpoint.forms) == number + 1, changes
        emulator.revoke_tokens()  # so that the next one is asked for


NO_TOKENS: list[Any] = [5, "", ["x"], "two words", "a\r\nHost: elsewhere", "schlüssel€"]


def test_what_cannot_be_a_token_is_said_without_a_second_try(
    odd: Engine, emulator: Emulator, endpoint: Endpoint
) -> None:
    for number, token in enumerate(NO_TOKENS):
        endpoint.changes = {"access_token": token}
        [message] = odd.up(many(1), check=False).messages
        assert f"{endpoint.url} has no access_token" in message
        assert "\n" not in message
        assert len(endpoint.forms) == number + 1
    assert emulator.counts() == {}


def test_a_token_too_long_for_any_server_is_refused_in_one_line_that_does_not_show_it(
    odd: Engine, endpoint: Endpoint
) -> None:
    endpoint.changes = {"access_token": "long-canary" * 2_000}
    [message] = odd.up(many(1), check=False).messages
    assert message == (
        f"the token of {endpoint.url} has 22,000 characters; servers take at most 16,384; "
        "check egain:tokenUrl (EGAIN_TOKEN_URL)"
    )
    endpoint.changes = {"access_token": "long-canary" * 200_000}
    [message] = odd.up(many(1), check=False).messages
    assert message == (
        f"no token from {endpoint.url}: the answer is larger than 64 KiB; "
        "check egain:tokenUrl (EGAIN_TOKEN_URL)"
    )


@pytest.mark.parametrize("scope", ["", "app.conversation.conversationmgr.manage"])
def test_the_scope_of_the_settings_is_asked_for(
    scope: str, odd: Engine, endpoint: Endpoint
) -> None:
    if scope:
        odd.config["egain:scope"] = scope
    odd.up(many(1))
    [form] = endpoint.forms
    assert form == {
        "grant_type": ["client_credentials"],
        "client_id": ["local"],
        "client_secret": ["local-secret"],
        "scope": [scope or "https://api.egain.cloud/auth/.default"],
    }
