"""A temporary virtual environment with the packages of a lock file, checked by their hashes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from toolchain.say import Refusal


def environment(folder: Path, lock: Path) -> str:
    """Make it in `folder` and install what `lock` names; return the path of its Python."""
    python = folder / "venv" / "bin" / "python"
    _run(
        [sys.executable, "-m", "venv", str(folder / "venv")],
        "this Python cannot make virtual environments; install python3-venv or another Python",
    )
    _run(
        [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)],
        f"pip cannot install {lock.name}; check the network, pip's index setting and disk space",
    )
    return str(python)


def _run(argv: list[str], advice: str) -> None:
    done = subprocess.run(
        argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        said = f" (it said: {lines[-1].strip()})" if lines else ""
        raise Refusal(f"{advice}{said}")
