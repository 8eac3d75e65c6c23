"""Identifies a process that we started, when another one may have its pid by now."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")


def identity(pid: int) -> str | None:
    """Return the boot and the start time of a process; None if it is gone.

    Together with the pid they identify it. The command line does not: an exec changes it, and it
    is empty while a process ends.
    """
    if not BOOT.exists():  # no Linux: ps knows the start to the second
        told = subprocess.run(
            ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        ).stdout.strip()
        state, _, rest = told.partition(" ")
        return rest.strip() if rest and not state.startswith("Z") else None
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    state, started = after_name[0], after_name[19]  # fields 3 and 22 of proc(5)
    if state in ("Z", "X"):
        return None
    return f"{BOOT.read_text().strip()} {started}"


def end(pid: int, known_as: str, patience: float = 5.0) -> bool:
    """End the process if it is still the known one; return False if not."""
    if identity(pid) != known_as:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while identity(pid) == known_as:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            deadline += patience
        time.sleep(0.02)
    return True
