"""Peak memory of the processes of a command, from /proc; other systems have no such figures."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from tests.support.process import members

SECONDS: Final = 0.1
"""Interval of polling. The kernel keeps the peak of each process, so it need not be shorter."""

ROLES: Final = {
    "pulumi-language-python-exec": "program",
    "pulumi-language-python": "language host",
    "language_host.py": "language host",
    "pulumi.dynamic": "plugin host",
    "pulumi-resource-pulumi-python": "plugin host",
    "/pulumi ": "CLI",
}
"""Part of a command line → role. The first match counts, so longer texts come first."""


class Watch(threading.Thread):
    """Polls all processes of a session until it is stopped."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session = session
        self._stopped = threading.Event()
        self.peaks: dict[str, float] = {}
        """Role → peak resident memory of one process, in megabytes."""

    def run(self) -> None:
        """Poll until `stop`."""
        while not self._stopped.wait(SECONDS):
            self.record()

    def record(self) -> None:
        """Record the peaks so far."""
        for pid in members(self._session):
            folder = Path(f"/proc/{pid}")
            try:
                command = (folder / "cmdline").read_text().replace("\0", " ")
                status = (folder / "status").read_text()
            except OSError:  # the process has ended, or there is no /proc
                continue
            peak = _megabytes(status)
            role = next((role for part, role in ROLES.items() if part in command), "other")
            self.peaks[role] = max(self.peaks.get(role, 0.0), peak)

    def stop(self) -> dict[str, float]:
        """Stop polling and return the peaks."""
        self._stopped.set()
        self.join()
        return {role: round(peak, 1) for role, peak in sorted(self.peaks.items())}


def _megabytes(status: str) -> float:
    peak = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(peak.split()[1]) * 1024 / 1e6
