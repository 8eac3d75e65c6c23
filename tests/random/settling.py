"""A healed tenant: `up` until it is done, and then the strong form of everything that must hold."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.random.questions import Person
from tests.random.stack import Stack
from tests.random.wireforms import declarable, tidy
from tests.random.wishes import Wish

Body = dict[str, Any]
SAME = 4
"""How often one message may come: an answer may lead to another question first."""


def settle(stack: Stack, takes_over: bool = False) -> None:
    """Bring everything in order, by `up` and by `up` after a refresh; then look."""
    person = Person(stack, takes_over)
    stack.emulator.advance(60)  # whatever is to become visible late, does
    _until_done(stack, person, "up")
    refreshed = stack.perform("refresh")
    assert refreshed.ok, refreshed.messages
    if refreshed.changes:
        _until_done(stack, person, "up")
        again = stack.perform("refresh", fresh=False)
        assert again.ok, again.messages
        assert again.changes == {}, f"a refresh changes what is settled: {again.changes}"
    _look(stack, person)


def destroy(stack: Stack) -> None:
    """Everything away: what is left is somebody else's."""
    _until_done(stack, Person(stack, takes_over=False), "destroy")
    assert stack.server().keys() == stack.watch.theirs.keys()
    assert not stack.engine.state.managed()


def _until_done(stack: Stack, person: Person, verb: str) -> None:
    said: Counter[str] = Counter()
    while not (result := stack.perform(verb)).ok:
        said.update(result.messages)
        assert max(said.values()) < SAME, f"it does not settle: {result.messages}"
        for failure in result.failures:
            person.answer(failure)


def _look(stack: Stack, person: Person) -> None:
    watch = stack.watch
    for id, name in list(watch.doubtful.items()):
        # What asked for it has changed or left since: nobody asked again.
        assert id in watch.outlived, f"{name} was forgotten, or made a second time"
        person.delete(id)
    server, held = stack.server(), watch.held()
    assert server.keys() == held.keys() | watch.theirs.keys()
    assert {r.name for r in held.values()} == {wish.name for wish in stack.wishes.owned()}
    ids = {resource.name: resource.id for resource in stack.engine.state.managed()}
    for wish in stack.wishes.owned():
        _content(stack, wish, server[ids[wish.name]], ids)
    again = stack.perform("preview", fresh=False)
    assert again.ok, again.messages
    assert again.changes == {}, f"the second preview is not empty: {again.changes}"


def _content(stack: Stack, wish: Wish, body: Body, ids: dict[str, str]) -> None:
    assert "********" not in str(body), f"a mask was stored in {wish.name}"
    console = stack.console.get(body["id"], {})
    assert {k: v for k, v in body.items() if k.startswith("xConsole")} == console
    there, wanted = declarable(body, wish), tidy(stack.wishes.wire(wish, ids))
    # An interrupted update may have added what the program then dropped again: nobody knows of it.
    # An import takes over what is declared, and leaves the rest.
    more = body["id"] in stack.contested or wish.imports
    kept = _named_in(wanted, there) if more else there
    assert kept == wanted, f"{wish.name}: eGain has {there}, declared is {wanted}"


def _named_in(wanted: Any, there: Any) -> Any:
    """What is there, without the fields that are not wanted."""
    if not (isinstance(wanted, dict) and isinstance(there, dict)):
        return there
    return {key: _named_in(wanted[key], value) for key, value in there.items() if key in wanted}
