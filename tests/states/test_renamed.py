"""A renamed argument: states and programs that have its former name. See docs/upgrading.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import Field

from egain_pulumi.model import Formerly, Keyed, Part, Secret, Text
from egain_pulumi.provider import EgainProvider
from egain_pulumi.shape import Record, has_secrets, tree, walk
from tests.host.running import program, said
from tests.specimens import ICON
from tests.states.letters import LetterProvider
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Declared
from tests.support.program import Program
from tests.support.values import plain

pytestmark = pytest.mark.host
NAMES = {"display_name": "caption", "mid_chat_auth": "mid_auth"}
LETTER: dict[str, Any] = {
    "type": "letter",
    "display_name": "Hello",
    "icon": ICON,
    "restrictions": {"outbound": {"mid_chat_auth": True, "max_text_length": 5}},
    "active": True,
}


def declared(**changes: Any) -> Declared:
    """A letter of today, without a program."""
    token = "pulumi-python:dynamic/egain:Letter"
    return Declared(token, "it", LetterProvider.reference(), LETTER | changes)


def run(arguments: str, options: str = "") -> Program:
    """A program with one letter; its text is an output of the stack."""
    return program(f"""
        from tests.states.letters import LetterResource
        it = LetterResource("it", type="letter", icon=ICON, {arguments},
                            opts=ResourceOptions({options}))
        pulumi.export("text", it.display_name)
    """)


OUTBOUND = '{"outbound": {"%s": True, "max_text_length": 5}}'
TODAY = f'display_name="Hello", restrictions={OUTBOUND % "mid_chat_auth"}'
FORMER = f'caption="Hello", restrictions={OUTBOUND % "mid_auth"}'
LATER = f'caption=later("Hello"), restrictions=later({OUTBOUND % "mid_auth"})'


@pytest.fixture
def old(engine: Engine, emulator: Emulator) -> Engine:
    """A stack as the release before has left it; nothing was called since."""
    engine.up([declared()])
    age(engine)
    emulator.clear()
    return engine


def age(engine: Engine) -> None:
    """Let the state have the names of the release before."""
    state = engine.state["it"]
    for values in (state.inputs, state.outputs):
        if "display_name" in values:  # outputs keep the former names until something changes
            values["caption"] = values.pop("display_name")
            outbound = values["restrictions"]["outbound"]
            outbound["mid_auth"] = outbound.pop("mid_chat_auth")


def test_programs_with_either_name_change_nothing(old: Engine, emulator: Emulator) -> None:
    """The state has today's names from then on, and whoever writes a former one is told."""
    advice = [
        "caption: is now display_name",
        "restrictions.outbound.mid_auth: is now mid_chat_auth",
    ]
    for arguments in (TODAY, FORMER, LATER):
        written = run(arguments)
        assert old.preview(written).changes == {}
        result = old.up(written)
        assert (result.changes, result.outputs) == ({}, {"text": "Hello"})
        inputs = {key: plain(value) for key, value in old.state["it"].inputs.items()}
        assert inputs.items() >= LETTER.items()
        assert "caption" not in inputs
        told = " ".join(sorted(said(result, "warning")))
        assert [text in told for text in advice] == [arguments is not TODAY] * 2
        assert emulator.counts(tokens=True) == {}
        age(old)


def test_changes_ignored_under_both_names_stay_ignored(old: Engine, emulator: Emulator) -> None:
    """A former name alone ignores them once: then the state has today's."""
    both = 'ignore_changes=["caption", "display_name"]'
    for options in ('ignore_changes=["caption"]', both):
        result = old.up(run(FORMER.replace("Hello", "Ours"), options))
        assert (result.changes, emulator.counts()) == ({}, {})
        assert old.state["it"].inputs["display_name"] == "Hello"
    age(old)
    assert old.preview(run(FORMER.replace("Hello", "Ours"), both)).changes == {}


def test_both_names_at_once_are_a_mistake(engine: Engine) -> None:
    failed = engine.up(run(f'caption="Hello", {TODAY}'), check=False)
    [text] = said(failed, "error")
    assert text.startswith('letter "it": caption: unknown argument')


def test_a_refresh_before_the_first_up_sees_drift_and_nothing_else(
    old: Engine, emulator: Emulator
) -> None:
    assert old.refresh().changes == {}
    assert old.state["it"].inputs["display_name"] == "Hello"
    age(old)
    emulator.edit("channels", old.state["it"].id, {"displayName": "Theirs"})
    assert old.refresh().changes == {"it": "update"}
    assert old.state["it"].inputs["display_name"] == "Theirs"


def test_an_update_of_an_old_state_sends_the_change_alone_and_knows_a_conflict(
    old: Engine, emulator: Emulator
) -> None:
    id = old.state["it"].id
    emulator.edit("channels", id, {"displayName": "Theirs"})
    ours = declared(display_name="Ours")
    [message] = old.up([ours], check=False).messages
    assert 'display_name is "Theirs" in eGain, and was "Hello" when' in message
    emulator.edit("channels", id, {"displayName": "Hello"})
    old.up([ours])
    found = emulator.object("channels", id)
    assert (found["displayName"], found["restrictions"]["outbound"]["midChatAuth"]) == (
        "Ours",
        True,
    )
    assert emulator.counts()["PUT /channels/{id}"] == 1
    assert "caption" not in old.state["it"].outputs
    age(old)
    old.destroy()
    assert emulator.objects("channels") == []


def renamed_secrets(record: Record) -> Iterator[str]:
    """Fields that must keep their name: Pulumi knows a secret of the state by its key, and a
    refresh under another key would store it in clear."""
    for path, slot in walk(record):
        if slot.former is not None and has_secrets(slot.node):
            yield ".".join(map(str, path))


class _Hidden(Part):
    headers: Annotated[
        dict[str, Annotated[Text, Secret()]] | None, Keyed("name", "value"), Formerly("lines")
    ] = Field(None)


def test_no_field_that_holds_secrets_is_renamed() -> None:
    for kind in EgainProvider.__subclasses__():
        assert list(renamed_secrets(tree(kind.model))) == []
    assert list(renamed_secrets(tree(_Hidden))) == ["headers"]
