"""The pack with an environment of its own, and a stack whose previews it looks at."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import MakeStack
from tests.support.cli import Stack
from tests.support.cli_result import executable
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY
from toolchain import lock

PACK = REPOSITORY / "policy"


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack's folder, set up as `docs/policy.md` says, once for as long as it asks for the
    same packages."""
    wanted = hashlib.sha256((PACK / "requirements.txt").read_bytes()).hexdigest()
    stamp = PACK / ".venv" / "made-from"
    (REPOSITORY / ".local").mkdir(exist_ok=True)
    with lock.held(REPOSITORY / ".local" / "policy.lock", "another run sets up the policy pack"):
        if not (stamp.exists() and stamp.read_text() == wanted):
            shutil.rmtree(PACK / ".venv", ignore_errors=True)
            home = tmp_path_factory.mktemp("home")
            # Where packages come from is the user's own setting.
            env = {**os.environ, "PULUMI_HOME": str(home), "PULUMI_SKIP_UPDATE_CHECK": "true"}
            env["PATH"] = f"{executable().parent}:{env['PATH']}"
            command = [str(executable()), "install", "-C", str(PACK)]
            subprocess.run(command, env=env, check=True, capture_output=True, text=True)
            stamp.write_text(wanted)
    return PACK


@pytest.fixture
def production(make_stack: MakeStack, emulator: Emulator) -> Stack:
    """Stack `prod`, not yet deployed."""
    # What the policies are about is let through by our own checks with a warning.
    return make_stack(name="prod", env={**emulator.env, "EGAIN_VALIDATION": "warn"})
