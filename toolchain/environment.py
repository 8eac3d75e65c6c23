"""The project's virtual environment, `.venv`, with all packages at their pinned versions.

A stamp in it identifies the files that it was made from: it is updated when pyproject.toml,
requirements.txt or constraints.txt changes, and made again when the folder has moved or its Python
is gone.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from toolchain import golang, lock, locks, private, pypi
from toolchain.say import Refusal, say

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / ".venv"
PYTHON = FOLDER / "bin" / "python"
STAMP = FOLDER / "made-from"
LOCK = PROJECT / "requirements.lock"
AUDIT = PROJECT / "toolchain" / "audit.lock"
AUDITOR = "pip-audit>=2.9,<3"
SOURCES = ("pyproject.toml", "requirements.txt", "constraints.txt", "requirements.lock")
HEADER = """\
# Every version that the project's own set-up installs: what its tests have run with.
# Made by `make constraints` from pyproject.toml and requirements.txt; do not edit by hand.
"""


def ensure() -> None:
    """Make or update `.venv`, unless it is up to date."""
    if _current():
        return
    private.folder(PROJECT / ".local")
    with lock.held(PROJECT / ".local" / "setup.lock", "another run is setting up .venv"):
        if not _current():
            _make()


def run(*argv: str | Path, env: dict[str, str] | None = None) -> int:
    """Run a tool of `.venv` in the project's folder; return its exit code."""
    path = FOLDER / "bin" / argv[0]
    return subprocess.call([path, *argv[1:]], cwd=PROJECT, env=env)


def pin() -> int:
    """Update constraints.txt and the lock files to the newest versions allowed."""
    with tempfile.TemporaryDirectory() as scratch:
        # Without its line `-c constraints.txt`, which would keep every version.
        wanted = (PROJECT / "requirements.txt").read_text().splitlines()
        loose = Path(scratch, "requirements.txt")
        loose.write_text("\n".join(line for line in wanted if not line.startswith("-c")))
        pinned = _newest(Path(scratch, "venv"), *_install(loose))
        auditor = _newest(Path(scratch, "audit"), "-m", "pip", "install", "--quiet", AUDITOR)
    (PROJECT / "constraints.txt").write_text(HEADER + "\n".join(pinned) + "\n")
    locks.write(LOCK, pinned)
    locks.write(AUDIT, auditor)
    locks.write(golang.LOCK, [golang.PACKAGE])
    return 0


def audit() -> int:
    """Look for known vulnerabilities in what is pinned; return 1 if there are any."""
    with tempfile.TemporaryDirectory() as scratch:
        python = pypi.environment(Path(scratch), AUDIT)
        # The lock has all packages: nothing is resolved or installed.
        options = ["--require-hashes", "--disable-pip", "--strict", "--progress-spinner", "off"]
        return subprocess.call([python, "-m", "pip_audit", *options, "-r", str(LOCK)])


def _newest(folder: Path, *install: str) -> list[str]:
    """Install into a new environment; return every package that it then has."""
    python = folder / "bin" / "python"
    _call([sys.executable, "-m", "venv", folder])
    _call([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip", "setuptools"])
    _call([python, *install])
    listed = subprocess.run(
        [python, "-m", "pip", "freeze", "--all", "--exclude-editable"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [line for line in listed.splitlines() if re.match(r"[\w.-]+==", line)]


def _make() -> None:
    say("setting up .venv (once, about a minute)")
    # A moved one, or one without its Python, is unusable; any other keeps what its owner added.
    again = [] if _usable() else ["--clear"]
    STAMP.unlink(missing_ok=True)
    _call(
        [sys.executable, "-m", "venv", *again, FOLDER],
        "this Python cannot make virtual environments; install python3-venv or run "
        "`make PYTHON=/path/to/another/python3`",
    )
    pinned = ["-c", str(PROJECT / "constraints.txt")]
    # Also the build tools, which pip's isolated builds would not pin.
    _call([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK])
    # The project itself, and what its owner has added to requirements.txt.
    _call([PYTHON, *_install(PROJECT / "requirements.txt"), *pinned])
    STAMP.write_text(_made_from())


def _install(requirements: Path) -> list[str]:
    argv = ["-m", "pip", "install", "--quiet", "--no-build-isolation"]
    return [*argv, "-r", str(requirements), "-e", f"{PROJECT}[dev]"]


def _call(
    argv: list[str | Path],
    advice: str = "the dependencies cannot be installed; check the network, pip's index "
    "setting and disk space, then run make again",
) -> None:
    env = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    env.pop("PIP_REQUIRE_VIRTUALENV", None)
    done = subprocess.run(
        argv,
        cwd=PROJECT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        say(done.stdout.strip())
        raise Refusal(advice)


def _usable() -> bool:
    if not PYTHON.exists():
        return False
    probe = "import sys; sys.exit(sys.version_info < (3, 11))"
    here = not STAMP.exists() or STAMP.read_text().endswith(f" {PROJECT}\n")
    return here and subprocess.call([PYTHON, "-c", probe], stderr=subprocess.DEVNULL) == 0


def _current() -> bool:
    if FOLDER.is_symlink() and PYTHON.exists():
        return True  # of another clone, which updates it
    try:
        return PYTHON.exists() and STAMP.read_text() == _made_from()
    except OSError:
        return False


def _made_from() -> str:
    digest = hashlib.sha256(b"\0".join((PROJECT / name).read_bytes() for name in SOURCES))
    # Scripts and the editable install hold the absolute path of the folder.
    return f"{digest.hexdigest()} {PROJECT}\n"
