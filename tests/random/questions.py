"""What a healed `up` may still stop with: questions that only a person can decide, and the person.

A question is right only where its reason is there; any other failure of a healed tenant is a bug.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from egain_pulumi.errors import Reason
from tests.host.objects import COLLECTIONS
from tests.random.stack import Stack
from tests.random.wireforms import CONSOLE, bare, value_of, without_console, without_link
from tests.support.steps import Failure

ID = r"[0-9a-f-]{36}"
IT = rf'[a-z ]+ "(?P<name>[^"]+)"( \[(?P<id>{ID})\])?'
QUESTIONS: dict[str, tuple[Reason | None, str]] = {
    "its own": (None, "resource '(?P<name>[^']+)' has a problem: [a-z]+: a replacement is created"),
    "duplicate": (Reason.ALREADY_EXISTS, rf"create {IT}: .* \((?P<there>{ID})\)"),
    "twin": (Reason.EQUAL_EXISTS, rf"create {IT}: .* \((?P<there>{ID})\)"),
    "gone": (Reason.GONE, IT),
    "conflict": (Reason.CONFLICT, IT),
    "in use": (Reason.IN_USE, rf"{IT} not deleted: (?P<users>.*) still"),
    "undeclared secret": (Reason.SECRET_UNDECLARED, rf"{IT} not updated: (?P<path>\S+)"),
    "kept type": (Reason.NOT_CHANGED, IT),
    "import differs": (Reason.IMPORT_DIFFERS, f"import {IT}"),
    "import switches": (Reason.IMPORT_SWITCHES, f"import {IT}"),
    "import ours": (Reason.ALREADY_MANAGED, f"import {IT}"),
    "import nothing": (Reason.NOT_FOUND, f'import {IT}: .*"(?P<there>{ID})"'),
    "taken": (Reason.ALREADY_EXISTS, rf"{IT} not updated: [a-z]+ \"[^\"]*\" is taken: "),
    "exchange": (
        None,
        "resource '(?P<name>[^']+)' has a problem: [a-z]+: .* exchange their values",
    ),
    "reference": (Reason.REFUSED, rf"(update|create) {IT} \(400-152\): .*no \w+ has this id"),
}
"""Each by its reason (None: `check` refuses it), and where its text names what to look at."""


class Person:
    """Answers as the messages say; `takes_over` prefers an import to a deletion."""

    def __init__(self, stack: Stack, takes_over: bool) -> None:
        self._stack, self._takes_over = stack, takes_over
        self._wishes, self._emulator, self._watch = stack.wishes, stack.emulator, stack.watch
        self._do: dict[str, Callable[[re.Match[str]], None]] = {
            "its own": self._its_own,
            "duplicate": self._exists,
            "twin": self._exists,
            "gone": self._gone,
            "conflict": self._conflict,
            "in use": self._in_use,
            "undeclared secret": self._secret,
            "kept type": self._kept,
            "import differs": self._differs,
            "import switches": self._differs,
            "import ours": self._import_not,
            "import nothing": self._import_nothing,
            "taken": self._taken,
            "exchange": self._exchange,
            "reference": self._reference,
        }

    def answer(self, failure: Failure) -> None:
        """Do what the message says. Fails if it is no question, or a wrong one."""
        for name, (reason, pattern) in QUESTIONS.items():
            if failure.reason == reason and (found := re.search(pattern, failure.message)):
                self._do[name](found)
                self._stack.figures.questions[name] += 1
                return
        raise AssertionError(f"a healed tenant, and: {failure.reason}: {failure.message}")

    def delete(self, id: str) -> None:
        """Delete in eGain what this program does not have."""
        assert id in self._watch.theirs or id in self._watch.doubtful, f"{id} is nobody's"
        self._emulator.remove(COLLECTIONS[self._stack.server()[id]["kind"]], id)
        self._watch.theirs.pop(id, None)
        self._watch.doubtful.pop(id, None)

    def _exists(self, found: re.Match[str]) -> None:
        id, wish = found["there"], self._wishes.all[found["name"]]
        assert id in self._stack.server(), f"{id} is named, and not there"
        held = self._watch.held().get(id)
        wanted = held is not None and held.name in self._wishes.all
        if held is not None and (wanted or held.urn in wish.options.aliases):
            # A replacement that makes the new one first, or one more of the same name.
            wish.value = self._wishes.fresh()
        elif held is not None and not self._takes_over:
            wish.options.aliases.append(held.urn)
        elif self._takes_over and not wish.imports:
            assert held or id in self._watch.theirs or id in self._watch.doubtful
            wish.imports = id
        else:
            self.delete(id)

    def _its_own(self, found: re.Match[str]) -> None:
        wish = self._wishes.all[found["name"]]
        assert wish.options.replace_on_changes and not wish.options.delete_before_replace
        wish.value = self._wishes.fresh()

    def _gone(self, found: re.Match[str]) -> None:
        assert found["id"] not in self._stack.server(), "it is there"
        self._refresh()

    def _conflict(self, found: re.Match[str]) -> None:
        wish = self._wishes.all[found["name"]]
        mine = [
            resource.id
            for resource in self._stack.engine.state.managed()
            if resource.name == wish.name or resource.urn in wish.options.aliases
        ]
        assert {*mine} & self._stack.contested, f"nobody else has changed {mine}"
        self._refresh()

    def _refresh(self) -> None:
        result = self._stack.perform("refresh")
        assert result.ok, result.messages

    def _in_use(self, found: re.Match[str]) -> None:
        server = self._stack.server()
        for user in re.findall(ID, found["users"]):
            assert found["id"] in str(server[user]), f"{user} does not refer to it"
            if user in self._watch.theirs or user in self._watch.doubtful:
                self.delete(user)
                continue
            wish = self._wishes.all.get(self._watch.held()[user].name)
            if wish is not None and wish.imports:
                # An import leaves what is not declared; so does every update after it.
                body = {k: v for k, v in bare(server[user]).items() if k != "kind"}
                body = without_link(body, found["id"])
                self._emulator.edit(COLLECTIONS[server[user]["kind"]], user, body)
                self._stack.contested.add(user)
                continue
            # A replacement that deletes first what this program itself refers to.
            for wish in self._wishes.owned():
                wish.options.delete_before_replace = False
                wish.options.replace_on_changes = []

    def _secret(self, found: re.Match[str]) -> None:
        assert CONSOLE in found["path"], found["path"]
        wish = self._wishes.all[found["name"]]
        collection, id = COLLECTIONS[wish.kind], self._stack.engine.state[wish.name].id
        body = self._emulator.object(collection, id, secrets=True)
        there = {key: body[key] for key in ("roles", "oauth2") if key in body}
        assert without_console(there) != there, "it is not there"
        self._emulator.edit(collection, id, without_console(there))

    def _kept(self, found: re.Match[str]) -> None:
        assert self._emulator.overview()["settings"]["type_immutable"]
        self._emulator.settings(type_immutable=False)

    def _differs(self, found: re.Match[str]) -> None:
        self._import_not(found)
        if held := self._watch.held().get(found["id"]):
            self._wishes.all[found["name"]].options.aliases.append(held.urn)  # renamed, after all
        else:
            self.delete(found["id"])

    def _import_not(self, found: re.Match[str]) -> None:
        wish = self._wishes.all[found["name"]]
        assert wish.imports
        wish.imports = ""

    def _import_nothing(self, found: re.Match[str]) -> None:
        assert found["there"] not in self._stack.server()
        self._import_not(found)

    def _taken(self, found: re.Match[str]) -> None:
        wish = self._wishes.all[found["name"]]
        others = [body for id, body in self._stack.server().items() if id != found["id"]]
        assert (wish.kind, wish.value) in [(body["kind"], value_of(body)) for body in others]
        wish.value = self._wishes.fresh()

    def _exchange(self, found: re.Match[str]) -> None:
        self._wishes.all[found["name"]].value = self._wishes.fresh()

    def _reference(self, found: re.Match[str]) -> None:
        gone = self._watch.held().keys() - self._stack.server().keys()
        assert gone, "every object is there"
        self._refresh()
