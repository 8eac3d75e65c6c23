"""docs/rules.md#secrets: no output, log, message, page or state shows one, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.canaries import SHAPES, Canaries, added_in_the_console, channels, everything
from tests.host.objects import declared, ground
from tests.host.running import program
from tests.specimens import AUTHENTICATION
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Declared
from tests.support.steps import Result
from tests.support.values import Secret

pytestmark = pytest.mark.host

COLLECTIONS = "re:/(authentications|clientapplications|accounts)"
STATUSES = (400, 401, 403, 404, 409, 412, 422, 500)
LOST: dict[str, dict[str, Any]] = {
    "closed before": {"action": "close"},
    "closed after": {"action": "close", "when": "after"},
    "reset after": {"action": "close", "when": "after", "reset": True},
    "hung after": {"action": "hang", "when": "after", "seconds": 60, "clock": "real"},
    "truncated": {"action": "truncated"},
    "half of the JSON": {"action": "invalid_json"},
    "a page of a gateway": {"action": "html"},
    "502 after": {"action": "status", "when": "after", "status": 502},
    "never there": {"action": "close", "match": {"times": None}},
}
BRIEFLY = ("closed after", "truncated", "never there")
"""One for each way in which a lost answer is looked up; the others are left to `make soak`."""


def watched(make_engine: MakeEngine, emulator: Emulator, canaries: Canaries) -> Engine:
    """An engine whose client has a canary for a secret, before a server that repeats bodies."""
    secret = canaries.new("client secret")
    emulator.client("hub", secret)
    emulator.settings(echo_bodies=True)
    ground(emulator)
    config = {"egain:clientId": "hub", "egain:clientSecret": Secret(secret)}
    quick = {"egain:operationTimeoutSeconds": "20", "egain:requestTimeoutSeconds": "0.5"}
    env = emulator.quick | {"EGAIN_DEBUG": "1"}
    return make_engine(config=emulator.config | config | quick, env=env)


def refused(
    emulator: Emulator,
    results: list[Result],
    method: str,
    work: Callable[[], Result],
    statuses: Sequence[int],
) -> None:
    """One try for every status: each must fail, so that there is something to show."""
    for status in statuses:
        if status == 404 and method in ("GET", "DELETE"):
            continue  # gone, which is an answer
        fault = emulator.fault(
            method, COLLECTIONS, action="status", status=status, match={"times": None}
        )
        results.append(work())
        assert emulator.fired(fault), (method, status, results[-1].messages)
        assert results[-1].failures, (method, status)
        emulator.heal()


@pytest.mark.parametrize(
    ("shape", "statuses"),
    [("pretty", STATUSES), ("word", (400,)), ("foreign", (400,)), ("long", (400,))],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_no_secret_shows_in_any_refusal_of_a_server_that_repeats_what_it_was_sent(
    shape: str, statuses: Sequence[int], make_engine: MakeEngine, emulator: Emulator
) -> None:
    canaries, around = Canaries(), SHAPES[shape]
    engine, results = watched(make_engine, emulator, canaries), list[Result]()

    def each_fails(method: str, *declared: Declared) -> None:
        refused(emulator, results, method, lambda: engine.up(declared, check=False), statuses)

    first = everything(canaries, around)
    for each in first:
        each_fails("POST", each)
    engine.restart()
    results += [engine.up(first), engine.refresh()]
    changed = everything(canaries, around, description="Other.")
    for each in changed:
        each_fails("PUT", *(other for other in first if other.name != each.name), each)
    refused(emulator, results, "GET", lambda: engine.refresh(check=False), statuses)
    refused(emulator, results, "DELETE", lambda: engine.destroy(check=False), statuses)
    assert canaries.leaks(channels(engine, emulator, results)) == []


@pytest.mark.parametrize(
    "fault",
    [f if f in BRIEFLY else pytest.param(f, marks=pytest.mark.soak) for f in LOST],
)
def test_no_secret_shows_when_answers_are_lost(
    fault: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    canaries = Canaries()
    engine, results = watched(make_engine, emulator, canaries), list[Result]()
    first = everything(canaries, SHAPES["pretty"])
    changed = everything(canaries, SHAPES["pretty"], description="Other.")
    do = LOST[fault]
    hit = 0
    for method, objects in (("POST", first), ("PUT", changed)):
        for count in range(1, len(objects) + 1):
            made = emulator.fault(method, COLLECTIONS, **do)
            results.append(engine.up([*objects[:count], *first[count:]], check=False))
            hit += emulator.fired(made)
            emulator.heal()
        results.append(engine.up(objects, check=False))
        results.append(engine.refresh(check=False))
    assert hit >= 4
    assert canaries.leaks(channels(engine, emulator, results)) == []


@pytest.mark.parametrize("reads", ["plain", "masked", "absent"])
def test_no_secret_shows_in_a_whole_life(
    reads: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    canaries = Canaries()
    engine = watched(make_engine, emulator, canaries)
    emulator.settings(secrets_on_read=reads)
    objects = everything(canaries)
    off = everything(canaries, active=False)
    results = [engine.preview(objects), engine.up(objects)]
    for collection in ("authentications", "accounts"):  # drift, in secrets and beside them
        for each in emulator.objects(collection, secrets=True):
            emulator.edit(collection, each["id"], {"description": "Console."})
    added_in_the_console(emulator, canaries)
    results.append(engine.up(off, check=False))  # a conflict
    results += [engine.refresh(), engine.preview(off), engine.up(off, check=False)]
    twin = {**AUTHENTICATION.full, **_oauth2(canaries)}
    results.append(engine.up([*objects, declared(AUTHENTICATION, twin, "twin")], check=False))
    engine.config["egain:onConflict"] = "overwrite"
    refusal = emulator.fault("PUT", action="status", status=422, match={"times": None})
    results.append(engine.up(off, check=False))
    # Where secrets are masked or absent, those of the console are refused before the call.
    assert emulator.fired(refusal) or "this tenant may mask" in str(results[-1].messages)
    emulator.heal()
    results += [engine.up(off, check=False), engine.refresh(check=False)]
    engine.config["egain:allowDelete"] = "false"
    results += [engine.up(off, check=False), engine.destroy(check=False)]
    engine.config["egain:allowDelete"] = "true"
    results += [engine.up(off, check=False), engine.destroy(check=False)]
    assert len([result for result in results if result.failures]) >= 3
    assert canaries.leaks(channels(engine, emulator, results)) == []


def test_no_secret_shows_when_an_update_is_done_by_half(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    canaries = Canaries()
    engine = watched(make_engine, emulator, canaries)
    emulator.settings(type_immutable=True, validation="off")
    basic = {"username": "hub", "password": canaries.new("password")}
    given = {"name": "a", "type": "basic", "basic_auth": basic, "active": True}
    oauth2 = {"token_request_url": "https://x.example.com", "payload": canaries.new("payload")}
    other = {"name": "a", "type": "oauth2", "oauth2": oauth2, "active": True}
    results = [engine.up([declared(AUTHENTICATION, given)])]
    results.append(engine.up([declared(AUTHENTICATION, other)], check=False))
    assert "eGain kept the old type" in str(results[-1].messages)
    assert engine.state["it"].init_errors
    results += [
        engine.refresh(check=False),
        engine.up([declared(AUTHENTICATION, other)], check=False),
    ]
    assert canaries.leaks(channels(engine, emulator, results)) == []


def test_a_header_that_changes_its_case_stays_a_secret_in_the_state(
    engine: Engine, emulator: Emulator
) -> None:
    canaries = Canaries()
    value = canaries.new("header")

    def with_header(name: str) -> list[Declared]:
        oauth2 = {"token_request_url": "https://x.example.com", "headers": {name: value}}
        given = {"name": "a", "type": "oauth2", "oauth2": oauth2, "active": True}
        return [declared(AUTHENTICATION, given)]

    results = [engine.up(with_header("X-Key")), engine.up(with_header("x-key"))]
    assert results[-1].changes == {}
    results += [engine.refresh(), engine.preview(with_header("x-key"))]
    assert canaries.leaks(channels(engine, emulator, results)) == []


def test_a_secret_that_was_only_read_is_not_in_a_refusal_that_repeats_it(
    engine: Engine, emulator: Emulator
) -> None:
    canaries = Canaries()
    emulator.settings(echo_bodies=True)
    oauth2 = {"token_request_url": "https://x.io", "headers": {"K": "declared"}}
    given = {"name": "a", "type": "oauth2", "oauth2": oauth2, "active": True}
    engine.up([declared(AUTHENTICATION, given)])
    mine = {"name": "C", "value": canaries.new("console header")}
    headers = [mine, {"name": "K", "value": "declared"}]
    emulator.edit("authentications", engine.state["it"].id, {"oauth2": {"headers": headers}})
    emulator.fault("PUT", action="status", status=422)
    result = engine.up([declared(AUTHENTICATION, {**given, "description": "x"})], check=False)
    assert "Failure made by a fault" in str(result.messages)
    assert canaries.leaks(channels(engine, emulator, [result])) == []


def _oauth2(canaries: Canaries) -> dict[str, Any]:
    payload = canaries.new("payload of a twin")
    return {"oauth2": {"token_request_url": "https://x.example.com", "payload": payload}}


def test_no_secret_shows_in_mistakes_that_stand_beside_it(
    engine: Engine, emulator: Emulator
) -> None:
    canaries = Canaries()
    places = {place: canaries.new(place) for place in ("payload", "header", "extra", "list")}
    body = """
        authentication("a", nmae="x", oauth2={{"token_request_url": 5, "payload": {payload!r},
            "headers": {{"A": {header!r}, "a": {header!r}}}}})
        authentication("b", name=5, oauth2=later({{"token_request_url": 5,
            "payload": {payload!r}, "headers": [{{"name": "A", "value": {list!r}}}]}}))
        channel("c", extra={{"displayName": {extra!r}}}, colour={extra!r})
    """
    result = engine.up(program(body.format(**places)), check=False)
    assert result.failures
    behind = """
        authentication("b", oauth2=later({{"token_request_url": "x", "payload": 5,
            "headers": [{{"name": "A", "value": {list!r}}}]}}))
    """
    other = engine.up(program(behind.format(**places)), check=False)
    assert other.failures
    assert canaries.leaks(channels(engine, emulator, [result, other])) == []
