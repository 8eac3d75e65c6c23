"""The tenant of a cell: what cases do to it, and what is in it."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.host.objects import COLLECTIONS, made
from tests.reliability.places import Places
from tests.reliability.seen import Call
from tests.specimens import IDS, Specimen

STAMPS = ("id", "created", "modified")
USERS = {
    "Authentication": "clientapplications",
    "ClientApplication": "participants",
    "Participant": "orchestrations",
    "Channel": "accounts",
    "Orchestration": "accounts",
}
"""The first collection whose objects may refer to a kind."""
REFERRING: dict[str, Callable[[str], dict[str, Any]]] = {
    "clientapplications": lambda id: {"roles": [{"name": "bot", "authentication": {"id": id}}]},
    "participants": lambda id: {"type": "custom_bot", "application": {"id": id}},
    "orchestrations": lambda id: {
        "applications": {"botConfiguration": {"bots": [{"participant": {"id": id}}]}}
    },
    "accounts": lambda id: {
        "channel": {"id": id},
        "chatConfigurations": {"orchestration": {"id": id}},
    },
}
"""Objects of each collection that refer to an id."""


class World:
    """One kind's part of the tenant. `id` is that of the object that a cell is about."""

    def __init__(self, places: Places, specimen: Specimen, call: Call) -> None:
        self.places, self.emulator = places, places.emulator
        self.specimen, self.call = specimen, call
        self.collection = COLLECTIONS[specimen.noun]
        self.users = USERS.get(specimen.noun, "")
        self.faults: list[str] = []
        self.foreign = 0
        """How many objects of somebody else are like the declared one."""
        self.noted = ""
        """What somebody has written into the object that no program declares."""
        self.threads: list[threading.Thread] = []
        self.wire: dict[str, Any] = {}
        """What eGain makes of the declaration, without id and stamps."""
        self._ground = self.emulator.object(self.collection, IDS[specimen.noun], secrets=True)

    @property
    def id(self) -> str:
        raise NotImplementedError

    def inject(self, *, method: str = "", path: str = "", lasting: bool = False, **do: Any) -> None:
        """A fault, at the table's call unless told otherwise: once, every time, or the `nth`."""
        if do.get("location") == "ELSEWHERE":
            do["location"] = self.places.elsewhere
        if do["action"] == "empty" and self.call.method == "POST":
            do["status"] = 201
        match: dict[str, Any] = {"times": None} if lasting else {}
        if "nth" in do:
            match = {"nth": do.pop("nth")}
        where = (path or self.call.path).replace("{collection}", self.collection)
        where = where.replace("{users}", self.users)
        self.faults.append(
            self.emulator.fault(method or self.call.method, where, match=match, **do)
        )

    def edit(self, changes: dict[str, Any]) -> None:
        """Somebody edits the object in eGain's console."""
        self.emulator.edit(self.collection, self.id, changes)

    def note(self) -> None:
        """Somebody adds something to the object that no program declares."""
        self.noted = str(uuid.uuid4())
        self.edit({"attributeOfTheConsole": self.noted})

    def remove(self) -> None:
        """Somebody deletes the object in eGain's console."""
        self.emulator.remove(self.collection, self.id)

    def add_others(self) -> None:
        """Objects that have nothing to do with this one, so that lists are longer."""
        for collection in {self.collection, self.users} - {""}:
            for number in range(2):
                name = f"other-{number}"
                self.emulator.add(collection, {"name": name, "type": name, "active": True})

    def add_alike(self, **changes: Any) -> None:
        """An object of somebody else that is what is declared, but for the changes."""
        self.emulator.add(self.collection, {**self.wire, **changes})
        self.foreign += 1

    def add_user(self) -> None:
        """An object outside this program that refers to this one."""
        self.emulator.add(self.users, {"name": "other-user", **REFERRING[self.users](self.id)})

    def add_second_ground(self) -> None:
        """A second object that meets the criterion of a find."""
        body = {key: value for key, value in self._ground.items() if key not in STAMPS}
        self.emulator.add(self.collection, body)

    def meanwhile(self, thread: threading.Thread) -> None:
        """Something that happens during the operation."""
        thread.start()
        self.threads.append(thread)

    def heal(self) -> None:
        """All is well again: no fault, no switch, nothing beside what the cell is about."""
        self.emulator.heal()
        self.emulator.client("local", "local-secret")
        self.emulator.settings(**(self.places.switches | self.call.switches))
        self.clean(_beside)
        if self._ground["id"] not in {
            each["id"] for each in self.emulator.objects(self.collection)
        }:
            self.emulator.add(self.collection, self._ground)

    def clean(self, unwanted: Callable[[dict[str, Any]], bool] = lambda each: True) -> None:
        """Remove what neither eGain nor the ground has made."""
        for collection in {self.collection, self.users} - {""}:
            for each in made(self.emulator, collection):
                if unwanted(each):
                    self.emulator.remove(collection, each["id"])

    def objects(self) -> list[dict[str, Any]]:
        """What the cell is about: what eGain holds of the kind, but for what stands beside it."""
        return [
            each for each in made(self.emulator, self.collection) if not _beside(each, "crowd-")
        ]

    def calls(self) -> tuple[str, ...]:
        """The calls since the log was cleared, without order and without those for tokens."""
        counts: Counter[str] = Counter()
        for each in self.emulator.requests():
            template = str(each["template"])
            own = template.startswith(f"/{self.collection}")
            users = "{users}" in self.call.path and template == f"/{self.users}"
            if own or users:
                listed = each["method"] == "GET" and not template.endswith("}")
                counts["list" if listed else each["method"]] += 1
        return tuple(counts.elements())


def _beside(body: dict[str, Any], *more: str) -> bool:
    name = str(body.get("name") or body.get("type"))
    return name.startswith(("other-", "ground-", *more))
