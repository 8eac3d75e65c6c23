"""The host dies between eGain's commit and its own answer: the next `up` finds what was made."""

from __future__ import annotations

import copy
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import COLLECTIONS, channel, declared, ground, made
from tests.specimens import AUTHENTICATION, ORCHESTRATION, SPECIMENS, Specimen
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Declared

pytestmark = pytest.mark.host


@pytest.fixture
def engine(make_engine: MakeEngine, emulator: Emulator) -> Engine:
    """One whose waits take no time."""
    ground(emulator)
    return make_engine(config=emulator.config, env=emulator.quick)


@pytest.mark.parametrize("specimen", SPECIMENS, ids=[s.noun for s in SPECIMENS])
def test_the_next_up_keeps_what_a_killed_host_has_made(
    specimen: Specimen, engine: Engine, emulator: Emulator
) -> None:
    collection = COLLECTIONS[specimen.noun]
    left = _killed_after_the_commit(engine, emulator, declared(specimen), collection)
    emulator.clear()
    result = engine.up([declared(specimen)])
    assert engine.state["it"].id == left
    assert [row["id"] for row in made(emulator, collection)] == [left]
    assert f"POST /{collection}" not in emulator.counts()
    assert any("was created by a run that was interrupted" in line.message for line in result.logs)
    assert engine.preview([declared(specimen)]).changes == {}
    assert engine.refresh().changes == {}


def test_it_gets_the_secrets_of_the_program_as_it_is_now(
    engine: Engine, emulator: Emulator
) -> None:
    collection = COLLECTIONS[AUTHENTICATION.noun]
    _killed_after_the_commit(engine, emulator, declared(AUTHENTICATION), collection)
    rotated = copy.deepcopy(dict(AUTHENTICATION.full))
    rotated["oauth2"]["payload"] = "rotated"
    engine.up([declared(AUTHENTICATION, rotated)])
    [found] = made(emulator, collection)
    assert found["oauth2"]["payload"] == "rotated"


def test_what_is_different_from_what_is_declared_now_is_refused_like_any_duplicate(
    engine: Engine, emulator: Emulator
) -> None:
    left = _killed_after_the_commit(engine, emulator, channel(), "channels")
    emulator.edit("channels", left, {"displayName": "Console"})
    [message] = engine.up([channel()], check=False).messages
    assert f"already exists ({left})" in message
    assert len(engine.state.managed()) == 0


def test_what_a_changed_program_does_not_declare_any_more_is_not_left_on_it(
    engine: Engine, emulator: Emulator
) -> None:
    described = channel(description="was sent")
    left = _killed_after_the_commit(engine, emulator, described, "channels")
    [message] = engine.up([channel()], check=False).messages
    assert f"already exists ({left})" in message
    engine.up([described])
    assert engine.state["it"].id == left
    engine.up([channel()])
    assert "description" not in emulator.object("channels", left)


def test_an_equal_one_that_is_older_than_our_post_is_not_taken(
    engine: Engine, emulator: Emulator
) -> None:
    flow = declared(ORCHESTRATION)
    left = _killed_after_the_commit(engine, emulator, flow, "orchestrations")
    emulator.advance(60)
    [note] = _notes(engine)
    text = json.loads(note.read_text())
    note.write_text(json.dumps({**text, "at": text["at"] + 55}))
    [message] = engine.up([flow], check=False).messages
    assert message.startswith('cannot create orchestration "it": an equal one')
    assert left in message


def test_a_note_counts_for_an_hour_and_for_its_tenant(engine: Engine, emulator: Emulator) -> None:
    left = _killed_after_the_commit(engine, emulator, channel(), "channels")
    [note] = _notes(engine)
    text = json.loads(note.read_text())
    others: list[dict[str, Any]] = [{"at": text["at"] - 3700}, {"tenant": {}}]
    for other in others:
        note.write_text(json.dumps({**text, **other}))
        [message] = engine.up([channel()], check=False).messages
        assert f"already exists ({left})" in message
        note.write_text(json.dumps(text))
        engine.restart()
    note.write_text("no JSON")
    [message] = engine.up([channel()], check=False).messages
    assert f"already exists ({left})" in message


def test_a_note_says_nothing_of_the_object_and_ends_with_it_in_the_state(
    engine: Engine, emulator: Emulator
) -> None:
    folder = Path(engine.hosts.env["PULUMI_HOME"]) / "egain-journal"
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    engine.up([channel()])
    [note] = _notes(engine)
    assert [path.stat().st_mode & 0o777 for path in (folder, note)] == [0o700, 0o600]
    text = json.loads(note.read_text())
    assert sorted(text) == ["at", "tenant"]
    engine.preview([channel()])
    assert _notes(engine) == []
    emulator.fault("POST", "/channels", action="status", status=400)
    engine.up([channel(), channel("other", type="other")], check=False)
    assert _notes(engine) == []


def test_a_folder_that_cannot_be_written_stops_nothing(
    make_engine: MakeEngine, emulator: Emulator, tmp_path: Path
) -> None:
    file = tmp_path / "no-folder"
    file.write_text("")
    engine = make_engine(config=emulator.config, env={"PULUMI_HOME": str(file)})
    engine.up([channel()])
    assert engine.preview([channel()]).changes == {}


def _notes(engine: Engine) -> list[Path]:
    return list((Path(engine.hosts.env["PULUMI_HOME"]) / "egain-journal").glob("*"))


def _killed_after_the_commit(
    engine: Engine, emulator: Emulator, resource: Declared, collection: str
) -> str:
    """The id of what is on the server and in no state."""
    emulator.fault("POST", f"/{collection}", action="hang", when="after", seconds=3600)
    with ThreadPoolExecutor(1) as pool:
        up = pool.submit(engine.up, [resource], check=False)
        while not (found := made(emulator, collection)):
            assert not up.done()
        for host in engine.hosts.running:
            host.child.popen.kill()
        assert not up.result().ok
    engine.restart()
    assert len(engine.state.managed()) == 0
    return str(found[0]["id"])
