"""docs/rules.md#only-a-404-means-gone: eGain's own, and from the right tenant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import COLLECTIONS, channel, declared, ground
from tests.host.running import said
from tests.specimens import CHANNEL, SPECIMENS
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.steps import Result

pytestmark = pytest.mark.host
ELSEWHERE = "https://api.example.com/conversation/conversationmgr/v3"


def moved(engine: Engine, key: str = "base_url") -> None:
    """Let the objects of a state live in another tenant."""
    for resource in engine.state.managed():
        resource.outputs["_tenant"] = {**resource.outputs["_tenant"], key: ELSEWHERE}


OPERATIONS: dict[str, Callable[[Engine], Result]] = {
    "preview": lambda engine: engine.preview([channel()], check=False),
    "up": lambda engine: engine.up([channel(display_name="New")], check=False),
    "up with a new object": lambda engine: engine.up([channel(), channel("new")], check=False),
    "up --refresh": lambda engine: engine.up([channel()], check=False, refresh=True),
    "refresh": lambda engine: engine.refresh(check=False),
    "destroy": lambda engine: engine.destroy(check=False),
}


def test_objects_of_another_tenant_are_neither_read_nor_changed(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up([channel()])
    for key in ("base_url", "token_url"):
        engine.state["it"].outputs["_tenant"] = {
            "base_url": emulator.base_url,
            "token_url": emulator.token_url,
        }
        moved(engine, key)
        before = engine.export()
        emulator.clear()
        engine.restart()
        for name, operation in OPERATIONS.items():
            [message] = operation(engine).messages
            assert "api.example.com/conversation/conversationmgr/v3 (last up)" in message, name
            assert f"egain:{'baseUrl' if key == 'base_url' else 'tokenUrl'}" in message, name
            assert emulator.url.removeprefix("http://") in message, name
            assert "Nothing was read or changed" in message, name
            assert "\n" not in message, name
        assert emulator.counts(tokens=True) == {}
        assert engine.export() == before


def test_single_calls_refuse_another_tenant_too(engine: Engine, emulator: Emulator) -> None:
    """`update`, `delete` and, after one of them has seen it, `create`."""
    engine.up([channel()])
    moved(engine)
    state, provider = engine.state["it"], engine.provider
    emulator.clear()
    new = {**state.inputs, "display_name": "New"}
    calls: list[Callable[[], Any]] = [
        lambda: provider.update(state.urn, state.id, state.inputs, state.outputs, new),
        lambda: provider.delete(state.urn, state.id, state.inputs, state.outputs),
        lambda: provider.read(state.urn, state.id, state.inputs, state.outputs),
        lambda: provider.create(engine.urn(CHANNEL.token, "new"), new),
    ]
    for call in calls:
        with pytest.raises(Exception, match="this stack's objects live in tenant"):
            call()
    assert emulator.counts(tokens=True) == {}


def test_a_tenant_that_has_moved_is_the_same_one_when_somebody_says_so(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine(config=emulator.config, env={"EGAIN_TENANT_MOVED": "1"})
    engine.up([channel()])
    moved(engine)
    assert engine.refresh().changes == {}
    assert engine.state["it"].outputs["_tenant"]["base_url"] == emulator.base_url
    moved(engine)
    engine.up([channel(display_name="New")])
    assert engine.state["it"].outputs["_tenant"]["base_url"] == emulator.base_url
    engine.destroy()


MOVED = {"base_url": "http://localhost:1/v3", "token_url": "http://[::1]:2/token"}


def test_an_emulator_that_has_moved_to_another_port_is_the_same_tenant(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up([channel()])
    assert engine.state["it"].outputs["_tenant"] == emulator.mark
    for name, operation in OPERATIONS.items():
        if name == "up with a new object":  # whose type would not be unique
            continue
        engine.state["it"].outputs["_tenant"] |= MOVED
        engine.restart()
        assert operation(engine).messages == [], name
    engine.up([channel()])
    emulator.reset()
    assert engine.refresh().changes == {"it": "delete"}, "a reset is no other tenant"


@pytest.mark.parametrize("database", [None, "another"])
def test_no_other_loopback_is_the_same_tenant(
    database: str | None, engine: Engine, emulator: Emulator
) -> None:
    """Two tunnels to two tenants differ by their port alone."""
    engine.up([channel()])
    mark = {**emulator.mark, "emulator": database}
    for key in ("base_url", "token_url"):
        url = mark[key]
        for other in (str(url).replace("127.0.0.1", "localhost"), f"{url}/2"):
            engine.state["it"].outputs["_tenant"] = {**mark, key: other}
            before = engine.export()
            emulator.clear()
            engine.restart()
            for name, operation in OPERATIONS.items():
                [message] = operation(engine).messages
                assert "this stack's objects live in tenant" in message, name
            assert "GET /channels/{id}" not in emulator.counts()
            assert engine.export() == before


ANSWERS: dict[str, dict[str, Any]] = {
    "401": {"action": "status", "status": 401},
    "403": {"action": "status", "status": 403},
    "400": {"action": "status", "status": 400},
    "410": {"action": "status", "status": 410},
    "html 404": {"action": "html", "status": 404},
    "empty 404": {"action": "empty", "status": 404},
    "foreign 404": {"action": "status", "status": 404, "body": {"message": "no route"}},
    "redirect": {"action": "redirect", "location": "http://127.0.0.1:9/login"},
    "500": {"action": "status", "status": 500},
    "html 200": {"action": "html"},
    "empty 200": {"action": "empty"},
    "invalid JSON": {"action": "invalid_json"},
    "wrong content type": {"action": "wrong_content_type", "content_type": "text/html"},
    "closed": {"action": "close"},
    "503": {"action": "status", "status": 503},
    "429": {"action": "status", "status": 429},
}


def test_no_other_answer_means_gone(make_engine: MakeEngine, emulator: Emulator) -> None:
    engine = make_engine(
        config=emulator.config
        | {"egain:operationTimeoutSeconds": "0.4", "egain:requestTimeoutSeconds": "0.3"}
    )
    engine.up([channel()])
    before = engine.export()
    for name, do in ANSWERS.items():
        fault = emulator.fault("GET", "/channels/{id}", match={"times": None}, **do)
        [message] = engine.refresh(check=False).messages
        assert emulator.fired(fault) >= 1, name
        assert 'channel "it"' in message, (name, message)
        assert "/channels/" in message or "[" in message, (name, message)
        assert "\n" not in message, name
        assert ".." not in message.replace("…", ""), (name, message)
        assert engine.export() == before, name
        emulator.heal()
        if name in ("503", "429"):
            engine.restart()  # which ends the slower pace that these two ask for
    assert engine.refresh().changes == {}


def test_a_403_keeps_an_authentication_unchecked_and_fails_for_the_rest(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    engine.up([declared(specimen, name=specimen.noun) for specimen in SPECIMENS])
    before = engine.export()
    forbidden = {"code": "403-197", "developerMessage": "Scope is missing."}
    for kind, collection in COLLECTIONS.items():
        path = f"/{collection}/{{id}}"
        emulator.fault("GET", path, action="status", status=403, body=forbidden)
        result = engine.refresh(check=False)
        if kind == "Authentication":
            assert (result.messages, result.changes) == ([], {})
            scope = "app.conversation.conversationmgr.manage"
            [line] = said(result, "warning")
            text = f'authentication "Authentication" [not-checked]: needs scope {scope}'
            assert line.startswith(text)
        else:
            [message] = result.messages
            assert f'"{kind}" [{engine.state[kind].id}] (403-197): ' in message
            assert 'client "local" lacks scope app.conversation.conversationmgr.read' in message
        assert engine.export() == before


def test_a_client_without_the_manage_scope_is_told_so_once_and_for_all(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    emulator.client("reader", "reader-secret", ["app.conversation.conversationmgr.read"])
    rights = {"egain:clientId": "reader", "egain:clientSecret": "reader-secret"}
    engine = make_engine(config=emulator.config | rights)
    [message] = engine.up([channel()], check=False).messages
    assert message.startswith('eGain refused to create channel "it" (403-197): client "reader"')
    assert "app.conversation.conversationmgr.manage" in message
    assert emulator.counts() == {"POST /channels": 1}
