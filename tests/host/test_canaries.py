"""Rule 8: no secret shows, whatever goes wrong: in no output, log, message or state."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.canaries import Canaries
from tests.host.objects import declared, ground
from tests.host.running import program
from tests.specimens import ACCOUNT, AUTHENTICATION, BASIC_AUTHENTICATION, CLIENT_APPLICATION
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Declared
from tests.support.steps import Result
from tests.support.values import Secret

pytestmark = pytest.mark.host

SHAPES = {
    "word": "{}",
    "pretty": '{\n  "clientId": "hub",\n  "clientSecret":  "{}"\n}',
    "foreign": "pass wörd\t{} ”",
    "long": "x" * 140 + "{}" + "y" * 150,
}


def everything(canaries: Canaries, around: str, **more: Any) -> list[Declared]:
    """All kinds that hold secrets, each with a fresh one in every place."""
    oauth2 = {
        **AUTHENTICATION.full["oauth2"],
        "payload": canaries.new("payload", around),
        "headers": {"X-Key": canaries.new("header", around)},
    }
    basic = {"username": "hub", "password": canaries.new("password", around)}
    bot = {
        **CLIENT_APPLICATION.full["roles"]["custom_bot"],
        "headers": {"X-Key": canaries.new("role header", around)},
    }
    attributes = {"attributes": [{"name": "sid", "value": canaries.new("extra", around)}]}
    return [
        declared(AUTHENTICATION, {**AUTHENTICATION.full, "oauth2": oauth2, **more}, "a"),
        declared(
            BASIC_AUTHENTICATION, {**BASIC_AUTHENTICATION.full, "basic_auth": basic, **more}, "b"
        ),
        declared(
            CLIENT_APPLICATION,
            {**CLIENT_APPLICATION.full, "roles": {"custom_bot": bot}, **more},
            "c",
        ),
        declared(ACCOUNT, {**ACCOUNT.full, "extra": attributes, **more}, "d"),
    ]


def shown(engine: Engine, *results: Result) -> str:
    """Everything that a person or a file gets to see."""
    texts = [engine.output, json.dumps(engine.export(), ensure_ascii=False)]
    texts += [line.message for line in engine.service.logs]
    for result in results:
        texts += [*result.messages, result.program_output, repr(result.steps)]
    return "\n".join(texts)


def added_in_the_console(emulator: Emulator, canaries: Canaries, around: str) -> None:
    """Secrets of somebody else, in objects of this stack."""
    for each in emulator.objects("clientapplications", secrets=True):
        if each["name"] == "bot":
            role = each["roles"][0]
            mine = {"name": "X-Console", "value": canaries.new("console header", around)}
            role["headers"] = [*role["headers"], mine]
            emulator.edit("clientapplications", each["id"], {"roles": [role]})
    for each in emulator.objects("authentications", secrets=True):
        if each["name"] == "bot-auth":
            mine = {"name": "X-Console", "value": canaries.new("console auth header", around)}
            headers = [*each["oauth2"]["headers"], mine]
            emulator.edit("authentications", each["id"], {"oauth2": {"headers": headers}})


@pytest.mark.parametrize("shape", SHAPES)
def test_no_secret_shows_in_any_failure_of_a_server_that_repeats_what_it_was_sent(
    shape: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    canaries, around = Canaries(), SHAPES[shape]
    secret = canaries.new("client secret")
    emulator.client("hub", secret)
    quick = {"egain:operationTimeoutSeconds": "1.2", "egain:requestTimeoutSeconds": "1"}
    rights = {"egain:clientId": "hub", "egain:clientSecret": Secret(secret)}
    engine = make_engine(config=emulator.config | rights | quick)
    ground(emulator)
    emulator.settings(echo_bodies=True)
    results: list[Result] = []

    def attempt(method: str, status: int, work: Any) -> None:
        kinds = "re:/(authentications|clientapplications|accounts)"
        fault = emulator.fault(method, kinds, action="status", status=status, match={"times": None})
        results.append(work())
        assert results[-1].failures
        assert emulator.fired(fault)
        emulator.heal()

    first = everything(canaries, around)
    for each in first:
        attempt("POST", 400, lambda each=each: engine.up([each], check=False))
    results += [engine.up(first), engine.refresh()]
    changed = everything(canaries, around, description="Other.")
    for each in changed:
        others = [other for other in first if other.name != each.name]
        work = [*others, each]
        attempt("PUT", 422, lambda work=work: engine.up(work, check=False))
    attempt("PUT", 400, lambda: engine.up(changed, check=False))
    attempt("GET", 400, lambda: engine.refresh(check=False))
    attempt("DELETE", 400, lambda: engine.destroy(check=False))
    assert canaries.found_in(shown(engine, *results)) == []
    assert canaries.found_in(json.dumps(emulator.log())) == []


@pytest.mark.parametrize("reads", ["plain", "masked", "absent"])
def test_no_secret_shows_in_a_whole_life(
    reads: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    canaries, around = Canaries(), SHAPES["word"]
    secret = canaries.new("client secret")
    emulator.client("hub", secret)
    rights = {"egain:clientId": "hub", "egain:clientSecret": Secret(secret)}
    engine = make_engine(config=emulator.config | rights, env={"EGAIN_DEBUG": "1"})
    ground(emulator)
    emulator.settings(secrets_on_read=reads, echo_bodies=True)
    objects = everything(canaries, around)
    results = [engine.preview(objects), engine.up(objects)]
    for collection in ("authentications", "accounts"):  # drift, in secrets and beside them
        for each in emulator.objects(collection, secrets=True):
            emulator.edit(collection, each["id"], {"description": "Console."})
    added_in_the_console(emulator, canaries, around)
    results += [engine.up(everything(canaries, around, active=False), check=False)]
    results += [engine.refresh(), engine.preview(everything(canaries, around, active=False))]
    results += [engine.up(everything(canaries, around, active=False), check=False)]
    twice = [declared(AUTHENTICATION, {**AUTHENTICATION.full, **_oauth2(canaries)}, "twin")]
    results += [engine.up([*objects, *twice], check=False), engine.destroy(check=False)]
    assert [result for result in results if result.failures]
    assert canaries.found_in(shown(engine, *results)) == []
    assert canaries.found_in(json.dumps(emulator.log())) == []


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
    assert canaries.found_in(shown(engine, result)) == []


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
    assert canaries.found_in(shown(engine, result, other)) == []
