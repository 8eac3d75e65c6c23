"""A replacement one half of which fails: nothing is lost, and the next `up` finishes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from egain_pulumi.schema.state import IMPORT
from tests.conftest import MakeEngine
from tests.host.objects import COLLECTIONS, declared, made
from tests.specimens import BASIC_AUTHENTICATION, CLIENT_APPLICATION, PARTICIPANT
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Declared, Options, Ref
from tests.support.state import Resource

pytestmark = pytest.mark.host
Fault = tuple[str, str, dict[str, Any]]


@pytest.fixture
def engine(make_engine: MakeEngine, emulator: Emulator) -> Engine:
    """One whose waits take no time, and which gives up after twenty seconds of them."""
    patience = {"egain:operationTimeoutSeconds": "20"}
    return make_engine(config=emulator.config | patience, env=emulator.quick)


def hub(name: str) -> list[Declared]:
    """A bot that is replaced when its name changes, and a participant of it."""
    bot = {**CLIENT_APPLICATION.smallest, "name": name}
    user = {**PARTICIPANT.smallest, "application": {"id": Ref("bot")}}
    return [
        declared(CLIENT_APPLICATION, bot, "bot", Options(replace_on_changes=["name"])),
        declared(PARTICIPANT, user, "greeter"),
    ]


def alone(text: str) -> list[Declared]:
    """An authentication that keeps its name, and goes before its replacement comes."""
    basic = {**BASIC_AUTHENTICATION.smallest, "description": text}
    options = Options(replace_on_changes=["description"], delete_before_replace=True)
    return [declared(BASIC_AUTHENTICATION, basic, options=options)]


def there(emulator: Emulator) -> set[str]:
    """The ids of all objects but eGain's own."""
    return {each["id"] for kind in COLLECTIONS.values() for each in made(emulator, kind)}


def unfinished(engine: Engine) -> list[Resource]:
    """What is replaced and still there, and what is deleted and not made again yet."""
    return [r for r in engine.state.managed() if r.delete or r.pending_replacement]


def known(engine: Engine) -> set[str]:
    """The ids of everything that the state takes for existing."""
    return {r.id for r in engine.state.managed() if not r.pending_replacement}


def finish(
    engine: Engine, emulator: Emulator, wanted: list[Declared], *, anew: bool = True
) -> None:
    """The next `up`, in a process of its own, leaves one object each and nothing to do."""
    emulator.heal()
    if anew:
        engine.restart()
    engine.up(wanted)
    assert len(there(emulator)) == len(wanted)
    assert known(engine) == there(emulator)
    assert unfinished(engine) == []
    assert engine.preview(wanted).changes == {}


REFUSED: dict[str, Any] = {"action": "status", "status": 403}
DOWN: dict[str, Any] = {"action": "status", "status": 500, "match": {"times": None}}

CREATE_FIRST: list[tuple[Fault, int]] = [
    (("GET", "/participants", DOWN), 3),  # who still uses the old one; known afterwards
    (("POST", "*", REFUSED), 2),
    (("POST", "*", DOWN), 2),
    (("PUT", "*", REFUSED), 3),
    (("PUT", "*", DOWN), 3),
    (("DELETE", "*", REFUSED), 3),
    (("DELETE", "*", DOWN), 3),
]


def test_a_failed_half_of_a_create_first_replacement_is_made_up_for(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up(hub("first"))
    for number, ((method, path, do), objects) in enumerate(CREATE_FIRST):
        old, wanted = engine.state["bot"].id, hub(f"bot-{number}")
        fault = emulator.fault(method, path, **do)
        [message] = engine.up(wanted, check=False).messages
        assert emulator.fired(fault) >= 1, method
        assert "\n" not in message
        assert len(there(emulator)) == objects, message
        assert known(engine) == there(emulator)
        assert old in there(emulator), "the old one stays until nobody needs it"
        finish(engine, emulator, wanted, anew=do is REFUSED)
        assert old not in there(emulator)


DELETE_FIRST: list[tuple[Fault, int]] = [
    (("GET", "/clientapplications", DOWN), 1),  # who still uses it; known afterwards
    (("DELETE", "*", REFUSED), 1),
    (("DELETE", "*", DOWN), 1),
    (("POST", "*", REFUSED), 0),
    (("POST", "*", DOWN), 0),
]


def test_a_failed_half_of_a_delete_first_replacement_is_made_up_for(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up(alone("first"))
    for number, ((method, path, do), objects) in enumerate(DELETE_FIRST):
        old, wanted = engine.state["it"].id, alone(f"{number}")
        fault = emulator.fault(method, path, **do)
        [message] = engine.up(wanted, check=False).messages
        assert emulator.fired(fault) >= 1, method
        assert "\n" not in message
        assert len(there(emulator)) == objects, message
        assert known(engine) == there(emulator)
        finish(engine, emulator, wanted, anew=do is REFUSED)
        assert old not in there(emulator)


def test_what_somebody_else_still_uses_waits_for_them(engine: Engine, emulator: Emulator) -> None:
    engine.up(hub("first"))
    old = engine.state["bot"].id
    theirs = {"name": "theirs", "type": "custom_bot", "application": {"id": old}, "active": True}
    user = emulator.add("participants", theirs)["id"]
    for _ in range(2):  # until they move: nothing else is left undone meanwhile
        [message] = engine.up(hub("second"), check=False).messages
        assert message.startswith(f'client application "bot" [{old}] not deleted: participant "th')
        assert [r.id for r in unfinished(engine)] == [old]
        assert known(engine) | {user} == there(emulator)
        engine.restart()
    emulator.remove("participants", user)
    finish(engine, emulator, hub("second"))


def test_a_delete_first_of_what_is_in_use_is_refused_before_the_call(
    engine: Engine, emulator: Emulator
) -> None:
    """By its id the plugin cannot see it in the preview, as it can of the resource itself."""
    first, user = hub("first")
    engine.up([first, user])
    emulator.clear()
    options = Options(replace_on_changes=["name"], delete_before_replace=True)
    bot = {**CLIENT_APPLICATION.smallest, "name": "second"}
    [message] = engine.up(
        [declared(CLIENT_APPLICATION, bot, "bot", options), user], check=False
    ).messages
    assert 'not deleted: participant "greeter" (' in message
    assert {call.split()[0] for call in emulator.counts()} == {"GET"}
    assert unfinished(engine) == []
    finish(engine, emulator, hub("second"))


def test_without_leave_to_delete_a_replacement_waits_in_either_half(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine(config=emulator.config)
    engine.up(hub("first"))
    old = engine.state["bot"].id
    # The first half is refused before it begins.
    engine.config["egain:allowDelete"] = "false"
    emulator.clear()
    [message] = engine.preview(hub("second"), check=False).messages
    assert 'client application "bot" not replaced: egain:allowDelete is false' in message
    assert emulator.counts(tokens=True) == {}
    # The second half: the leave was withdrawn in between.
    engine.config["egain:allowDelete"] = "true"
    emulator.fault("PUT", action="status", status=403)
    engine.up(hub("second"), check=False)
    engine.config["egain:allowDelete"] = "false"
    [message] = engine.up(hub("second"), check=False).messages
    assert message.startswith('client application "bot" not deleted: egain:allowDelete is false')
    assert [r.id for r in unfinished(engine)] == [old]
    assert emulator.object("participants", engine.state["greeter"].id)["application"] == {
        "id": engine.state["bot"].id
    }
    engine.config["egain:allowDelete"] = "true"
    finish(engine, emulator, hub("second"))


def test_a_lost_replacement_is_taken_over_as_its_message_says(
    engine: Engine, emulator: Emulator
) -> None:
    """The new one was made, and then nothing answered any more: only a person can tell."""
    engine.up(hub("first"))
    emulator.fault("POST", "/clientapplications", action="close", when="after")
    emulator.fault("GET", "/clientapplications", action="html", match={"times": None})
    [message] = engine.up(hub("second"), check=False).messages
    assert message.startswith('cannot tell whether client application "bot" was created: POST ')
    [lost] = there(emulator) - known(engine)
    emulator.heal()
    engine.restart()
    [message] = engine.up(hub("second"), check=False).messages
    assert f'name "second" already exists ({lost})' in message
    assert f'take it over with import_="{lost}"' in message
    bot, user = hub("second")
    finish(engine, emulator, [replace(bot, inputs={**bot.inputs, IMPORT: lost}), user])
    assert engine.state["bot"].id == lost
    assert engine.preview(hub("second")).changes == {}


def same_name(**options: Any) -> list[Declared]:
    """The authentication of `alone`, replaced under its old name."""
    replaced = Options(replace_on_changes=["description"], **options)
    basic = {**BASIC_AUTHENTICATION.smallest, "description": "second"}
    return [declared(BASIC_AUTHENTICATION, basic, options=replaced)]


def test_a_replacement_under_the_same_name_is_refused_and_loses_nothing(
    engine: Engine, emulator: Emulator
) -> None:
    """The new one comes first, and the name is still the old one's."""
    engine.up(alone("first"))
    old = engine.state["it"].id
    emulator.clear()
    [message] = engine.up(same_name(), check=False).messages
    assert (
        'name: a replacement is created before the old object is deleted, which still has "app'
        in message
    )
    assert "delete_before_replace" in message
    assert emulator.counts(tokens=True) == {}
    assert known(engine) == there(emulator) == {old}
    finish(engine, emulator, same_name(delete_before_replace=True))


def test_a_replacement_under_the_same_name_is_refused_in_the_preview(engine: Engine) -> None:
    engine.up(alone("first"))
    [message] = engine.preview(same_name(), check=False).messages
    assert "delete_before_replace" in message
    assert engine.preview(same_name(delete_before_replace=True)).ok
