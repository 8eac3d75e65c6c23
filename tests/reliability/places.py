"""The emulator, the plugin hosts of the matrix, and two ports: one closed, one to be led to."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.host.objects import ground
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.state import State, is_provider
from tests.support.values import Secret

IMPATIENT = {"egain:requestTimeoutSeconds": "0.5"}


class Places:
    """Where the cells happen. A context: its end ends what it has started."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        self.switches: dict[str, Any] = emulator.settings()
        ground(emulator)
        self._folder, self._home = folder, folder / "pulumi-home"
        self._engines: dict[str, Engine] = {}
        self._closing = ExitStack()
        self._listening = self._closing.enter_context(socket.create_server(("127.0.0.1", 0)))
        self._listening.setblocking(False)
        self.elsewhere = f"http://127.0.0.1:{self._listening.getsockname()[1]}/"
        taken = self._closing.enter_context(socket.socket())
        taken.bind(("127.0.0.1", 0))  # and never listens: connections are refused
        self._closed = f"http://127.0.0.1:{taken.getsockname()[1]}/conversation/conversationmgr/v3"

    def __enter__(self) -> Places:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._closing.close()

    def engine(self, host: str) -> Engine:
        """The engine whose plugin host is `usual`, `impatient`, or finds its tenant `closed`."""
        if host not in self._engines:
            more = {"impatient": IMPATIENT, "closed": {"egain:baseUrl": self._closed}}
            folder = self._folder / host
            folder.mkdir(exist_ok=True)
            config = self.emulator.config | more.get(host, {})
            moved = {"EGAIN_TENANT_MOVED": "1"}  # to the closed port and back
            env = self.emulator.quick | {"PULUMI_HOME": str(self._home)} | moved
            made = Engine(cwd=folder, config=config, env=env)
            self._engines[host] = self._closing.enter_context(made)
        return self._engines[host]

    def forget(self) -> None:
        """What runs so far have noted on this machine: the next cell is another story."""
        shutil.rmtree(self._home, ignore_errors=True)

    def nobody_called(self) -> bool:
        """Whether nobody has followed a redirect: not even a connection was made."""
        try:
            self._listening.accept()[0].close()
        except BlockingIOError:
            return True
        return False

    @contextmanager
    def acting(self, engine: Engine, host: str) -> Iterator[Engine]:
        """The engine, or on the same state the one that finds nobody listening."""
        if host != "closed":
            yield engine
            return
        other = self.engine("closed")
        other.state = carried(engine.state, other)
        yield other
        engine.state = carried(other.state, engine)


def carried(state: State, engine: Engine) -> State:
    """The state as if the last `up` had run with an engine's configuration."""
    copy = state.copy()
    plain = {k: v for k, v in engine.config.items() if not isinstance(v, Secret)}
    for resource in copy:
        if is_provider(resource.type):
            kept = {k: v for k, v in resource.inputs.items() if k in engine.config}
            resource.inputs = {**kept, **plain}
    return copy
