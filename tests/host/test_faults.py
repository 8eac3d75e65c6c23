"""Lost answers: nothing is created twice or lost, and an error says where a person must look."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import COLLECTIONS, channel, declared, ground, made
from tests.specimens import ACCOUNT, CHANNEL, ORCHESTRATION, SPECIMENS
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Declared, Options

pytestmark = pytest.mark.host
QUICK = {"egain:requestTimeoutSeconds": "0.5"}


@pytest.fixture
def engine(make_engine: MakeEngine, emulator: Emulator) -> Engine:
    """One whose waits take no time."""
    return make_engine(config=emulator.config, env=emulator.quick)


ALL = [declared(specimen, name=specimen.noun) for specimen in SPECIMENS]

AFTER: dict[str, dict[str, Any]] = {
    "closed": {"action": "close", "when": "after"},
    "reset": {"action": "close", "when": "after", "reset": True},
    "500": {"action": "status", "when": "after", "status": 500},
    "502 html": {"action": "html", "when": "after", "status": 502},
    "truncated": {"action": "truncated"},
    "invalid JSON": {"action": "invalid_json"},
    "empty": {"action": "empty", "when": "after", "status": 201},
    "no id": {"action": "status", "when": "after", "status": 201, "body": {}},
    "timed out": {"action": "hang", "when": "after", "seconds": 3600},
}


@pytest.mark.parametrize("fault", AFTER)
def test_what_a_lost_answer_has_made_is_found_and_kept(
    fault: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    ground(emulator)
    engine = make_engine(config=emulator.config | QUICK, env=emulator.quick)
    faults = [
        emulator.fault("POST", f"/{collection}", **AFTER[fault])
        for collection in COLLECTIONS.values()
    ]
    engine.up(ALL, parallel=6)
    assert [emulator.fired(each) for each in faults] == [1] * 6
    for kind, collection in COLLECTIONS.items():
        [found] = made(emulator, collection)
        assert engine.state[kind].id == found["id"]
        assert emulator.counts()[f"POST /{collection}"] == 1
        # One look; orchestrations were listed before the first one was created, too.
        assert emulator.counts()[f"GET /{collection}"] == (2 if kind == "Orchestration" else 1)
    assert engine.preview(ALL).changes == {}
    assert engine.refresh().changes == {}


NOBODY = {"paginationInfo": {"count": 0}}
NEVER: list[dict[str, Any]] = [
    {"action": "close"},
    {"action": "status", "status": 500},
    {"action": "html", "status": 201},
    {"action": "hang", "seconds": 3600},
]


def test_what_was_certainly_not_made_is_sent_again_and_an_orchestration_is_not(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    """One wait for all of them: several looks are needed before "not there" is certain."""
    ground(emulator)
    engine = make_engine(config=emulator.config | QUICK, env=emulator.quick)
    objects = [channel(f"c{number}", type=f"c{number}") for number in range(len(NEVER))]
    for do in NEVER:
        emulator.fault("POST", "/channels", **do)
    emulator.fault("POST", "/orchestrations", action="close")
    flow = declared(ORCHESTRATION, name="flow")
    result = engine.up([flow, *objects], parallel=8, check=False)
    [message] = result.messages
    assert message.startswith('cannot tell whether orchestration "flow" was created: POST ')
    assert "Nothing was sent again" in message
    assert "Run pulumi up again: it looks for the object first" in message
    assert 'look in eGain for name "bot-first": delete it there' in message
    assert "flow" not in engine.state
    ids = {each["type"]: each["id"] for each in made(emulator, "channels")}
    assert ids == {f"c{n}": engine.state[f"c{n}"].id for n in range(len(NEVER))}
    assert emulator.counts()["POST /channels"] == 2 * len(NEVER)
    assert emulator.counts()["POST /orchestrations"] == 1


def test_what_is_made_after_we_gave_up_waiting_is_found_late(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    """A slow server: our time-out comes first, the commit second, its visibility third."""
    engine = make_engine(config=emulator.config | QUICK)  # the server's slowness is real
    engine.up([channel("token", type="token")])
    emulator.clear()
    emulator.fault("POST", "/channels", action="late_visibility", reads=2)
    emulator.settings(latency=0.7)
    with ThreadPoolExecutor(1) as pool:
        up = pool.submit(engine.up, [channel("token", type="token"), channel()])
        while not emulator.requests():
            assert not up.done()
        emulator.settings(latency=0.0)
        up.result()
    [found] = [each for each in made(emulator, "channels") if each["type"] != "token"]
    assert engine.state["it"].id == found["id"]
    assert emulator.counts()["POST /channels"] == 1


def test_a_second_post_that_is_refused_as_a_duplicate_finds_the_first(
    engine: Engine, emulator: Emulator
) -> None:
    """The answer was lost, and the object shows only when the second one meets it."""
    emulator.fault("POST", "/channels", action="close", when="after")
    hidden = emulator.fault(
        "GET", "/channels", action="status", match={"times": 5}, body=NOBODY, status=200
    )
    engine.up([channel()])
    assert emulator.fired(hidden) == 5
    [found] = made(emulator, "channels")
    assert engine.state["it"].id == found["id"]
    assert emulator.counts()["POST /channels"] == 2


def test_an_object_of_somebody_else_is_never_taken_for_ours(
    engine: Engine, emulator: Emulator
) -> None:
    smallest = {"type": "custom_channel", "displayName": "Chat", "icon": CHANNEL.smallest["icon"]}
    theirs = emulator.add("channels", {**smallest, "active": True})["id"]
    emulator.advance(60)
    text = f'cannot create channel "it": type "custom_channel" already exists ({theirs})'
    for lost in (False, True):
        if lost:
            emulator.fault("POST", "/channels", action="close")
        [message] = engine.up([channel()], check=False).messages
        assert message.startswith(text)
        assert 'ChannelResource.find("it", type="custom_channel")' in message
        assert len(engine.state.managed()) == 0
    assert len(emulator.objects("channels")) == 1


def test_one_of_the_same_name_but_other_content_stops_and_asks_somebody_to_look(
    engine: Engine, emulator: Emulator
) -> None:
    emulator.fault("POST", "/channels", action="close")
    emulator.add("channels", {"type": "custom_channel", "displayName": "Theirs", "icon": "aa=="})
    [message] = engine.up([channel()], check=False).messages
    assert "cannot tell whether" in message
    assert 'type "custom_channel"' in message
    assert "different" in message
    assert len(engine.state.managed()) == 0


def test_an_orchestration_is_never_taken_for_its_twin_of_the_same_program(
    engine: Engine, emulator: Emulator
) -> None:
    """Their names may be equal; then only one of them may get the id of the one that was made."""
    ground(emulator)
    twins = [declared(ORCHESTRATION, name="one"), declared(ORCHESTRATION, name="two")]
    emulator.fault("POST", "/orchestrations", action="close", match={"nth": 2})
    result = engine.up(twins, check=False)
    ids = [resource.id for resource in engine.state.managed()]
    assert len(ids) == len(set(ids)) == len(made(emulator, "orchestrations"))
    assert [m for m in result.messages if 'orchestration "two"' in m]


def test_looking_for_it_may_fail_too_and_both_reasons_are_said(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    quick = {"egain:operationTimeoutSeconds": "1"}
    engine = make_engine(config=emulator.config | QUICK | quick)
    emulator.fault("POST", "/channels", action="close", when="after")
    emulator.fault("GET", "/channels", action="html", match={"times": None})
    [message] = engine.up([channel()], check=False).messages
    assert message.startswith('cannot tell whether channel "it" was created: POST ')
    assert "and looking for it failed: GET /channels answered 200 with text/html" in message
    emulator.heal()
    # What it left behind is found by the next `up`, and not made twice.
    engine.up([channel()])
    assert [each["id"] for each in emulator.objects("channels")] == [engine.state["it"].id]


IN_DOUBT: list[dict[str, Any]] = [
    {"action": "status", "when": "after", "status": 502},
    {"action": "status", "status": 500},
    {"action": "close"},
    {"action": "close", "when": "after"},
    {"action": "hang", "seconds": 3600},
]


def test_a_put_in_doubt_is_read_before_it_is_sent_again(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine(config=emulator.config | QUICK, env=emulator.quick)
    engine.up([channel()])
    for number, do in enumerate(IN_DOUBT):
        emulator.clear()
        fault = emulator.fault("PUT", **do)
        engine.up([channel(display_name=f"New {number}")])
        assert emulator.fired(fault) == 1
        found = emulator.object("channels", engine.state["it"].id)
        assert found["displayName"] == f"New {number}"
        methods = [request["method"] for request in emulator.requests()]
        assert methods == ["GET", "PUT", "GET"] + ([] if do.get("when") == "after" else ["PUT"])


@pytest.mark.parametrize("status", [204, 404])
def test_a_delete_is_repeated_and_what_is_gone_is_deleted(
    status: int, engine: Engine, emulator: Emulator
) -> None:
    engine.up([channel()])
    if status == 404:
        emulator.remove("channels", engine.state["it"].id)
    else:
        emulator.fault("DELETE", action="close", when="after")
    assert engine.destroy().ops == {"it": "delete"}
    assert emulator.objects("channels") == []
    deletes = [r["status"] for r in emulator.requests() if r["method"] == "DELETE"]
    assert deletes[-1] == 404


def test_a_delete_that_fails_keeps_the_object_in_the_state(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    quick = {"egain:operationTimeoutSeconds": "0.4"}
    engine = make_engine(config=emulator.config | quick)
    engine.up([channel()])
    for status in (403, 500):
        emulator.fault("DELETE", action="status", status=status, match={"times": None})
        [message] = engine.destroy(check=False).messages
        assert f"{status}-100" in message
        assert "it" in engine.state
        emulator.heal()
    engine.destroy()


def test_custom_timeouts_narrow_one_operation(engine: Engine, emulator: Emulator) -> None:
    emulator.fault("POST", action="hang", match={"times": None}, path="/accounts")
    ground(emulator)
    slow: Declared = declared(ACCOUNT, options=Options(timeouts={"create": 0.5}))
    [message] = engine.up([slow], check=False).messages
    assert 'cannot tell whether account "it" was created' in message
    assert "timed out" in message
