"""The official release of the Pulumi CLI, if its checksum is right (`archive.py`).

It is fetched only if its host answers within seconds, and in a child with a time limit: a firewall
may drop packets, or an answer may never end.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from toolchain import archive, cache
from toolchain.say import say

PROBE_SECONDS = 4
INSTALL_SECONDS = 600

# In a child, because urllib's time-out does not end a DNS look-up.
PROBE = (
    "import sys, urllib.request as r; r.urlopen(r.Request(sys.argv[1], method='HEAD'), timeout=3)"
)


def install(folder: Path, lock: int) -> bool:
    """Install into `folder`; return False, after a line on stderr, if that is not possible."""
    if _run([sys.executable, "-c", PROBE, f"{archive.HOST}install.sh"], PROBE_SECONDS) is not None:
        say("the official Pulumi release cannot be reached from here")
        return False
    say(f"fetching the Pulumi CLI {cache.VERSION}, the official release")
    command = [sys.executable, str(archive.__file__), str(folder), cache.VERSION]
    problem = _run(command, INSTALL_SECONDS, lock)
    if problem is None:
        return True
    say(f"the official Pulumi release is not used: {problem}")
    return False


def _run(argv: list[str], limit: float, *inherit: int) -> str | None:
    """Run a child, end it and its children at the limit; return what was wrong, if anything."""
    child = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        pass_fds=inherit,
        start_new_session=True,
    )
    try:
        _, said = child.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return f"not done within {limit:.0f} s"
    return (said.strip().splitlines() or ["no reason given"])[-1] if child.returncode else None
