"""A stack of random wishes: its operations under trouble, and what is looked at after each."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.host.canaries import Canaries
from tests.host.objects import COLLECTIONS, ground
from tests.random.figures import Figures
from tests.random.trouble import Fault, Kill
from tests.random.warm import Nursery
from tests.random.watch import Watch
from tests.random.wireforms import CONSOLE
from tests.random.wishes import Wishes
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.state import Resource
from tests.support.steps import Result

SECONDS = "EGAIN_REQUEST_TIMEOUT_SECONDS"
IMPATIENT, PATIENT = "0.5", "30"
"""Time-outs of a request: a hang costs the first; a busy machine must not cause the second."""


class Stack:
    """The program, its engine, the tenant, and the watch over both."""

    def __init__(
        self, emulator: Emulator, nursery: Nursery, folder: Path, figures: Figures
    ) -> None:
        self.emulator, self.figures = emulator, figures
        emulator.reset()
        emulator.settings(echo_bodies=True)
        ground(emulator)
        self.canaries = Canaries()
        self.wishes = Wishes(self.canaries)
        self.engine = Engine(cwd=folder, config=emulator.config, env=emulator.quick)
        self.engine.hosts.start = nursery.host
        self.watch = Watch(self)
        self.contested: set[str] = set()
        """Ids of objects that eGain may hold otherwise than the state says."""
        self.console: dict[str, dict[str, Any]] = {}
        """Attributes that somebody added behind our back: they must survive. By id."""
        self._edits = self._machines = 0

    def close(self) -> None:
        """End what runs."""
        self.engine.stop()

    def perform(
        self,
        verb: str,
        faults: Sequence[Fault] = (),
        kill: Kill | None = None,
        parallel: int = 1,
        fresh: bool = True,
    ) -> Result:
        """One command, as the CLI runs it: with plugin hosts of its own. Then the watch looks."""
        trouble = bool(faults or kill)
        if fresh:
            self.engine.restart()
        self.engine.hosts.env[SECONDS] = IMPATIENT if trouble else PATIENT
        self.emulator.clear()
        self.watch.before(verb)
        armed = [(fault, self.emulator.fault(**fault.wish())) for fault in faults]
        work = self._work(verb, parallel)
        killed = False
        if kill is None:
            result = work()
        else:
            result, killed = self._killed(work, kill)
        self._count(verb, armed)
        self.emulator.heal()
        self.watch.after(verb, result, killed=killed)
        return result

    def _work(self, verb: str, parallel: int) -> Callable[[], Result]:
        declared = self.wishes.declared()
        match verb:
            case "up":
                return lambda: self.engine.up(declared, check=False, parallel=parallel)
            case "preview":
                return lambda: self.engine.preview(declared, check=False)
            case "refresh":
                return lambda: self.engine.refresh(check=False)
            case _:
                return lambda: self.engine.destroy(check=False, parallel=parallel)

    def _killed(self, work: Callable[[], Result], kill: Kill) -> tuple[Result, bool]:
        fault, killed = self.emulator.fault(**kill.wish()), False
        with ThreadPoolExecutor(1) as pool:
            running: Future[Result] = pool.submit(work)
            while not running.done():
                if not killed and self.emulator.fired(fault):
                    for host in self.engine.hosts.running:
                        os.kill(host.pid, signal.SIGKILL)
                    killed = True
                time.sleep(0.01)
            result = running.result()
        if killed:
            self.figures.kills[f"{kill.method} {'after' if kill.after else 'before'} commit"] += 1
        return result, killed

    def _count(self, verb: str, armed: Sequence[tuple[Fault, str]]) -> None:
        self.figures.operations[verb] += 1
        self.figures.calls += sum(self.emulator.counts(tokens=True).values())
        for fault, id in armed:
            if fired := self.emulator.fired(id):
                when = fault.do.get("when", "")
                self.figures.faults[f"{fault.do['action']} {when}".strip()] += fired

    def shown(self, *results: Result) -> str:
        """Everything that a person, a log or a file gets to see."""
        texts = [self.engine.output, json.dumps(self.engine.export(), ensure_ascii=False)]
        texts += [line.message for line in self.engine.service.logs]
        for result in results:
            texts += [*result.messages, repr(result.steps)]
        return "\n".join(texts)

    def move(self) -> None:
        """To another machine: nothing is there but the program and the state."""
        self._machines += 1
        home = self.engine.cwd / f"home-{self._machines}"
        home.mkdir()
        self.engine.hosts.env["PULUMI_HOME"] = str(home)

    def add(self, kind: str, body: dict[str, Any]) -> None:
        """Somebody makes an object in eGain."""
        made = self.emulator.add(COLLECTIONS[kind], body)
        self.watch.give_up(made["id"])

    def behind(self, resource: Resource, body: dict[str, Any], what: str) -> None:
        """Somebody changes one of this stack's objects in eGain, or deletes it."""
        collection, id = COLLECTIONS[resource.kind], resource.id
        self._edits += 1
        changes: dict[str, Any] = {}
        match what:
            case "delete":
                self.emulator.remove(collection, id)
                return
            case "description":
                changes = {"description": f"Console {self._edits}."}
            case "active":
                changes = {"active": not body["active"]}
                self.watch.switched[id] = not body["active"]
            case "unknown":
                changes = {f"xConsole{self._edits}": self._edits}
                self.console[id] = self.console.get(id, {}) | changes
            case "header":
                changes = self._with_header(body)
        if changes:
            self.emulator.edit(collection, id, changes)

    def _with_header(self, body: dict[str, Any]) -> dict[str, Any]:
        header = {"name": CONSOLE, "value": self.canaries.new(f"console {self._edits}")}
        if body.get("oauth2"):
            mine = [row for row in body["oauth2"].get("headers", []) if row["name"] != CONSOLE]
            return {"oauth2": {"headers": [*mine, header]}}
        if roles := body.get("roles"):
            mine = [row for row in roles[0].get("headers", []) if row["name"] != CONSOLE]
            return {"roles": [{**roles[0], "headers": [*mine, header]}, *roles[1:]]}
        return {}

    def server(self) -> dict[str, dict[str, Any]]:
        """All objects of the tenant by id, each with its `kind`, secrets and all."""
        return {
            each["id"]: {**each, "kind": kind}
            for kind, collection in COLLECTIONS.items()
            for each in self.emulator.objects(collection, secrets=True)
        }
