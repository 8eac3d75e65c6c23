"""A server of stack `local` as a background process.

It outlives the make that started it. Its record has pid, port and identity; a process that does
not match them is never ended.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from toolchain import private, process

START_SECONDS = 30.0


class NotStarted(Exception):
    """The server ended, or did not listen in time; the text is its last line of output."""


@dataclass(frozen=True)
class Running:
    """The record of a process of ours."""

    pid: int
    port: int
    identity: str


@dataclass(frozen=True)
class Server:
    """One server's record, log and working folder."""

    record: Path
    log: Path
    folder: Path

    def running(self) -> Running | None:
        """Return the process that we started, if it still runs."""
        try:
            found = Running(**json.loads(self.record.read_text()))
        except (OSError, ValueError, TypeError):
            return None
        return found if process.identity(found.pid) == found.identity else None

    def start(
        self, argv: Sequence[str | Path], port: int, env: Mapping[str, str] | None = None
    ) -> Running:
        """Start it, and wait until it prints its address. Raises NotStarted."""
        with private.append(self.log) as log:
            began = log.tell()
            child = subprocess.Popen(
                argv,
                cwd=self.folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        identity = process.identity(child.pid)
        deadline = time.monotonic() + START_SECONDS
        while identity and child.poll() is None and time.monotonic() < deadline:
            # Its output, because another server might answer on the port.
            if f"http://127.0.0.1:{port}" in self._output(began):
                found = Running(child.pid, port, identity)
                private.write(self.record, json.dumps(asdict(found)) + "\n")
                child.returncode = 0  # it outlives us, so Popen need not warn that it still runs
                return found
            time.sleep(0.02)
        child.kill()
        child.wait()
        raise NotStarted((self._output(began) or ["it printed nothing"])[-1])

    def stop(self) -> bool:
        """Stop it; return whether it ran."""
        found = self.running()
        stopped = found is not None and process.end(found.pid, found.identity)
        self.record.unlink(missing_ok=True)
        return stopped

    def _output(self, began: int) -> list[str]:
        with self.log.open("rb") as log:
            log.seek(began)
            return log.read().decode(errors="replace").strip().splitlines()


def free(port: int) -> bool:
    """Whether a port of this machine is free."""
    with socket.socket() as candidate:
        # As servers do, so that closed connections of a stopped server do not count.
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
