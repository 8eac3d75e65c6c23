"""Processes of the tests: started in a session of their own, ended by handle, never by name.

A process that we start may start others (the CLI starts a language host, that one the program). All
of them stay in the session that `start` opens, so that `end` finds every one of them, and so does
the guard that fails a test which leaves something running.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

REPOSITORY = Path(__file__).resolve().parents[2]

GRACE = 1.0
"""Seconds in which what a process has started must end after it."""

lasting: set[int] = set()
"""Leaders of sessions that are meant to outlive a test (the emulator of the whole run)."""

_sessions: set[int] = set()
"""Leaders of the sessions that this process has opened and not yet seen to their end."""


class Child:
    """A running process with its output kept, both streams in one list of lines."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        inherit: Sequence[int] = (),
    ) -> None:
        """`inherit` are file descriptors that it gets besides the standard ones."""
        self.lines: list[str] = []
        self.left: list[str] = []
        """What it had started and left running beyond GRACE; `wait` ends that too."""
        self._out: list[str] = []
        self._command = " ".join(command)
        self._first: queue.Queue[str | None] = queue.Queue()
        self.popen = subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=inherit,
        )
        opened(self.popen.pid)
        self._readers = [
            threading.Thread(target=self._read, args=(stream, first), daemon=True)
            for stream, first in ((self.popen.stdout, True), (self.popen.stderr, False))
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, stream: IO[str] | None, first: bool) -> None:
        for line in stream or ():
            self.lines.append(line)
            if first:
                self._out.append(line)
                self._first.put(line)
        if first:
            self._first.put(None)

    @property
    def output(self) -> str:
        """Everything that the process has written so far."""
        return "".join(self.lines)

    @property
    def stdout(self) -> str:
        """What the process has written to standard output so far."""
        return "".join(self._out)

    def wait(self, seconds: float) -> int:
        """Its exit code, once it has ended; after `seconds` it is ended, which is an error."""
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.end()
            raise TimeoutError(f"{self._command}: {seconds} s\n{self.output}") from None
        # A plugin that sees its CLI go is a moment later than the CLI.
        deadline = time.monotonic() + GRACE
        while (left := members(self.popen.pid)) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.left = [_command_of(pid) for pid in left]
        return self.end()

    def next_line(self, seconds: float) -> str:
        """The next line of standard output; what the process said instead is in the error."""
        try:
            line = self._first.get(timeout=seconds)
        except queue.Empty:
            line = None
        if line is None:
            self.end()
            raise RuntimeError(f"no line within {seconds} s from {self._command}:\n{self.output}")
        return line.strip()

    def end(self, seconds: float = 5.0) -> int:
        """End the process and whatever it started; its exit code."""
        if self.popen.poll() is None:
            self.popen.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(seconds)
        end_session(self.popen.pid)
        code = self.popen.wait(seconds)
        for reader in self._readers:
            reader.join(seconds)
        for stream in (self.popen.stdout, self.popen.stderr):
            if stream is not None:
                stream.close()
        return code


def opened(session: int) -> None:
    """Note a session that this process has opened: `end_session` ends no other."""
    _sessions.add(session)


def members(session: int) -> list[int]:
    """The processes that run in a session that we opened (zombies are not running)."""
    return [each.pid for each in _running() if each.session == session]


def commands(session: int) -> dict[int, str]:
    """The same, each with its command line."""
    return {pid: _command_of(pid) for pid in members(session)}


class _Running(NamedTuple):
    """A process of this machine, of any user."""

    pid: int
    parent: int
    session: int


def _running() -> list[_Running]:
    """All processes of this machine but zombies. Called twice a test, so each costs one read."""
    if not Path("/proc/self/stat").exists():
        listed = subprocess.run(
            ["ps", "-axo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split() for line in listed.splitlines()]
        alive = [(int(pid), int(ppid)) for pid, ppid, stat, *_ in rows if not stat.startswith("Z")]
        return [_Running(pid, parent, _session_of(pid)) for pid, parent in alive]
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208 - a path object for each costs more
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb", buffering=0) as opened:  # noqa: PTH123
                    text = opened.read()
            except OSError:  # ended while we were looking
                continue
            state, parent, _, session, *_ = text.rpartition(b")")[2].split(None, 4)
            if state not in (b"Z", b"X"):
                found.append(_Running(int(name), int(parent), int(session)))
    return found


def _session_of(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:  # ended while we were looking, or somebody else's
        return -1


def end_session(session: int, seconds: float = 5.0) -> None:
    """Kill what is left in a session that we opened, and wait until it is gone."""
    if session not in _sessions:
        raise ValueError(f"session {session} was not opened here")
    deadline = time.monotonic() + seconds
    while left := members(session):
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > deadline:
            raise RuntimeError(f"processes {left} do not end")
        time.sleep(0.01)
    _sessions.discard(session)


def strays() -> dict[int, str]:
    """What runs of all that this process has started and that is not `lasting`: id → command."""
    ours, here = _sessions - lasting, os.getpid()
    found = [
        each.pid
        for each in _running()
        if each.session in ours or (each.parent == here and each.pid not in lasting)
    ]
    return {pid: _command_of(pid) for pid in sorted(found)}


def end_strays() -> None:
    """End what a test has left running."""
    for pid in strays():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for leader in sorted(_sessions - lasting):
        end_session(leader)


def _command_of(pid: int) -> str:
    if not Path("/proc/self").exists():
        command = ["ps", "-o", "args=", "-p", str(pid)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
    except OSError:  # ended while we were looking
        return ""


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as there:
        return int(there.getsockname()[1])


def base_env(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The fewest variables that a child needs: nothing of the shell's settings, no proxy."""
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{env.get('PATH', os.defpath)}",
        "PYTHONPATH": str(REPOSITORY),
        "GRPC_VERBOSITY": "NONE",
    }
    return env | dict(extra or {})
