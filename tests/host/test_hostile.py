"""A server that drips, lies and cuts, at random: no limit outlived, no secret shown, no bug."""

from __future__ import annotations

import itertools
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.host.objects import declared, ground
from tests.random.figures import save
from tests.random.warm import Nursery
from tests.specimens import AUTHENTICATION, BASIC_AUTHENTICATION
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.errors import ProviderError
from tests.support.goal import Declared
from tests.support.hostile import Hostile
from tests.support.misbehavior import TOKEN, Misbehavior, misbehaviors, sort
from tests.support.steps import Result
from tests.support.values import Secret

pytestmark = pytest.mark.host
REQUEST, OPERATION = 0.3, 0.6
SLACK = 1.0
RUN = 8
"""Characters of a secret that may show nowhere."""
PROFILE = settings(
    derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
MEETS = {
    "create": (TOKEN, "POST", "GET"),
    "update": (TOKEN, "GET", "PUT"),
    "refresh": (TOKEN, "GET"),
    "delete": (TOKEN, "GET", "DELETE"),
}
"""The calls of each command."""


class Trial:
    """One tenant, one server before it, and a stack for each misbehavior."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator, self._folder = emulator, folder
        self.server, self.nursery = Hostile(emulator), Nursery({})
        self.count = self.errors = 0
        self.calls: Counter[str] = Counter()
        self.longest = 0.0
        self._numbers = itertools.count()
        self._random = random.Random(7)
        self._calm: dict[str, float] = {}

    def calibrate(self) -> None:
        """See how long each command takes on this machine, now."""
        for verb in MEETS:
            began = time.monotonic()
            self.run(verb, None)
            self._calm[verb] = time.monotonic() - began

    def stop(self) -> None:
        """End server and process."""
        self.server.stop()
        self.nursery.stop()

    def run(self, verb: str, misbehavior: Misbehavior | None) -> None:
        """Let a command meet it; raises AssertionError where something does not hold."""
        self.emulator.reset()
        ground(self.emulator)
        self.server.clear()
        secrets = {place: self._secret() for place in ("client", "payload", "header", "password")}
        self.emulator.client("hub", secrets["client"])
        limits = {
            "egain:clientId": "hub",
            "egain:clientSecret": Secret(secrets["client"]),
            "egain:requestTimeoutSeconds": str(REQUEST),
            "egain:operationTimeoutSeconds": str(OPERATION),
        }
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        with Engine(cwd=folder, config=self.server.config | limits) as engine:
            engine.hosts.start = self.nursery.host
            if verb != "create":
                engine.up(objects(secrets))
                engine.restart()
            self.server.clear()
            engine.preview([])  # the host is there, and its start is not measured
            if misbehavior is not None:
                misbehavior.begin(self.server)
            result = command(engine, verb, secrets)
            ended = time.monotonic()
            if misbehavior is None:
                assert result.ok, result.messages
                return
            self._judge(verb, engine, result, ended, secrets)

    def _judge(
        self, verb: str, engine: Engine, result: Result, ended: float, secrets: dict[str, str]
    ) -> None:
        began = [call.began for call in self.server.calls]
        turns = 2 if verb == "refresh" else 1  # one read after the other
        if began:
            over = ended - min(began) - turns * OPERATION
            self.longest = max(self.longest, over)
            assert over < SLACK + self._calm[verb]
            assert max(began) - min(began) < turns * OPERATION + 0.2 + self._calm[verb]
        self.count += 1
        self.calls.update(sort(call) for call in self.server.calls)
        self.errors += len(result.messages)
        text = shown(engine, result)
        assert "This is a bug" not in text
        assert "Traceback" not in text
        assert all("\n" not in message for message in result.messages)
        self._look_for(text, secrets)

    def _look_for(self, text: str, secrets: dict[str, str]) -> None:
        """No run of a secret shows, in any case; tokens are secrets too."""
        lower = text.lower()
        tokens = re.findall(
            r"Bearer (\S+)", "\n".join(call.head.decode("latin-1") for call in self.server.calls)
        )
        found = {
            place
            for place, secret in [*secrets.items(), *(("token", each) for each in set(tokens))]
            for at in range(len(secret) - RUN + 1)
            if secret[at : at + RUN].lower() in lower
        }
        assert not found

    def as_json(self) -> dict[str, Any]:
        """What was tried, for `docs/reliability-figures.json`."""
        return {
            "misbehaviors": self.count,
            "calls": dict(sorted(self.calls.items())),
            "errors": self.errors,
            "longest_over": round(self.longest, 2),
        }

    def _secret(self) -> str:
        """In no word and no number."""
        return "".join(self._random.choices("bcdfghjkmnpqrstvwxz", k=24))


def objects(secrets: dict[str, str], **changes: Any) -> list[Declared]:
    """Two authentications with a secret in every place."""
    payload = json.dumps({"grant": "x", "clientSecret": secrets["payload"]})
    oauth2 = {**AUTHENTICATION.full["oauth2"], "payload": payload}
    oauth2["headers"] = {"X-Key": secrets["header"]}
    basic = {"username": "hub", "password": secrets["password"]}
    return [
        declared(AUTHENTICATION, {**AUTHENTICATION.full, "oauth2": oauth2, **changes}, "a"),
        declared(
            BASIC_AUTHENTICATION, {**BASIC_AUTHENTICATION.full, "basic_auth": basic, **changes}, "b"
        ),
    ]


def command(engine: Engine, verb: str, secrets: dict[str, str]) -> Result:
    """Run it, whatever comes of it."""
    if verb == "refresh":
        return engine.refresh(check=False)
    wanted = {"create": objects(secrets), "delete": []}.get(verb)
    if wanted is None:
        wanted = objects(secrets, description="New.")
    return engine.up(wanted, parallel=4, check=False)


def shown(engine: Engine, result: Result) -> str:
    """Everything that a person or a file gets to see."""
    errors = [each.error for each in result.failures if isinstance(each.error, ProviderError)]
    return "\n".join(
        [
            engine.output,
            json.dumps(engine.export(), ensure_ascii=False),
            *(line.message for line in engine.service.logs),
            *result.messages,
            *(error.status for error in errors),
            repr([result.steps, result.refresh]),
        ]
    )


def pairs(verb: str) -> st.SearchStrategy[tuple[str, Misbehavior]]:
    """A command, and what it meets."""
    return st.tuples(st.just(verb), misbehaviors(MEETS[verb]))


@pytest.fixture
def trial(emulator: Emulator, tmp_path: Path) -> Iterator[Trial]:
    made = Trial(emulator, tmp_path)
    try:
        made.calibrate()
        yield made
    finally:
        made.stop()


def drawn(trial: Trial, count: int) -> Callable[[], None]:
    """So many, each with a command of its own."""

    @settings(PROFILE, max_examples=count)
    @given(each=st.one_of(*(pairs(verb) for verb in MEETS)))
    def run(each: tuple[str, Misbehavior]) -> None:
        trial.run(*each)

    return run


def test_a_hostile_server_meets_limits_secrets_and_sentences(trial: Trial) -> None:
    drawn(trial, 20)()
    assert trial.errors > 10


@pytest.mark.soak
def test_a_thousand_ways_to_misbehave(trial: Trial) -> None:
    drawn(trial, 1_000)()
    save("hostile", "soak", trial.as_json())
