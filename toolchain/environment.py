"""The project's virtual environment, `.venv`, with everything at the pinned versions.

Made once; a stamp in it tells what it was made from, so that a second run only reads the
stamp, and a changed pyproject.toml, requirements.txt or constraints.txt brings it up to
date. In another place, or when its Python has vanished, it is made anew.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from toolchain import lock
from toolchain.say import Refusal, say

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / ".venv"
PYTHON = FOLDER / "bin" / "python"
STAMP = FOLDER / "made-from"
SOURCES = ("pyproject.toml", "requirements.txt", "constraints.txt")
HEADER = """\
# Every version that the project's own set-up installs: what its tests have run with.
# Made by `make constraints` from pyproject.toml and requirements.txt; do not edit by hand.
"""


def ensure() -> None:
    """Make `.venv` unless it is there and up to date."""
    if _current():
        return
    (PROJECT / ".local").mkdir(exist_ok=True)
    with lock.held(PROJECT / ".local" / "setup.lock", "another run is setting up .venv"):
        if not _current():
            _make()


def run(*argv: str | Path, env: dict[str, str] | None = None) -> int:
    """Run a tool of the environment in the project's folder; its exit code."""
    path = FOLDER / "bin" / argv[0]
    return subprocess.call([path, *argv[1:]], cwd=PROJECT, env=env)


def pin() -> int:
    """Write constraints.txt anew: the newest versions that fit, as of now."""
    with tempfile.TemporaryDirectory() as scratch:
        python = Path(scratch, "venv", "bin", "python")
        _call([sys.executable, "-m", "venv", f"{scratch}/venv"])
        _call([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip", "setuptools"])
        # Without its own `-c constraints.txt`, which would keep every version as it is.
        wanted = (PROJECT / "requirements.txt").read_text().splitlines()
        loose = Path(scratch, "requirements.txt")
        loose.write_text("\n".join(line for line in wanted if not line.startswith("-c")))
        _call([python, *_install(loose)])
        listed = subprocess.run(
            [python, "-m", "pip", "freeze", "--all", "--exclude-editable"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    pinned = [line for line in listed.splitlines() if re.match(r"[\w.-]+==", line)]
    (PROJECT / "constraints.txt").write_text(HEADER + "\n".join(pinned) + "\n")
    return 0


def _make() -> None:
    say("setting up .venv (once, about a minute)")
    # One of another place or with a vanished Python is of no use; any other is brought up
    # to date, with what its owner has added.
    again = [] if _usable() else ["--clear"]
    STAMP.unlink(missing_ok=True)
    _call(
        [sys.executable, "-m", "venv", *again, FOLDER],
        "this Python cannot make virtual environments; install python3-venv or say "
        "`make PYTHON=/path/to/another/python3`",
    )
    pinned = ["-c", str(PROJECT / "constraints.txt")]
    # What builds and installs is pinned as well, which pip's own isolated build would not do.
    _call([PYTHON, "-m", "pip", "install", "--quiet", *pinned, "pip", "setuptools"])
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
        return True  # shared with another clone, whose it is to keep up to date
    try:
        return PYTHON.exists() and STAMP.read_text() == _made_from()
    except OSError:
        return False


def _made_from() -> str:
    digest = hashlib.sha256(b"\0".join((PROJECT / name).read_bytes() for name in SOURCES))
    # Scripts and the editable install hold the absolute path of the folder.
    return f"{digest.hexdigest()} {PROJECT}\n"
