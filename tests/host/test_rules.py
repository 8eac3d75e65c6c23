"""What survives an update, what may be deleted, what may be replaced, and how errors read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import channel, declared, ground
from tests.host.running import program
from tests.specimens import AUTHENTICATION, CHANNEL, CLIENT_APPLICATION, PARTICIPANT
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Options

pytestmark = pytest.mark.host


# docs/rules.md#manage-what-is-declared: an update keeps what this program does not declare.


def test_what_somebody_added_in_the_console_survives_an_update(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    first = declared(CLIENT_APPLICATION, CLIENT_APPLICATION.full)
    engine.up([first])
    id = engine.state["it"].id
    bot, customer = emulator.object("clientapplications", id, secrets=True)["roles"]
    if bot["name"] != "custom_bot":
        bot, customer = customer, bot
    agent = {**customer, "name": "custom_agent", "queue": {"depth": 3}}
    more = [
        customer,
        agent,
        {
            **bot,
            "headers": [{"name": "X-Console", "value": "added"}, *bot["headers"]],
            "newAttribute": {"of": "eGain"},
        },
    ]
    emulator.edit("clientapplications", id, {"roles": more, "beta": {"since": [2026]}})
    changed = {**CLIENT_APPLICATION.full, "description": "Other."}
    engine.up([declared(CLIENT_APPLICATION, changed)])
    found = emulator.object("clientapplications", id, secrets=True)
    assert (found["roles"], found["beta"]) == (more, {"since": [2026]})
    assert found["description"] == "Other."

    roles = {"customer": CLIENT_APPLICATION.full["roles"]["customer"]}
    engine.up([declared(CLIENT_APPLICATION, {**changed, "roles": roles})])
    found = emulator.object("clientapplications", id, secrets=True)
    assert found["roles"] == [customer, agent]


def test_attributes_of_list_items_stay_with_their_item(engine: Engine, emulator: Emulator) -> None:
    ground(emulator)
    engine.up([declared(PARTICIPANT)])
    id = engine.state["it"].id
    [one, two] = emulator.object("participants", id, secrets=True)["intents"]["intent"]
    marked = {"intent": [{**one, "rank": 1}, {**two, "rank": 2}], "mode": "strict"}
    emulator.edit("participants", id, {"intents": marked})
    turned = list(reversed(PARTICIPANT.full["intents"]))
    engine.up([declared(PARTICIPANT, {**PARTICIPANT.full, "intents": turned})])
    assert emulator.object("participants", id, secrets=True)["intents"] == {
        "intent": [{**two, "rank": 2}, {**one, "rank": 1}],
        "mode": "strict",
    }


def test_extra_is_merged_in_and_leaves_with_its_argument(
    engine: Engine, emulator: Emulator
) -> None:
    extra = {"beta": {"a": 1, "b": [1, 2]}, "restrictions": {"voice": {"codec": "opus"}}}
    given = {**CHANNEL.full, "extra": extra}
    engine.up([declared(CHANNEL, given)])
    id = engine.state["it"].id
    found = emulator.object("channels", id, secrets=True)
    assert found["beta"] == extra["beta"]
    assert found["restrictions"]["voice"] == {"codec": "opus"}
    assert found["restrictions"]["inbound"]["maxTextLength"] == 2000
    assert "opus" not in str(engine.export())

    emulator.edit("channels", id, {"beta": {"c": "console"}})
    assert engine.refresh().changes == {}
    engine.up([declared(CHANNEL, {**given, "extra": {"beta": {"a": 2}}})])
    found = emulator.object("channels", id, secrets=True)
    assert found["beta"] == {"a": 2, "c": "console"}
    assert not found["restrictions"].get("voice")
    engine.up([declared(CHANNEL)])
    assert emulator.object("channels", id, secrets=True)["beta"] == {"c": "console"}


# docs/rules.md#delete: `allowDelete`.


@pytest.mark.parametrize("source", ["EGAIN_ALLOW_DELETE", "configuration of the last up"])
def test_nothing_is_deleted_or_replaced_where_that_is_not_allowed(
    source: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    config, env = dict(emulator.config), {}
    if source.startswith("EGAIN"):
        env[source] = "false"
    else:
        config["egain:allowDelete"] = "false"
    engine = make_engine(config=config, env=env)
    engine.up([channel()])
    emulator.clear()
    [message] = engine.destroy(check=False).messages
    assert message == (
        f'channel "it" not deleted: egain:allowDelete is false ({source}). If you do want '
        "this, set it to true and run pulumi up first, or set EGAIN_ALLOW_DELETE=true for this "
        "command."
    )
    engine.restart()
    options = Options(replace_on_changes=["display_name"])
    other = channel(options=options, type="other", display_name="Other")
    [message] = engine.up([other], check=False).messages
    assert f'channel "it" not replaced: egain:allowDelete is false ({source})' in message
    [message] = engine.up([], check=False).messages
    assert message.startswith('channel "it" not deleted:')
    assert emulator.counts(tokens=True) == {}
    assert len(emulator.objects("channels")) == 1


def test_what_is_still_in_use_stays_and_is_said(engine: Engine, emulator: Emulator) -> None:
    ground(emulator)
    engine.up([declared(CLIENT_APPLICATION)])
    id = engine.state["it"].id
    emulator.add("participants", {"name": "user", "application": {"id": id}})
    [message] = engine.destroy(check=False).messages
    assert 'client application "it"' in message
    assert "\n" not in message
    assert "it" in engine.state
    assert emulator.object("clientapplications", id)["name"] == "bot"


# docs/rules.md#replacement: a change of `type` is tried in place.


def test_a_change_of_type_is_made_in_place_and_read_back(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up([channel()])
    id = engine.state["it"].id
    emulator.clear()
    assert engine.up([channel(type="other")]).ops == {"it": "update"}
    assert emulator.counts() == {"GET /channels/{id}": 2, "PUT /channels/{id}": 1}
    assert emulator.object("channels", id)["type"] == "other"


@pytest.mark.parametrize("specimen", [CHANNEL, AUTHENTICATION], ids=lambda s: s.noun)
def test_a_type_that_egain_keeps_fails_and_says_what_to_do(
    specimen: Any, engine: Engine, emulator: Emulator
) -> None:
    emulator.settings(type_immutable=True, validation="off")
    engine.up([declared(specimen)])
    changes: dict[str, Any] = {"type": "other", "description": "Also changed."}
    if specimen is AUTHENTICATION:
        basic = {"username": "u", "password": "p-w-canary"}
        changes = {"type": "basic", "basic_auth": basic}
    given = {k: v for k, v in specimen.full.items() if k != "oauth2"} | changes
    for _ in range(2):  # it fails until somebody does what it says
        [message] = engine.up([declared(specimen, given)], check=False).messages
        assert "eGain kept the old type" in message
        assert f"a new {specimen.unique}" in message
        assert 'ResourceOptions(replace_on_changes=["type"])' in message
    assert engine.state["it"].inputs["type"] == specimen.full["type"]
    assert "p-w-canary" not in str(engine.export())


def test_a_replacement_makes_the_new_one_first_and_moves_its_users(
    engine: Engine, emulator: Emulator
) -> None:
    body = """
        bot = application("bot", name="{0}", opts=ResourceOptions(replace_on_changes=["name"]))
        participant("greeter", bot)
    """
    engine.up(program(body.format("first")))
    old = engine.state["bot"].id
    emulator.clear()
    result = engine.up(program(body.format("second")))
    assert result.ops == {"bot": "replace", "greeter": "update"}
    calls = [(r["method"], r["status"]) for r in emulator.requests() if r["method"] != "GET"]
    assert calls == [("POST", 201), ("PUT", 204), ("DELETE", 204)] or calls == [
        ("POST", 201),
        ("PUT", 200),
        ("DELETE", 204),
    ]
    ids = [o["id"] for o in emulator.objects("clientapplications")]
    assert engine.state["bot"].id in ids
    assert old not in ids
