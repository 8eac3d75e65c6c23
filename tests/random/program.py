"""A random program, and everything that it, its people and its network may do to it."""

from __future__ import annotations

import contextlib
import copy
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.host.objects import COLLECTIONS, STAMPS
from tests.random.figures import Figures
from tests.random.settling import destroy, settle
from tests.random.shapes import SHAPES, SLOTS, UNIQUE
from tests.random.stack import Stack
from tests.random.trouble import Fault, Kill
from tests.random.warm import Nursery
from tests.random.wireforms import value_of
from tests.random.wishes import FOUND, TEXTS, Wish
from tests.support.emulator import Emulator

CHANGES = {"text": len(TEXTS), "active": 2, "shape": SHAPES, "secret": 3}
"""What of a declaration may change, and among how many."""


class RandomProgram:
    """One program from nothing to its end. Numbers pick one of what is there, if anything is."""

    def __init__(self, emulator: Emulator, nursery: Nursery, figures: Figures) -> None:
        figures.programs += 1
        self._open = contextlib.ExitStack()
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        self.stack = Stack(emulator, nursery, folder, figures)
        self._open.callback(self.stack.close)

    # What people write.

    def begin(self, first: Sequence[tuple[str, int, int]]) -> None:
        """A program of some size, references to what it declares included."""
        order = list(COLLECTIONS)
        for number, (kind, shape, to) in enumerate(sorted(first, key=lambda f: order.index(f[0]))):
            self.declare(kind, number, shape, to)

    def declare(self, kind: str, number: int, shape: int, to: int) -> None:
        if to == 7 and kind in FOUND:
            name = self.stack.wishes.new_name(kind)
            self.stack.wishes.all[name] = Wish(name, kind, "", find=True)
        else:
            self._declare(kind, number, shape, to)

    def _declare(self, kind: str, number: int, shape: int, to: int) -> None:
        wishes = self.stack.wishes
        refs = {slot: self._target(of, to) for slot, (of, _) in SLOTS[kind].items()}
        wish = Wish(wishes.new_name(kind), kind, wishes.free(kind, number), shape=shape, refs=refs)
        wishes.all[wish.name] = wish

    def change(self, which: int, what: str, to: int) -> None:
        if wish := self._owned(which):
            _change(wish, what, to)

    def repoint(self, which: int, slot: int, to: int) -> None:
        wish = self._owned(which)
        if wish and (slots := list(SLOTS[wish.kind])):
            name = slots[slot % len(slots)]
            wish.refs[name] = self._target(SLOTS[wish.kind][name][0], to)

    def remove(self, which: int) -> None:
        if names := list(self.stack.wishes.all):
            self.stack.wishes.remove(names[which % len(names)])

    def rename(self, which: int, how: str) -> None:
        """Another logical name: with an alias, by an import of the same object, or just so."""
        if wish := self._owned(which):
            old, new = wish.name, self.stack.wishes.new_name(wish.kind)
            state, token = self.stack.engine.state, f"pulumi-python:dynamic/egain:{wish.kind}"
            self.stack.wishes.rename(old, new)
            known = [*wish.options.aliases, self.stack.engine.urn(token, old)]
            wish.options.aliases = known if how == "alias" else []
            if how == "import" and old in state and state[old].id in self.stack.server():
                wish.imports = state[old].id

    def revalue(self, which: int, number: int) -> None:
        if wish := self._owned(which):
            wish.value = self.stack.wishes.free(wish.kind, number, wish.name)

    def replace(self, which: int, text: int, new: bool, first: bool) -> None:
        if wish := self._owned(which):
            wish.text = text
            wish.options.replace_on_changes = ["description"]
            wish.options.delete_before_replace = first
            if new:
                wish.value = self.stack.wishes.fresh()

    # What others do.

    def move(self) -> None:
        """The next command runs on another machine, as the jobs of a pipeline do."""
        self.stack.move()

    def habit(self, habit: dict[str, Any]) -> None:
        """The tenant turns out to be of another kind, or the program is to win over the console."""
        if "egain:onConflict" in habit:
            self.stack.engine.config |= habit
        else:
            self.stack.emulator.settings(**habit)

    def console(self, which: int, what: str) -> None:
        """Somebody changes or deletes one of this stack's objects behind its back."""
        server = self.stack.server()
        held = [r for r in self.stack.watch.held().values() if r.id in server]
        if not held:
            return
        resource = held[which % len(held)]
        self.stack.contested.add(resource.id)
        self.stack.behind(resource, server[resource.id], what)

    def somebody_adds(self, kind: str, number: int, shape: int) -> None:
        """An object of somebody else, whose name may be one that this program wants."""
        wish = Wish("theirs", kind, f"v{number}", shape=shape)
        taken = [value_of(each) for each in self.stack.server().values() if each["kind"] == kind]
        if kind == "Orchestration" or wish.value not in taken:
            self.stack.add(kind, self.stack.wishes.wire(wish, {}))

    def somebody_copies(self, which: int) -> None:
        """An equal orchestration, or an object of another name that refers to the same."""
        server = self.stack.server()
        held = [r for r in self.stack.watch.held().values() if r.id in server]
        if held:
            body = server[held[which % len(held)].id]
            kind = body["kind"]
            copied = {k: v for k, v in body.items() if k not in (*STAMPS, "kind")}
            if kind != "Orchestration":
                copied[UNIQUE[kind]] = self.stack.wishes.fresh()
            self.stack.add(kind, copy.deepcopy(copied))

    def forget(self, which: int, by_import: bool) -> None:
        """`pulumi state delete`, and perhaps an import of the same object."""
        wishes = self.stack.wishes.all
        state = self.stack.engine.state
        held = [r for r in self.stack.watch.held().values() if not r.delete and r.name in wishes]
        held = [r for r in held if r.id in self.stack.server()]
        if held:
            resource = held[which % len(held)]
            state.drop(resource)
            self.stack.watch.give_up(resource.id)
            wishes[resource.name].imports = resource.id if by_import else ""

    # What is run.

    def change_all(self, what: str, to: int) -> None:
        """Every object has something to be sent."""
        for wish in self.stack.wishes.owned():
            _change(wish, what, to)

    def up(self, faults: Sequence[Fault] = (), kill: Kill | None = None, parallel: int = 1) -> None:
        self.stack.perform("up", faults, kill, parallel)

    def preview(self) -> None:
        self.stack.perform("preview")

    def refresh(self, faults: Sequence[Fault] = (), kill: Kill | None = None) -> None:
        self.stack.perform("refresh", faults, kill)

    def destroy(self, faults: Sequence[Fault] = (), kill: Kill | None = None) -> None:
        self.stack.perform("destroy", faults, kill)

    def settle(self, takes_over: bool) -> None:
        settle(self.stack, takes_over)

    def end(self) -> None:
        """In order once more, then everything away: only what is somebody else's is left."""
        settle(self.stack)
        destroy(self.stack)

    def close(self) -> None:
        """End what runs."""
        self._open.close()

    def _owned(self, which: int) -> Wish | None:
        owned = self.stack.wishes.owned()
        return owned[which % len(owned)] if owned else None

    def _target(self, kind: str, which: int) -> str | None:
        names = [wish.name for wish in self.stack.wishes.of(kind)]
        # Half of the picks are somebody else's object, or none.
        return names[which // 2 % len(names)] if names and which % 2 else None


def _change(wish: Wish, what: str, to: int) -> None:
    setattr(wish, what, bool(to % 2) if what == "active" else to % CHANGES[what])
