"""What random programs (`tests/random`) have found, each as its smallest form."""

from __future__ import annotations

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import channel, declared
from tests.specimens import AUTHENTICATION, ICON
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Options

pytestmark = pytest.mark.host


def test_a_date_to_wait_for_is_one_of_the_servers_own_clock(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    """Its clock and ours may be far apart; the difference is no time to wait."""
    engine = make_engine(config=emulator.config, env=emulator.quick)
    emulator.advance(7200)
    emulator.settings(rate_limit={"per_second": 5, "burst": 1}, retry_after="date")
    engine.up([channel(f"c{number}", type=f"c{number}") for number in range(3)])
    assert emulator.log()["statuses"]["429"]


@pytest.mark.parametrize("shown", ["plain", "masked", "absent"])
def test_an_object_that_was_looked_up_gets_its_secrets_whoever_made_it(
    shown: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    """No look-up can compare them; somebody else may have made an equal one a moment before."""
    engine = make_engine(config=emulator.config, env=emulator.quick)
    emulator.settings(secrets_on_read=shown)
    engine.up([channel()])  # a plugin host takes a moment to start
    oauth2 = {"tokenRequestUrl": "https://bot.example.com/token"}
    emulator.add(
        "authentications", {"name": "a", "type": "oauth2", "active": True, "oauth2": oauth2}
    )
    emulator.fault("POST", "/authentications", action="status", status=500)
    ours = {"token_request_url": oauth2["tokenRequestUrl"], "headers": {"X-Key": "of-the-program"}}
    given = {"name": "a", "type": "oauth2", "active": True, "oauth2": ours}
    engine.up([channel(), declared(AUTHENTICATION, given, name="auth")])
    [held] = emulator.objects("authentications", secrets=True)
    assert held["oauth2"]["headers"] == [{"name": "X-Key", "value": "of-the-program"}]


def test_an_object_that_was_looked_up_and_not_completed_is_kept_and_completed_later(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine(config=emulator.config, env=emulator.quick)
    emulator.settings(secrets_on_read="masked")
    emulator.fault("POST", "/authentications", action="status", when="after", status=500)
    emulator.fault("PUT", "/authentications/*", action="status", status=403)
    wanted = [declared(AUTHENTICATION, AUTHENTICATION.full)]
    [message] = engine.up(wanted, check=False).messages
    assert message.endswith("It was created; the next pulumi up sends its secrets.")
    id = engine.state["it"].id
    engine.restart()
    assert engine.up(wanted).changes == {"it": "update"}
    assert [each["id"] for each in emulator.objects("authentications")] == [id]
    assert emulator.counts()["PUT /authentications/{id}"] == 2


@pytest.mark.parametrize("status", [409, 400])
def test_a_new_name_that_is_taken_is_no_race(
    status: int, engine: Engine, emulator: Emulator
) -> None:
    """Running pulumi up again, as a race asks for, would never end."""
    emulator.settings(duplicate_status=status)
    emulator.add("channels", {"type": "theirs", "displayName": "Theirs", "icon": ICON})
    engine.up([channel(type="ours")])
    [message] = engine.up([channel(type="theirs")], check=False).messages
    id = engine.state["it"].id
    assert message.startswith(f'channel "it" [{id}] not updated: type "theirs" is taken: ')
    assert f"eGain said: {status}-901: " in message


def test_an_object_that_moved_in_an_interrupted_run_is_not_deleted_by_the_next(
    engine: Engine, emulator: Emulator
) -> None:
    """Both resources have it then, and only the former one leaves."""
    engine.up([channel("one")])
    id = engine.state["one"].id
    engine.restart()  # as every command of the CLI does
    moved = channel("two", _import=id)
    emulator.fault("POST", "/channels", action="status", status=400)
    assert engine.up([moved, channel("three", type="three")], check=False).messages
    assert [r.id for r in engine.state.managed()] == [id, id]
    engine.restart()
    engine.up([moved])
    assert emulator.object("channels", id)
    assert [r.name for r in engine.state.managed()] == ["two"]


def test_an_imported_object_is_deleted_when_it_is_replaced_under_another_logical_name(
    engine: Engine, emulator: Emulator
) -> None:
    body = {"type": "old", "displayName": "Chat", "icon": ICON, "active": True}
    engine.up([channel("one", type="old", _import=emulator.add("channels", body)["id"])])
    engine.restart()
    options = Options(aliases=[engine.state["one"].urn], replace_on_changes=["type"])
    engine.up([channel("two", options, type="new")])
    assert [each["type"] for each in emulator.objects("channels")] == ["new"]


def test_an_object_that_moved_is_kept_also_without_the_option_that_moved_it(
    engine: Engine, emulator: Emulator
) -> None:
    """The former resource is still in the state, from the interrupted run, and no more declared."""
    engine.up([channel("one")])
    id = engine.state["one"].id
    engine.restart()
    emulator.fault("POST", "/channels", action="status", status=400)
    engine.up([channel("two", _import=id), channel("three", type="three")], check=False)
    assert [r.id for r in engine.state.managed()] == [id, id]
    engine.restart()
    engine.up([channel("two")])
    assert emulator.object("channels", id)
    assert [r.name for r in engine.state.managed()] == ["two"]


@pytest.mark.parametrize("first", [True, False])
def test_a_renamed_object_is_deleted_when_it_is_replaced(
    first: bool, engine: Engine, emulator: Emulator
) -> None:
    engine.up([channel("one", type="old")])
    engine.restart()
    options = Options(
        aliases=[engine.state["one"].urn],
        replace_on_changes=["type"],
        delete_before_replace=first,
    )
    engine.up([channel("two", options, type="new")])
    assert [each["type"] for each in emulator.objects("channels")] == ["new"]
