"""Plugin hosts that start in a third of the time: forked from a process that has the libraries.

A host is `python -m pulumi.dynamic` all the same, in a process and session of its own, with its
own environment; only the imports of foreign libraries (a third of a second) are done before, by
a process that does nothing else. Nothing of `egain_pulumi` is imported there.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import runpy
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from tests.support import process
from tests.support.host import START_SECONDS, PluginHost
from tests.support.process import Child, base_env
from tests.support.protocol import channel

_LARGEST = 65_536


class Nursery:
    """The process that hosts are forked from. `env` is what its Python starts with."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            os.set_inheritable(theirs.fileno(), True)
            command = [sys.executable, "-u", "-m", __name__, str(theirs.fileno())]
            self._child = Child(
                command, cwd=process.REPOSITORY, env=base_env(env), inherit=[theirs.fileno()]
            )
            self._child.next_line(START_SECONDS)

    def stop(self) -> None:
        """End it."""
        self._socket.close()
        self._child.end()

    def host(
        self, engine: str, *, cwd: Path, env: Mapping[str, str], project: str, python: str
    ) -> PluginHost:
        """A host as `PluginHost` starts one."""
        asked = {"cwd": str(cwd), "env": base_env({"PULUMI_PROJECT": project, **env})}
        return _Host(self._socket, json.dumps({**asked, "engine": engine}))


class _Host(PluginHost):
    def __init__(self, nursery: socket.socket, wish: str) -> None:
        self.child = _Forked(nursery, wish)
        self._port = self.child.next_line(START_SECONDS)
        self.channel = channel(f"127.0.0.1:{self._port}")


class _Forked(Child):
    def __init__(self, nursery: socket.socket, wish: str) -> None:
        self.lines, self.left, self._out, self._command = [], [], [], "a forked plugin host"
        self._first = queue.Queue()
        (out, out_end), (err, err_end) = os.pipe(), os.pipe()
        socket.send_fds(nursery, [wish.encode()], [out_end, err_end])
        os.close(out_end)
        os.close(err_end)
        streams = [os.fdopen(end, errors="replace") for end in (out, err)]
        self.popen = _Process(int(nursery.recv(_LARGEST)), *streams)  # type: ignore[assignment]
        process.opened(self.popen.pid)
        self._readers = [
            threading.Thread(target=self._read, args=(stream, first), daemon=True)
            for stream, first in zip(streams, (True, False), strict=True)
        ]
        for reader in self._readers:
            reader.start()


class _Process:
    """As much of `subprocess.Popen` as `Child` asks of a process that is nobody's child here."""

    def __init__(self, pid: int, stdout: object, stderr: object) -> None:
        self.pid, self.stdout, self.stderr = pid, stdout, stderr

    def poll(self) -> int | None:
        return None if self.pid in process.members(self.pid) else 0

    def wait(self, seconds: float) -> int:
        ends = time.monotonic() + seconds
        while self.poll() is None and time.monotonic() < ends:
            time.sleep(0.002)
        return 0

    def terminate(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def serve(nursery: socket.socket) -> None:
    """Fork a host for every wish, until the socket is closed."""
    for library in ("grpc", "pydantic", "requests", "tenacity"):
        __import__(library)
    __import__("pulumi.dynamic")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)  # noqa: T201
    while True:
        wish, ends, _, _ = socket.recv_fds(nursery, _LARGEST, 2)
        if not wish:
            return
        pid = os.fork()
        if pid == 0:
            _become(json.loads(wish), ends, nursery)
        for end in ends:
            os.close(end)
        nursery.send(str(pid).encode())


def _become(wish: dict[str, object], ends: list[int], nursery: socket.socket) -> None:
    os.setsid()
    nursery.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for end, stream in zip(ends, (1, 2), strict=True):
        os.dup2(end, stream)
        os.close(end)
    os.chdir(str(wish["cwd"]))
    os.environ.clear()
    os.environ.update(wish["env"])  # type: ignore[call-overload]
    sys.argv = ["pulumi.dynamic", str(wish["engine"])]
    sys.path[0] = str(wish["cwd"])
    try:
        runpy.run_module("pulumi.dynamic", run_name="__main__", alter_sys=True)
    finally:
        os._exit(1)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
