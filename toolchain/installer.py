"""The official installer, through the Pulumi SDK's `PulumiCommand.install`.

It runs only if its host answers within seconds, and in a child with a time limit: the SDK's call
has none, and would wait forever behind a firewall that drops packets.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from toolchain import cache, pypi
from toolchain.say import say

HOST = "https://get.pulumi.com/"
PROBE_SECONDS = 4
INSTALL_SECONDS = 600

# In a child, because urllib's time-out does not end a DNS look-up.
PROBE = (
    "import sys, urllib.request as r; r.urlopen(r.Request(sys.argv[1], method='HEAD'), timeout=3)"
)
INSTALL = (
    "import sys, semver; from pulumi.automation import PulumiCommand; "
    "PulumiCommand.install(root=sys.argv[1], version=semver.VersionInfo.parse(sys.argv[2]))"
)


def install(folder: Path, lock: int) -> bool:
    """Install into `folder`; return False, after a line on stderr, if that is not possible."""
    if not _run([sys.executable, "-c", PROBE, f"{HOST}install.sh"], PROBE_SECONDS):
        say("the official Pulumi installer cannot be reached from here")
        return False
    say(f"installing the Pulumi CLI {cache.VERSION} with the official installer")
    with tempfile.TemporaryDirectory() as scratch:
        python = sys.executable
        if importlib.util.find_spec("pulumi") is None:
            python = pypi.environment(Path(scratch), f"pulumi=={cache.VERSION}")
        if _run([python, "-c", INSTALL, str(folder), cache.VERSION], INSTALL_SECONDS, lock):
            return True
    say("the official Pulumi installer did not finish")
    return False


def _run(argv: list[str], limit: float, *inherit: int) -> bool:
    """Run a child silently, end it and its children at the limit; return whether it succeeded."""
    child = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=inherit,
        start_new_session=True,
    )
    try:
        return child.wait(limit) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
