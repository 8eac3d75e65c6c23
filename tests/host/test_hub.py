"""The program of the front page, with the plain values of stack `local`, and its icons."""

from __future__ import annotations

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import made
from tests.host.running import program, said
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.process import REPOSITORY
from tests.support.program import Program
from tests.support.values import Secret

pytestmark = pytest.mark.host

HUB = {
    "conversation-hub:botLoginUrl": "https://bot.example.com/oauth2/token",
    "conversation-hub:botCallback": "https://bot.example.com/callback",
    "conversation-hub:customerCallback": "https://app.example.com/callback",
    "conversation-hub:opsEmail": "ops@example.com",
    "conversation-hub:ordersAddress": "123456789",
    "conversation-hub:complaintsAddress": "123456790",
    "conversation-hub:entryPoint": "1001",
    "conversation-hub:botClientSecret": Secret("hub-secret-canary"),
}
CREATED = {
    "authentications": 1,
    "clientapplications": 2,
    "participants": 1,
    "channels": 1,
    "orchestrations": 2,
    "accounts": 2,
}


def test_the_hub_of_the_front_page_lives_and_ends(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine(
        config=emulator.config | HUB, cwd=REPOSITORY, stack="local", env={"NO_COLOR": "1"}
    )
    hub = Program.at(REPOSITORY)
    assert engine.preview(hub).counts == {"create": 10}
    assert emulator.counts(tokens=True) == {}

    result = engine.up(hub, parallel=8)
    posts = {f"POST /{collection}": n for collection, n in CREATED.items()}
    assert emulator.counts() == posts | {"GET /clientapplications": 1, "GET /orchestrations": 1}
    assert {key: len(made(emulator, key)) for key in CREATED} == CREATED
    assert said(result, "warning") == said(result, "error") == []
    assert result.outputs["channel"] == engine.state["chat"].id
    [seed] = [o for o in emulator.objects("clientapplications") if o["name"] == "eGain Agents"]
    assert result.outputs["agent_application"] == seed["id"]
    assert "hub-secret-canary" not in str(engine.export()) + engine.output

    emulator.clear()
    engine.restart()
    assert engine.preview(hub).changes == {}
    assert emulator.counts(tokens=True) == {}
    assert engine.refresh().changes == {}

    emulator.clear()
    assert set(engine.destroy().ops.values()) == {"delete"}
    assert [each for key in CREATED for each in made(emulator, key)] == []
    deletes = [r for r in emulator.requests() if r["method"] == "DELETE"]
    # In an order that eGain accepts; the agents' application is eGain's own.
    assert [r["status"] for r in deletes] == [204] * 9


def test_an_icon_of_a_file_is_a_path_and_a_hash_in_the_state(
    engine: Engine, emulator: Emulator
) -> None:
    icon = (REPOSITORY / "icons" / "chat.png").read_bytes()
    (engine.cwd / "chat.png").write_bytes(icon)
    (engine.cwd / "same.png").write_bytes(icon)
    engine.up(program('channel(icon=icon_file("chat.png"))'))
    held = engine.state["chat"].inputs["icon"]
    assert (held["path"], len(held["sha256"])) == ("chat.png", 64)
    emulator.clear()
    moved = engine.up(program('channel(icon=icon_file("same.png"))'))
    assert moved.step("chat").paths == {"icon.path": "update"}
    assert emulator.counts() == {"GET /channels/{id}": 1}

    (engine.cwd / "same.png").write_bytes(icon + b"\n")
    engine.up(program('channel(icon=icon_file("same.png"))'))
    assert emulator.counts()["PUT /channels/{id}"] == 1
    assert engine.refresh().changes == {}
