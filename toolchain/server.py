"""A server of stack `local` as a background process: started, found again, stopped.

It outlives the make that started it. Its record holds its pid, port and identity; a process that
does not match is never touched.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from toolchain import process

START_SECONDS = 30.0


class NotStarted(Exception):
    """It ended, or did not say in time that it listens; its own last words."""


@dataclass(frozen=True)
class Running:
    """A process of ours, as its record remembers it."""

    pid: int
    port: int
    identity: str


@dataclass(frozen=True)
class Server:
    """Where one server keeps its record and its log, and in which folder it works."""

    record: Path
    log: Path
    folder: Path

    def running(self) -> Running | None:
        """The one that we started, if it still runs."""
        try:
            found = Running(**json.loads(self.record.read_text()))
        except (OSError, ValueError, TypeError):
            return None
        return found if process.identity(found.pid) == found.identity else None

    def start(
        self, argv: Sequence[str | Path], port: int, env: Mapping[str, str] | None = None
    ) -> Running:
        """A new one, ready for calls; it announces its address itself. Raises NotStarted."""
        with self.log.open("ab") as log:
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
            # Its own announcement: an answer on the port could be that of somebody else's.
            if f"http://127.0.0.1:{port}" in self._written(began):
                found = Running(child.pid, port, identity)
                self.record.write_text(json.dumps(asdict(found)) + "\n")
                child.returncode = 0  # it is to outlive us: Popen need not warn that nobody waits
                return found
            time.sleep(0.02)
        child.kill()
        child.wait()
        raise NotStarted((self._written(began) or ["it said nothing"])[-1])

    def stop(self) -> bool:
        """Stop it if it runs; whether there was one to stop."""
        found = self.running()
        stopped = found is not None and process.end(found.pid, found.identity)
        self.record.unlink(missing_ok=True)
        return stopped

    def _written(self, began: int) -> list[str]:
        with self.log.open("rb") as log:
            log.seek(began)
            return log.read().decode(errors="replace").strip().splitlines()


def free(port: int) -> bool:
    """Whether a server may listen on a port of this machine."""
    with socket.socket() as candidate:
        # As servers do: the closed connections of one just stopped are no obstacle.
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
