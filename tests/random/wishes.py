"""What a random program declares: a handful of wishes, each of them data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.host.canaries import Canaries
from tests.host.objects import provider_text
from tests.random.shapes import BUILD, SLOTS, UNIQUE, Body, Parts
from tests.specimens import IDS, SPECIMENS
from tests.support.goal import Declared, Options, Ref

BY_KIND = {specimen.noun: specimen for specimen in SPECIMENS}
TEXTS = ("", "One.", "Two.")
"""Descriptions; the first is none."""
FOUND: dict[str, dict[str, str]] = {
    "ClientApplication": {"role": "egain_agent"},
    "Participant": {"name": "ground-Participant"},
    "Channel": {"type": "ground-channel"},
}
"""Criteria by which a program finds what it does not own."""


@dataclass
class Wish:
    """One declared resource."""

    name: str
    """The logical one."""
    kind: str
    value: str
    """The unique value; an orchestration's name."""
    text: int = 0
    active: bool = True
    shape: int = 0
    secret: int = 0
    """Which secrets it declares."""
    refs: dict[str, str | None] = field(default_factory=dict)
    """Slot → the wish referred to; None is somebody else's object, or nothing where it may be."""
    find: bool = False
    imports: str = ""
    options: Options = field(default_factory=Options)


class Wishes:
    """The program as it is written now."""

    def __init__(self, canaries: Canaries) -> None:
        self.all: dict[str, Wish] = {}
        self._canaries = canaries
        self._secrets: dict[tuple[str, str, int], str] = {}
        self._count = 0

    def new_name(self, kind: str) -> str:
        """A logical name that was never used."""
        self._count += 1
        return f"{kind}-{self._count}"

    def of(self, kind: str) -> list[Wish]:
        """The wishes of a kind, found ones too."""
        return [wish for wish in self.all.values() if wish.kind == kind]

    def owned(self) -> list[Wish]:
        """The wishes that are managed."""
        return [wish for wish in self.all.values() if not wish.find]

    def free(self, kind: str, number: int, but: str = "") -> str:
        """A unique value: the one of this number, or the next that no other wish has."""
        taken = {wish.value for wish in self.of(kind) if wish.name != but}
        while kind != "Orchestration" and f"v{number}" in taken:
            number += 1
        return f"v{number}"

    def fresh(self) -> str:
        """A unique value that nobody has or had."""
        self._count += 1
        return f"n{self._count}"

    def remove(self, name: str) -> None:
        """Take a wish out, and every reference to it."""
        del self.all[name]
        self._repoint(name, None)

    def rename(self, name: str, to: str) -> None:
        """Give a wish another logical name, and let references follow."""
        wish = self.all.pop(name)
        wish.name = to
        self.all[to] = wish
        self._repoint(name, to)

    def _repoint(self, name: str, to: str | None) -> None:
        for wish in self.all.values():
            for slot, target in wish.refs.items():
                if target == name:
                    wish.refs[slot] = to

    def declared(self) -> list[Declared]:
        """What the engine is asked for."""
        return [self._declared(wish) for wish in self.all.values()]

    def _declared(self, wish: Wish) -> Declared:
        specimen = BY_KIND[wish.kind]
        if wish.find:
            inputs: Body = {"find": FOUND[wish.kind]}
            wish.options.retain_on_delete = True
        else:
            inputs, _ = self._built(wish, {})
            inputs |= {UNIQUE[wish.kind]: wish.value, "active": wish.active}
            if wish.text:
                inputs["description"] = TEXTS[wish.text]
            if wish.imports:
                inputs |= {"_import": wish.imports, "secrets_version": 1}
            if wish.options.delete_before_replace:  # as the constructor tells it
                inputs["_program"] = {"deletes_first": True}
        return Declared(
            specimen.token, wish.name, provider_text(specimen), inputs, options=wish.options
        )

    def wire(self, wish: Wish, ids: Mapping[str, str]) -> Body:
        """What eGain should hold of it; `ids` by logical name."""
        _, wire = self._built(wish, ids)
        wire |= {UNIQUE[wish.kind]: wish.value, "active": wish.active}
        return wire | ({"description": TEXTS[wish.text]} if wish.text else {})

    def _built(self, wish: Wish, ids: Mapping[str, str]) -> tuple[Body, Body]:
        refs: dict[str, tuple[Any, Any]] = {}
        for slot, (kind, needed) in SLOTS[wish.kind].items():
            target = wish.refs.get(slot)
            if target is not None:
                refs[slot] = Ref(target), ids.get(target)
            elif needed:
                refs[slot] = IDS[kind], IDS[kind]
        return BUILD[wish.kind](wish.shape, Parts(refs, partial(self._secret, wish)))

    def _secret(self, wish: Wish, place: str) -> str:
        key = (wish.name, place, wish.secret)
        if key not in self._secrets:
            self._secrets[key] = self._canaries.new(" ".join(map(str, key)))
        return self._secrets[key]
