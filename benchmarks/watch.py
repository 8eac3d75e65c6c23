"""How much memory the processes of a command take.

From /proc, where there is one; on other systems these figures are left out.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from tests.support.process import members

SECONDS: Final = 0.1
"""Between two looks: often enough for the peak that the kernel itself keeps for each process."""

ROLES: Final = {
    "pulumi-language-python-exec": "program",
    "pulumi-language-python": "language host",
    "language_host.py": "language host",
    "pulumi.dynamic": "plugin host",
    "pulumi-resource-pulumi-python": "plugin host",
    "/pulumi ": "CLI",
}
"""What the command line of a process holds, the longer text first."""


class Watch(threading.Thread):
    """Looks at all processes of a session until it is told to end."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session = session
        self._ended = threading.Event()
        self.peaks: dict[str, float] = {}
        """Role → most resident memory of one process of it, in megabytes."""

    def run(self) -> None:
        """Look until `end`."""
        while not self._ended.wait(SECONDS):
            self.look()

    def look(self) -> None:
        """One look."""
        for pid in members(self._session):
            folder = Path(f"/proc/{pid}")
            try:
                command = (folder / "cmdline").read_text().replace("\0", " ")
                status = (folder / "status").read_text()
            except OSError:  # ended while we were looking, or no /proc
                continue
            peak = _megabytes(status)
            role = next((role for part, role in ROLES.items() if part in command), "other")
            self.peaks[role] = max(self.peaks.get(role, 0.0), peak)

    def end(self) -> dict[str, float]:
        """Stop looking; what was seen."""
        self._ended.set()
        self.join()
        return {role: round(peak, 1) for role, peak in sorted(self.peaks.items())}


def _megabytes(status: str) -> float:
    peak = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(peak.split()[1]) * 1024 / 1e6
