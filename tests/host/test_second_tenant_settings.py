"""No setting of one tenant reaches the other: not by configuration, variable or argument."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from egain_pulumi.api.settings import Settings
from egain_pulumi.names import wire_name
from tests.conftest import MakeEngine
from tests.host.running import said
from tests.host.tenants import both, second_tenant, started
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.program import Program

pytestmark = pytest.mark.host

ODD: dict[str, Any] = {
    "scope": "app.conversation.conversationmgr.read",
    "requests_per_second": 0.001,
    "max_concurrency": 1,
    "request_timeout_seconds": 0.1,
    "operation_timeout_seconds": 0.2,
    "on_conflict": "overwrite",
    "allow_delete": False,
    "validation": "warn",
}
"""Each of them would end `lives_by_the_defaults`, alone, if it reached that tenant."""
LATENCY = 0.4
CHATS = "".join(f'channel("{name}", **here)\n' for name in "abc")
LONG = 'channel("x", display_name="x" * 1000, **here)'
LONG_LATER = 'channel("y", display_name=later("y" * 1000), **here)'


@pytest.fixture(scope="module")
def _eu() -> Iterator[Emulator]:
    with second_tenant() as made:
        yield made


@pytest.fixture
def eu(_eu: Emulator) -> Emulator:
    return started(_eu)


def lives_by_the_defaults(
    engine: Engine, tenant: Emulator, program: Callable[[str], Program]
) -> None:
    """A life that shows every setting, of objects in one tenant."""
    tenant.settings(latency=LATENCY)
    tenant.clear()
    engine.up(program(CHATS), parallel=3)
    assert tenant.log()["peak_in_flight"] > 1, "max_concurrency"
    tenant.settings(latency=0)
    tenant.edit("channels", engine.state["a"].id, {"displayName": "Console"})
    changed = CHATS.replace('"a"', '"a", display_name="Program"')
    [message] = engine.up(program(changed), check=False).messages
    assert 'display_name is "Console" in eGain, and was "Chat"' in message, "on_conflict"
    refused = engine.preview(program(LONG), check=False)
    assert any("at most" in line for line in said(refused, "error")), "validation by the program"
    [message] = engine.preview(program(LONG_LATER), check=False).messages
    assert "at most" in message, "validation by the plugin"
    engine.destroy()
    assert tenant.objects("channels") == [], "allow_delete"


def test_every_setting_is_tried() -> None:
    addresses = {"base_url", "token_url", "client_id", "client_secret"}
    assert ODD.keys() | addresses == Settings.model_fields.keys()


@pytest.mark.parametrize(
    "source", [pytest.param("configuration", marks=pytest.mark.soak), "environment"]
)
def test_nothing_of_the_default_tenant_reaches_a_second_one(
    source: str, make_engine: MakeEngine, emulator: Emulator, eu: Emulator
) -> None:
    odd = {name: str(value).lower() for name, value in ODD.items()}
    if source == "configuration":
        config = emulator.config | {f"egain:{wire_name(name)}": v for name, v in odd.items()}
        engine = make_engine(config=config)
    else:
        engine = make_engine(
            env=emulator.env | {f"EGAIN_{name.upper()}": v for name, v in odd.items()}
        )
    emulator.clear()
    lives_by_the_defaults(engine, eu, lambda body: both(eu, f"here = {{'opts': there}}\n{body}"))
    assert emulator.counts(tokens=True) == {}


def test_nothing_of_a_second_tenant_reaches_the_default_one(
    engine: Engine, emulator: Emulator, eu: Emulator
) -> None:
    lives_by_the_defaults(engine, emulator, lambda body: both(eu, f"here = {{}}\n{body}", **ODD))
    assert eu.counts(tokens=True) == {}
