"""What must hold after every command, healed or not: nothing is lost, nothing comes from nowhere,
nobody else's object is touched, nothing shows a secret, and messages are for people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.host.objects import COLLECTIONS
from tests.random.wireforms import bare, declarable, tidy, value_of
from tests.support.state import Resource
from tests.support.steps import Result

if TYPE_CHECKING:
    from tests.random.stack import Stack

Body = dict[str, Any]
IN_DOUBT = re.compile(r'cannot tell whether [a-z ]+ "(?P<name>[^"]+)" was created: ')
SAID_GONE = re.compile(r"\[(?P<id>[0-9a-f-]{36})\] not updated: it is no longer in eGain")


class Watch:
    """Knows whose object is whose; compares the tenant before and after each command."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.theirs: dict[str, Body] = stack.server()
        """Objects that this program did not make, or gave up, as they are."""
        self.doubtful: dict[str, str] = {}
        """Objects that this program may have made without knowing: id → why."""
        self.switched: dict[str, bool] = {}
        """`active` as somebody else has set it, and no refresh has seen it yet."""
        self.outlived: set[str] = set()
        """Doubtful ones that the program has meanwhile stopped to ask for."""
        self._before: dict[str, Body] = {}
        self._state: list[Resource] = []

    def held(self) -> dict[str, Resource]:
        """What the state manages, by id."""
        return {
            resource.id: resource
            for resource in self._stack.engine.state.managed()
            if "find" not in resource.inputs and not resource.pending_replacement
        }

    def give_up(self, id: str) -> None:
        """An object is not this program's from now on."""
        self.theirs[id] = self._stack.server()[id]

    def before(self, verb: str) -> None:
        """Look at the tenant before a command."""
        self._before = self._stack.server()
        self._state = list(self._stack.engine.state.managed())
        self.held_before = self.held()

        ids = {resource.name: resource.id for resource in self._state}
        for id, name in self.doubtful.items():
            wish, body = self._stack.wishes.all.get(name), self._before[id]
            if wish is None or wish.value != value_of(body):
                self.outlived.add(id)
                continue
            # Where names are not unique, only an equal one can be known again.
            equal = declarable(body, wish) == tidy(self._stack.wishes.wire(wish, ids))
            if wish.kind == "Orchestration" and not equal:
                self.outlived.add(id)

    def after(self, verb: str, result: Result, *, killed: bool) -> None:
        """Hold everything against everything."""
        now = self._stack.server()
        messages_are_for_people(self._stack, result, killed)
        self._said_gone(result, now)
        found = self._stack.canaries.found_in(self._stack.shown(result))
        assert not found, f"secrets in clear: {found}"
        if verb == "preview":
            counts = self._stack.emulator.counts(tokens=True)
            assert counts == {}, f"a preview made calls: {counts}"
            assert now == self._before
            return
        self._new(result, now, killed)
        self._vanished(verb, result, now)
        self._dropped(verb, now)
        self._untouched(now)
        self._once()
        self._contested(now)
        self._respected(verb, now)

    def _respected(self, verb: str, now: dict[str, Body]) -> None:
        """Nobody's change is overwritten before this stack has seen it, unless that is wanted."""
        if verb == "refresh" or self._stack.engine.config.get("egain:onConflict") == "overwrite":
            self.switched.clear()
        held = self.held()
        for id, active in list(self.switched.items()):
            before, after = self.held_before.get(id), held.get(id)
            if id not in now or before is None or after is None:
                del self.switched[id]
                continue
            assert now[id]["active"] is active, f"{after.name}: somebody's change is overwritten"
            if before.outputs != after.outputs:
                del self.switched[id]

    def _contested(self, now: dict[str, Body]) -> None:
        """Objects that were changed without the state's knowledge: by an update in doubt."""
        for id, resource in self.held().items():
            old = self.held_before.get(id)
            changed = id in self._before and id in now and now[id] != self._before[id]
            if changed and old is not None and old.outputs == resource.outputs:
                self._stack.contested.add(id)

    def _said_gone(self, result: Result, now: dict[str, Body]) -> None:
        """What is said to be gone is, or reads did not show it yet."""
        for found in map(SAID_GONE.search, result.messages):
            if found and found["id"] in now:
                assert self._late(found["id"]), f"said of what is there: {found.string}"

    def _new(self, result: Result, now: dict[str, Body], killed: bool) -> None:
        """What is new is in the state, or a message, or a kill, says why it is not."""
        held = self.held()
        named = {match["name"] for text in result.messages for match in IN_DOUBT.finditer(text)} | (
            {wish.name for wish in self._stack.wishes.owned()} if killed else set()
        )
        for id in now.keys() - self._before.keys() - held.keys():
            kind, value = now[id]["kind"], value_of(now[id])
            wishes = [w for w in self._stack.wishes.owned() if (w.kind, w.value) == (kind, value)]
            doubt = [wish.name for wish in wishes if wish.name in named]
            assert doubt, f"{kind} {value} ({id}) is on the server, unknown to the state"
            named.discard(doubt[0])
            if killed:
                named = set()  # one call was under way
            self.doubtful[id] = doubt[0]

    def _vanished(self, verb: str, result: Result, now: dict[str, Body]) -> None:
        """What is deleted was this program's, and not wanted any more."""
        replaced = {step.urn for step in result.steps if step.op in ("delete-replaced", "replace")}
        replaced |= {failure.urn for failure in result.failures if self._deleted_first(failure.urn)}
        for id in self._before.keys() - now.keys():
            resource = self.held_before.get(id)
            assert resource is not None, f"{self._before[id]} was deleted and not ours"
            wanted = resource.name in self._stack.wishes.all and not resource.delete
            assert (
                verb == "destroy"
                or not wanted
                or resource.urn in replaced
                or any(
                    r.urn == resource.urn and r.pending_replacement
                    for r in self._stack.engine.state
                )
            ), f"{resource.name} ({id}) was deleted and is still declared"

    def _deleted_first(self, urn: str | None) -> bool:
        """Whether it is replaced after its delete, which may be what a kill met."""
        wish = self._stack.wishes.all.get(str(urn).rpartition("::")[2])
        return wish is not None and wish.options.delete_before_replace is True

    def _dropped(self, verb: str, now: dict[str, Body]) -> None:
        """What leaves the state is not on the server, unless reads did not show it yet."""
        for id in self.held_before.keys() - self.held().keys():
            if id in now:
                late = verb == "refresh" and self._late(id)
                assert late, f"{self.held_before[id].name} ({id}) left the state and is there"
                self.doubtful[id] = self.held_before[id].name

    def _late(self, id: str) -> bool:
        collection = COLLECTIONS[self.held_before[id].kind]
        return any(
            request["status"] == 404
            and not request["fault"]
            and request["path"].endswith(f"/{collection}/{id}")
            for request in self._stack.emulator.requests()
        )

    def _untouched(self, now: dict[str, Body]) -> None:
        """Nobody else's object has changed, unless the program asked to take it over."""
        for id in self.held():
            self.theirs.pop(id, None)
            if self.doubtful.pop(id, None):  # made as it was declared then
                self._stack.contested.add(id)
        asked = {wish.imports.rpartition(":")[2] for wish in self._stack.wishes.owned()} - {""}
        for id, body in self.theirs.items():
            if not {id, value_of(body)} & asked:
                assert bare(now[id]) == bare(body), f"somebody else's {body['kind']} has changed"
            else:
                self.theirs[id] = now[id]

    def _once(self) -> None:
        """No object belongs to two declared resources."""
        wanted = self._stack.wishes.all
        ids = [
            resource.id
            for resource in self._stack.engine.state.managed()
            if "find" not in resource.inputs and resource.name in wanted
        ]
        assert len(ids) == len(set(ids)), "two resources have the same object"


def messages_are_for_people(stack: Stack, result: Result, killed: bool) -> None:
    """One line each, no traceback, no bug; gRPC's own words only for a host that was killed."""
    for message in result.messages:
        if killed and any(words in message for words in ("Socket closed", "recvmsg", "Connect")):
            continue
        # Of an object that is half done the engine says how many reasons there are, and lists them.
        ours = re.sub(r"^1 error occurred:\n\t\* ", "", message).strip()
        shown = [words for words in ("Traceback", "This is a bug", "\n") if words in ours]
        assert not shown, f"no message for a person: {message}"
    assert "Traceback" not in stack.engine.output, stack.engine.output
