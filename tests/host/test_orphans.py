"""A plugin host that has lost the CLI, or heard a Ctrl-C, sends nothing more.

See docs/rules.md#limits.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from egain_pulumi.schema.state import IMPORT
from tests.conftest import MakeEngine
from tests.host.objects import COLLECTIONS, channel, declared, ground, made
from tests.specimens import SPECIMENS
from tests.support.cli_result import executable
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.errors import ProviderError
from tests.support.host import START_SECONDS, EngineService, PluginHost
from tests.support.process import Child, base_env, commands
from tests.support.protocol import channel as connection
from tests.support.provider import Provider

pytestmark = pytest.mark.host

SECONDS = 3.0
"""docs/rules.md#limits says one second; two more for a busy machine."""
CREATES = 20
"""More than the host works on at once: some are queued."""

STACK = "urn:pulumi:test::conversation-hub"
EVERY_KIND = [declared(specimen, name=specimen.noun) for specimen in SPECIMENS]
LINE = re.compile(r'cannot create [a-z ]+ "(\w+)": .*import_="([0-9a-f-]{36})"')

CLI = """\
import subprocess, sys
plugin = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(plugin.stdout.readline(), end="", flush=True)
plugin.wait()
"""
"""Starts a plugin as the CLI does: through its shell script, and with a pipe for its input."""


class HostOfACli(PluginHost):
    """A plugin host behind a process that can be killed as the CLI can."""

    def __init__(self, service: EngineService, cwd: Path) -> None:
        script = str(executable().parent / "pulumi-resource-pulumi-python")
        env = {"PULUMI_PROJECT": "conversation-hub", "PULUMI_RUNTIME_VIRTUALENV": sys.prefix}
        command = [sys.executable, "-c", CLI, script, service.address]
        self.child = Child(command, cwd=cwd, env=base_env(env))
        self._port = self.child.next_line(START_SECONDS)
        self.channel = connection(f"127.0.0.1:{self._port}")

    @property
    def alive(self) -> bool:
        """Whether the host itself runs."""
        return any("-m pulumi.dynamic" in each for each in commands(self.pid).values())


@pytest.fixture
def host(tmp_path: Path) -> Iterator[HostOfACli]:
    """One such host."""
    service = EngineService()
    started = HostOfACli(service, tmp_path)
    yield started
    started.stop()
    service.stop()


@contextmanager
def queued(host: HostOfACli, emulator: Emulator) -> Iterator[tuple[Provider, list[Future[Any]]]]:
    """Creates of several channels, all asked for at once; they end with the block."""
    urn = f"{STACK}::pulumi:providers:pulumi-python::default"
    provider = Provider(host, emulator.config, urn, "1")
    objects = [channel(f"c{number}", type=f"c{number}") for number in range(CREATES)]
    with ThreadPoolExecutor(CREATES) as pool:
        try:
            yield (
                provider,
                [
                    pool.submit(
                        provider.create,
                        f"{STACK}::{each.type}::{each.name}",
                        each.program_inputs({}),
                    )
                    for each in objects
                ],
            )
        finally:
            host.channel.close()


def until(condition: Callable[[], object], seconds: float = 30.0) -> float:
    """Wait for something; the seconds it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it never happened"
        time.sleep(0.02)
    return time.monotonic() - began


@pytest.mark.parametrize(
    "fault",
    [
        {"action": "hang"},
        {"action": "status", "status": 429, "headers": {"Retry-After": "60"}},
    ],
    ids=["calls under way", "waiting for a turn"],
)
def test_a_host_that_has_lost_the_cli_ends_and_sends_nothing(
    fault: dict[str, Any], host: HostOfACli, emulator: Emulator
) -> None:
    held = emulator.fault("POST", "/channels", **fault, match={"times": None})
    with queued(host, emulator) as (_, creates):
        until(lambda: emulator.fired(held))
        sent = emulator.settled()
        os.kill(host.pid, signal.SIGKILL)
        took = until(lambda: not host.alive, SECONDS)
        sys.stdout.write(f"the host ended {took:.2f} s after the CLI\n")
        assert all(isinstance(each.exception(), ProviderError) for each in creates)
    assert emulator.requests(sent) == []
    assert made(emulator, "channels") == []


def test_a_ctrl_c_ends_every_wait_at_once_and_nothing_is_sent(
    host: HostOfACli, emulator: Emulator
) -> None:
    """The engine then calls Cancel, and leaves it to the plugin to end what it is doing."""
    wait = {"Retry-After": "10"}
    emulator.fault(
        "POST", "/channels", action="status", status=429, headers=wait, match={"times": None}
    )
    with queued(host, emulator) as (provider, creates):
        until(lambda: emulator.counts().get("POST /channels"))
        sent = emulator.settled()
        began = time.monotonic()
        provider.cancel()
        errors = [each.exception(SECONDS) for each in creates]
        took = time.monotonic() - began
    sys.stdout.write(f"the waits ended {took:.2f} s after the Ctrl-C\n")
    assert took < SECONDS
    said = "canceled while waiting for eGain; nothing was sent in the meantime."
    assert {str(error) for error in errors} == {said}
    assert emulator.requests(sent) == []


def test_a_ctrl_c_while_a_lost_answer_is_looked_up_does_not_call_it_nothing(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    """The POST may have been carried out, whatever the wait was for."""
    engine = make_engine(config=emulator.config | {"egain:requestTimeoutSeconds": "0.5"})
    emulator.fault("POST", "/channels", action="close")
    with ThreadPoolExecutor(1) as pool:
        up = pool.submit(engine.up, [channel("chat")], check=False)
        until(lambda: emulator.counts().get("GET /channels", 0) >= 2)
        engine.provider.cancel()
        [message] = up.result().messages
    assert message.startswith('cannot tell whether channel "chat" was created: POST ')
    assert "chat" not in engine.state


def test_on_another_machine_what_a_killed_host_had_made_is_taken_over_by_import(
    engine: Engine, emulator: Emulator
) -> None:
    """Nothing tells it from somebody else's: the next `up` says which one it is, and the line."""
    ground(emulator)
    # A process begins with few calls at once; each that went well allows one more.
    engine.up([channel("a", type="a"), channel("b", type="b")])
    engine.up([])
    faults = [
        emulator.fault("POST", f"/{collection}", action="hang", when="after")
        for collection in COLLECTIONS.values()
    ]
    with ThreadPoolExecutor(1) as pool:
        up = pool.submit(engine.up, EVERY_KIND, parallel=6, check=False)
        until(lambda: all(emulator.fired(each) for each in faults))
        [running] = engine.hosts.running
        os.kill(running.pid, signal.SIGKILL)
        assert not up.result().ok
    assert engine.state.managed() == []
    engine.restart()
    shutil.rmtree(Path(engine.hosts.env["PULUMI_HOME"]) / "egain-journal")
    emulator.heal()
    emulator.clear()

    refused = engine.up(EVERY_KIND, parallel=6, check=False)
    lines = {found[1]: found[2] for text in refused.messages if (found := LINE.search(text))}
    there = {kind: made(emulator, path)[0]["id"] for kind, path in COLLECTIONS.items()}
    assert lines == {kind: there[kind] for kind in lines}
    assert len(lines) == len(refused.messages) > 0

    engine.up([declared(s, {**s.full, IMPORT: there[s.noun]}, s.noun) for s in SPECIMENS])
    for kind, collection in COLLECTIONS.items():
        [only] = made(emulator, collection)
        assert engine.state[kind].id == only["id"]
    assert engine.preview(EVERY_KIND).changes == {}
    assert engine.refresh().changes == {}
