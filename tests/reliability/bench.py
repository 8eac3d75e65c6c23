"""One cell of the matrix: arrange, act, look at everything, heal, try again, look again."""

from __future__ import annotations

import re
from typing import Any

from tests.host.objects import declared, provider_text
from tests.reliability.cases import Case
from tests.reliability.places import Places, carried
from tests.reliability.seen import Call, Picture, Seen
from tests.reliability.world import STAMPS, World
from tests.specimens import IDS, Specimen
from tests.support.engine import Engine
from tests.support.goal import Declared, Options
from tests.support.state import State
from tests.support.steps import Result

NAME = "it"
SECRETS = ("-of-the-bot", "-of-the-hub", "local-secret", "Bearer", "ground-password")


class Bench(World):
    """Runs the cells of one kind in one table."""

    def __init__(self, places: Places, specimen: Specimen, call: Call) -> None:
        super().__init__(places, specimen, call)
        self.engine = places.engine("usual")
        self.inputs: dict[str, Any] = dict(specimen.full)
        self._label = re.sub("(?<=.)([A-Z])", r" \1", specimen.noun).lower()
        self._imported = ""
        self._tired = self._warm = False  # whether the host remembers too much, and enough

    @property
    def id(self) -> str:
        if self.call.verb in ("find", "get"):
            return IDS[self.specimen.noun]
        return self._imported or self.engine.state[NAME].id

    def fresh_process(self) -> None:
        """A new plugin host, as each command of the CLI starts one: it remembers nothing."""
        self.engine.restart()
        self._tired = self._warm = False

    def remake(self, **do: Any) -> None:
        """The object of the stack, made anew with a fault at its POST."""
        self.engine.destroy()
        self.inject(method="POST", path="/{collection}", **do)
        self.engine.up([self._declared(self.specimen.full)])

    def rest(self) -> None:
        """Leave a plugin host that the next bench can go on with."""
        if self._tired:
            self.fresh_process()

    def _warm_up(self) -> None:
        """Start the host, fetch a token, list what is listed once a process, learn `wire`."""
        self.clean()
        self.engine.state = State()
        self.engine.restart()
        self.engine.up([self._declared(self.specimen.full)])
        [found] = self.objects()
        self.wire = {key: value for key, value in found.items() if key not in STAMPS}
        self.engine.destroy()
        self._warm = True

    def run(self, case: Case) -> Seen:
        """One cell. Raises AssertionError where a rule without exception is broken."""
        self._prepare(case)
        case.arrange(self)
        self.emulator.clear()
        before = self._picture()
        with self.places.acting(self.engine, case.host) as engine:
            result = self._act(engine)
        while self.threads:
            self.threads.pop().join()
        calls, after = self.calls(), self._picture()
        self._unbroken(case, result, before, after)
        self.heal()
        again = self._again(case)
        self._tired |= case.slows
        return Seen(
            reason=result.failures[0].reason if result.failures else None,
            warned=any(line.severity == "warning" for line in result.logs),
            lost=bool(self.noted) and self.noted not in str(after[1]),
            calls=calls,
            ops=tuple(step.op for step in result.shown()),
            before=before,
            after=after,
            again=again,
        )

    def _prepare(self, case: Case) -> None:
        engine = self.places.engine("impatient" if case.host == "impatient" else "usual")
        if engine is not self.engine:
            engine.state = carried(self.engine.state, engine)
            self.engine, self._warm = engine, False
        if self._tired or self.call.once:
            self.fresh_process()
        if not self._warm and not (self.call.once and self.call.verb == "delete"):
            self._warm_up()
        self.faults, self.foreign, self.noted, self._imported = [], 0, "", ""
        self.inputs = dict(self.specimen.full)
        self.places.forget()
        if self.call.crowd or self.call.verb in ("create", "import", "find", "get"):
            self.engine.destroy(check=False)  # a host remembers what it has seen in a state
            self.clean()
            self.engine.state = State()
        if self.call.verb in ("read", "update", "delete"):
            if NAME not in self.engine.state:
                self.clean()
            self.engine.up(self._goal())
        if self.call.verb == "update":
            self.inputs = self.specimen.changed
        if self.call.verb == "import":
            self._imported = self.emulator.add(self.collection, self.wire)["id"]
        self.emulator.settings(**self.call.switches)
        if self.call.before:
            self.inject(**self.call.before)

    def _goal(self) -> list[Declared]:
        field = self.specimen.unique or "name"
        match self.call.verb:
            case "find":
                value = "ground-channel" if field == "type" else f"ground-{self.specimen.noun}"
                options = Options(retain_on_delete=True)
                return [self._declared({"find": {field: value}}, options)]
            case "get":
                text = provider_text(self.specimen)
                return [Declared(self.specimen.token, NAME, text, {"get": True}, id=self.id)]
            case "import":
                by_value = f"{field}:{self.inputs[field]}"
                wanted = by_value if self.call.by_value else self._imported
                asked = {"_import": wanted, "secrets_version": 1}  # sends the secrets
                return [self._declared({**self.inputs, **asked})]
            case _:
                return [*self._crowd(), self._declared(self.inputs)]

    def _crowd(self) -> list[Declared]:
        field = self.specimen.unique or "name"
        names = [f"crowd-{number}" for number in range(self.call.crowd)]
        return [declared(self.specimen, {**self.inputs, field: name}, name) for name in names]

    def _declared(self, inputs: Any, options: Options | None = None) -> Declared:
        return declared(self.specimen, inputs, NAME, options)

    def _act(self, engine: Engine) -> Result:
        match self.call.verb:
            case "read":
                return engine.refresh(check=False)
            case "delete":
                return engine.destroy(check=False)
            case _:
                return engine.up(self._goal(), check=False)

    def _again(self, case: Case) -> str | None:
        """The same once more, now that all is well; then nothing is left to do."""
        verb, what = self.call.verb, f"{self.specimen.noun}, {case.title}"
        makes = verb in ("create", "read") and NAME not in self.engine.state
        lists = makes and self.specimen.unique is None
        if lists or self.call.crowd:
            self.fresh_process()  # as the next command is: what an old one has listed is outdated
        if verb == "read":
            result = self.engine.up(self._goal(), check=False, refresh=True)
        else:
            result = self._act(self.engine)
        if not result.ok:
            had = bool(self.engine.state.managed())
            self.engine.state, self._tired = State(), lists or had  # a person looks: begin anew
            return result.failures[0].reason
        if verb == "delete":
            assert not self.engine.state.managed(), what
            return None
        self.emulator.clear()
        assert self.engine.preview(self._goal()).changes == {}, f"a second preview: {what}"
        assert verb == "get" or self.emulator.counts() == {}, f"a preview that calls: {what}"
        held = {each["id"] for each in self.objects()}
        assert verb in ("find", "get") or self.engine.state[NAME].id in held, what
        return None

    def _unbroken(self, case: Case, result: Result, before: Picture, after: Picture) -> None:
        """What holds in every cell."""
        what = f"{self.specimen.noun}, {case.title}"
        assert all(map(self.emulator.fired, self.faults)), f"a fault that never fired: {what}"
        assert len(self.objects()) <= 1 + self.foreign, f"made twice: {what}"
        if self.call.verb == "read" and before[0] and not after[0]:
            assert case.gone, f"taken for gone: {what}"
        assert self.places.nobody_called(), f"a call went to another host: {what}"
        for text in result.messages:
            about = (f'{self._label} "', f"cannot find one {self._label} with ", "check ")
            assert any(words in text for words in about), f"does not say what it is about: {text}"
        for text in (*result.messages, *(line.message for line in result.logs)):
            assert "\n" not in text and "Traceback" not in text, text
            assert not any(secret in text for secret in SECRETS), text
        assert "Traceback" not in self.engine.output

    def _picture(self) -> Picture:
        state = tuple(
            (each.id, each.inputs, each.outputs, tuple(each.init_errors))
            for each in self.engine.state.managed()
            if each.name == NAME
        )
        there = [{k: v for k, v in each.items() if k != "modified"} for each in self.objects()]
        return state, tuple(there)
