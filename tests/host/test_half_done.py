"""What eGain took in part, where the plugin host's inside is not what we know (`host.py`)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import tests.support
from tests.conftest import MakeEngine
from tests.host.objects import channel
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.process import REPOSITORY

pytestmark = pytest.mark.host
FRAMELESS = Path(tests.support.__file__).parent / "frameless"


@pytest.fixture
def frameless(make_engine: MakeEngine, emulator: Emulator) -> Engine:
    """An engine whose hosts do not show the frame that names, ids and clean errors come from."""
    path = os.pathsep.join((str(FRAMELESS), str(REPOSITORY)))
    return make_engine(config=emulator.config, env={"PYTHONPATH": path})


def test_without_the_frame_the_state_stays_as_it_was_and_a_refresh_sees_what_is_there(
    frameless: Engine, emulator: Emulator
) -> None:
    frameless.up([channel()])
    emulator.settings(type_immutable=True)
    before = frameless.export()
    wanted = [channel(type="other", display_name="New")]
    [message] = frameless.up(wanted, check=False).messages
    assert message.startswith("HalfDone: channel ")
    assert "eGain kept the old type." in message
    assert "Traceback" not in message
    assert "File " not in message
    assert frameless.export() == before
    assert emulator.object("channels", frameless.state["it"].id)["displayName"] == "New"

    assert frameless.refresh().step("it").paths == {"display_name": "update"}
    emulator.settings(type_immutable=False)
    frameless.up(wanted)
    assert frameless.preview(wanted).changes == {}


def test_without_the_frame_a_life_goes_on_and_errors_are_one_line_without_a_name(
    frameless: Engine, emulator: Emulator
) -> None:
    assert frameless.preview([channel()]).ops == {"it": "create"}
    frameless.up([channel()])
    id = frameless.state["it"].id
    frameless.up([channel(display_name="New")])
    assert frameless.refresh().changes == {}
    emulator.fault("DELETE", action="status", status=403)
    [message] = frameless.destroy(check=False).messages
    assert message.strip().startswith(
        f'EgainError: eGain refused to delete channel "unnamed" [{id}]'
    )
    assert "\n" not in message.strip()
    frameless.destroy()
    assert emulator.objects("channels") == []
