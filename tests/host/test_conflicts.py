"""docs/rules.md#update: it never overwrites another person's change, nor loses a secret."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import channel, declared, ground, held
from tests.specimens import AUTHENTICATION, BASIC_AUTHENTICATION, CHANNEL, CLIENT_APPLICATION
from tests.support.emulator import Emulator
from tests.support.engine import Engine

pytestmark = pytest.mark.host
SECRETS = {"oauth2": {**AUTHENTICATION.full["oauth2"], "payload": "rotated-payload-canary"}}


def counted(emulator: Emulator, path: str) -> tuple[int, int]:
    """How many GETs and PUTs of one object since the last look."""
    counts = emulator.counts()
    emulator.clear()
    return counts.get(f"GET /{path}/{{id}}", 0), counts.get(f"PUT /{path}/{{id}}", 0)


def test_a_change_that_somebody_else_made_is_a_conflict(engine: Engine, emulator: Emulator) -> None:
    engine.up([channel(display_name="Chat")])
    id = engine.state["it"].id
    emulator.edit("channels", id, {"displayName": "Live Chat"})
    wanted = channel(display_name="Our Chat", description="New.")
    [message] = engine.up([wanted], check=False).messages
    assert message.startswith('channel "it" not updated: display_name is "Live Chat" in eGain')
    assert 'was "Chat" when this stack last wrote or saw it' in message
    assert 'To keep eGain\'s value, write display_name="Live Chat".' in message
    assert message.endswith("To restore yours, run pulumi refresh, review, then pulumi up.")
    assert counted(emulator, "channels") == (1, 0)
    assert engine.state["it"].inputs["display_name"] == "Chat"

    # Both ways out that it names.
    kept = channel(display_name="Live Chat", description="New.")
    assert engine.up([kept]).ops == {"it": "update"}
    emulator.edit("channels", id, {"displayName": "Console"})
    assert engine.refresh().changes == {"it": "update"}
    engine.up([kept])
    assert emulator.object("channels", id)["displayName"] == "Live Chat"


def test_a_conflict_elsewhere_in_the_object_stops_the_update_too(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up([declared(CHANNEL)])
    id = engine.state["it"].id
    emulator.edit("channels", id, {"active": False, "restrictions": {"outbound": None}})
    [message] = engine.up([declared(CHANNEL, CHANNEL.changed)], check=False).messages
    assert "active is False in eGain, and was True when" in message
    assert "restrictions.outbound.max_text_length is not set in eGain, and was 1000 when" in message
    assert held(emulator, CHANNEL, id)["active"] is False


@pytest.mark.parametrize("where", ["configuration", "environment"])
def test_with_overwrite_the_program_wins(
    where: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    config, env = dict(emulator.config), {}
    if where == "configuration":
        config["egain:onConflict"] = "overwrite"
    else:
        env["EGAIN_ON_CONFLICT"] = "overwrite"
    engine = make_engine(config=config, env=env)
    engine.up([channel(display_name="Chat")])
    id = engine.state["it"].id
    emulator.edit("channels", id, {"displayName": "Live Chat"})
    engine.up([channel(display_name="Our Chat")])
    assert emulator.object("channels", id)["displayName"] == "Our Chat"


def test_what_egain_holds_already_is_not_sent_again(engine: Engine, emulator: Emulator) -> None:
    engine.up([channel(display_name="Chat")])
    emulator.edit("channels", engine.state["it"].id, {"displayName": "Live Chat"})
    counted(emulator, "channels")
    assert engine.up([channel(display_name="Live Chat")]).ops == {"it": "update"}
    assert counted(emulator, "channels") == (1, 0)
    assert engine.state["it"].inputs["display_name"] == "Live Chat"


@pytest.mark.parametrize("reads", ["plain", "masked", "absent"])
def test_a_rotated_secret_is_sent_and_an_equal_one_is_not(
    reads: str, engine: Engine, emulator: Emulator
) -> None:
    emulator.settings(secrets_on_read=reads)
    engine.up([declared(AUTHENTICATION)])
    id = engine.state["it"].id
    emulator.clear()
    step = engine.up([declared(AUTHENTICATION, {**AUTHENTICATION.full, **SECRETS})]).step("it")
    assert step.paths == {"oauth2.payload": "update"}
    assert counted(emulator, "authentications") == (1, 1)
    found = held(emulator, AUTHENTICATION, id)
    assert found["oauth2"]["payload"] == "rotated-payload-canary"

    # Somebody overwrites one in the console, which no read may show: `secrets_version` mends it.
    broken = {"oauth2": {**found["oauth2"], "payload": "overwritten"}}
    emulator.edit("authentications", id, broken)
    version = {**AUTHENTICATION.full, **SECRETS, "secrets_version": 2}
    assert engine.up([declared(AUTHENTICATION, version)]).step("it").paths == {
        "secrets_version": "add"
    }
    assert counted(emulator, "authentications") == (1, 1)
    assert held(emulator, AUTHENTICATION, id) == found

    # Everything else leaves the secrets as they are.
    other = {**version, "description": "Other."}
    engine.up([declared(AUTHENTICATION, other)])
    assert counted(emulator, "authentications") == (1, 1)
    assert held(emulator, AUTHENTICATION, id) == {**found, "description": "Other."}


def with_console_header(emulator: Emulator, id: str) -> list[dict[str, Any]]:
    """Somebody adds a header in the console; the roles as they are then."""
    roles: list[dict[str, Any]] = emulator.object("clientapplications", id, secrets=True)["roles"]
    for role in roles:
        if role["name"] == "custom_bot":
            role["headers"] = [*role["headers"], {"name": "X-Console", "value": "console-canary"}]
    emulator.edit("clientapplications", id, {"roles": roles})
    return roles


OTHER = {**CLIENT_APPLICATION.full, "description": "Other."}


def test_a_secret_that_was_not_declared_goes_back_where_reads_show_secrets(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    engine.up([declared(CLIENT_APPLICATION)])
    id = engine.state["it"].id
    roles = with_console_header(emulator, id)
    engine.up([declared(CLIENT_APPLICATION, OTHER)])
    assert emulator.object("clientapplications", id, secrets=True)["roles"] == roles
    assert "console-canary" not in str(engine.export())


def test_a_secret_that_was_not_declared_and_is_masked_refuses_the_update(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    emulator.settings(secrets_on_read="masked")
    engine.up([declared(CLIENT_APPLICATION)])
    id = engine.state["it"].id
    roles = with_console_header(emulator, id)
    counted(emulator, "clientapplications")
    [message] = engine.up([declared(CLIENT_APPLICATION, OTHER)], check=False).messages
    assert message == (
        'client application "it" not updated: roles.custom_bot.headers["X-Console"] is set in '
        "eGain and not in this program, and this tenant may mask secrets, so it cannot be sent "
        "back. Declare its value in the program, or remove it in eGain."
    )
    assert counted(emulator, "clientapplications") == (1, 0)
    assert emulator.object("clientapplications", id, secrets=True)["roles"] == roles

    # Both ways out that it names.
    bot = CLIENT_APPLICATION.full["roles"]["custom_bot"]
    headers = {**bot["headers"], "X-Console": "console-canary"}
    taken = {**OTHER["roles"], "custom_bot": {**bot, "headers": headers}}
    engine.up([declared(CLIENT_APPLICATION, {**OTHER, "roles": taken})])
    engine.up([declared(CLIENT_APPLICATION)])
    found = held(emulator, CLIENT_APPLICATION, id)["roles"]
    assert "console-canary" not in str(found)
    assert "tenant-of-the-bot" in str(found)


def test_a_mask_is_never_stored_in_place_of_a_secret(engine: Engine, emulator: Emulator) -> None:
    emulator.settings(secrets_on_read="masked")
    engine.up([declared(BASIC_AUTHENTICATION)])
    id = engine.state["it"].id
    for text in ("One.", "Two."):
        engine.up(
            [declared(BASIC_AUTHENTICATION, {**BASIC_AUTHENTICATION.full, "description": text})]
        )
        engine.refresh()
    assert held(emulator, BASIC_AUTHENTICATION, id)["basicAuth"] == {
        "username": "hub",
        "password": "password-of-the-hub",
    }


@pytest.mark.parametrize("lock_status", [409, 412, 400])
def test_a_change_between_our_read_and_our_write_is_refused_by_the_lock(
    lock_status: int, engine: Engine, emulator: Emulator
) -> None:
    emulator.settings(lock_status=lock_status)
    engine.up([channel()])
    id = engine.state["it"].id
    [message] = raced(engine, emulator, id)
    assert message.startswith('channel "it" not updated: somebody else changed it in eGain at')
    assert message.endswith("Run pulumi up again.")
    assert emulator.object("channels", id)["description"] == "Console."
    assert engine.up([channel(display_name="New")]).ops == {"it": "update"}
    found = emulator.object("channels", id)
    assert (found["displayName"], found["description"]) == ("New", "Console.")


def test_a_refusal_that_repeats_what_was_sent_is_no_race(
    engine: Engine, emulator: Emulator
) -> None:
    """The whole body is in its words, and `modified` with it."""
    emulator.settings(echo_bodies=True)
    engine.up([channel()])
    emulator.fault("PUT", "/channels/{id}", action="status", status=400)
    [message] = engine.up([channel(description="New.")], check=False).messages
    assert message.startswith('eGain refused to update channel "it" [')
    assert "Failure made by a fault" in message


def test_without_a_lock_the_later_write_wins(engine: Engine, emulator: Emulator) -> None:
    emulator.settings(lock=False)
    engine.up([channel()])
    id = engine.state["it"].id
    assert raced(engine, emulator, id) == []
    assert emulator.object("channels", id)["displayName"] == "New"


def raced(engine: Engine, emulator: Emulator, id: str) -> list[str]:
    """Update while somebody edits between the read and the write; what the update says."""
    emulator.clear()
    emulator.fault("PUT", action="hang", seconds=10)
    with ThreadPoolExecutor(1) as pool:
        update = pool.submit(engine.up, [channel(display_name="New")], check=False)
        while not any(r["method"] == "PUT" for r in emulator.requests()):
            assert not update.done()
        emulator.edit("channels", id, {"description": "Console."})
        emulator.advance(20)
        return update.result().messages


def test_an_object_that_is_gone_is_not_made_again_by_an_update(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up([channel()])
    id = engine.state["it"].id
    emulator.remove("channels", id)
    emulator.clear()
    [message] = engine.up([channel(display_name="New")], check=False).messages
    assert message == (
        f'channel "it" [{id}] not updated: it is no longer in eGain. Run pulumi up --refresh, '
        "which creates it again."
    )
    assert emulator.counts() == {"GET /channels/{id}": 1}
    changed = engine.up([channel(display_name="New")], refresh=True)
    assert changed.ops == {"it": "create"}
