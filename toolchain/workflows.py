"""Checks of the pipelines: actionlint on the workflows, shellcheck on every line of shell.

actionlint is built from Go modules, which `actionlint/go.mod` and `go.sum` pin, and kept in the
cache. shellcheck comes with the virtual environment.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from toolchain import cache, environment, golang, lock
from toolchain.say import Refusal, say

VERSION = "1.7.12"
MODULE = Path(__file__).resolve().parent / "actionlint"
COMMAND = "github.com/rhysd/actionlint/cmd/actionlint"
SHELL = ("sh", "bash")


def check(folder: Path = environment.PROJECT) -> int:
    """Check every workflow and every shell script of a project; return 0 if nothing was found."""
    shellcheck = environment.FOLDER / "bin" / "shellcheck"
    workflows = sorted((folder / ".github" / "workflows").glob("*.y*ml"))
    # By path, so that another version on PATH makes no difference.
    lint: list[str | Path] = [actionlint(), "-shellcheck", str(shellcheck), "-pyflakes", ""]
    codes = [_run([*lint, *workflows], folder)] if workflows else []
    if scripts := [file for file in _candidates(folder) if _is_shell(file)]:
        codes.append(_run([shellcheck, *scripts], folder))
    return int(any(codes))


def actionlint() -> Path:
    """Return the cached executable, built first if there is none."""
    final = cache.root() / f"actionlint-{VERSION}"
    if not final.exists():
        cache.make(cache.root())
        with lock.held(cache.root() / "lock", cache.BUSY):
            if not final.exists():
                _build(final)
    return final


def _build(final: Path) -> None:
    say("building actionlint (once, some seconds)")
    with tempfile.TemporaryDirectory(prefix=cache.STALE, dir=final.parent) as scratch:
        go, env = golang.find(MODULE, Path(scratch))
        made = Path(scratch, "actionlint")
        argv = [go, "build", "-mod=readonly", "-buildvcs=false", "-modcacherw", "-trimpath"]
        done = subprocess.run(
            [*argv, "-o", str(made), COMMAND],
            cwd=MODULE,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise Refusal(
                f"actionlint cannot be built ({last}); check the network, GOPROXY and HTTPS_PROXY"
            )
        made.rename(final)
    golang.forget()


def _candidates(folder: Path) -> list[Path]:
    places = ("scripts", ".ci", "toolchain/offline")
    return sorted(file for each in places for file in (folder / each).glob("*") if file.is_file())


def _is_shell(file: Path) -> bool:
    with file.open("rb") as opened:
        first = opened.readline(200).decode(errors="replace").split()
    named = bool(first) and first[0].startswith("#!")
    return named and any(Path(word.removeprefix("#!")).name in SHELL for word in first)


def _run(command: Sequence[str | Path], folder: Path) -> int:
    if not shutil.which(command[0]):
        raise Refusal(f"{command[0]} is missing; remove .venv and run make check again")
    return subprocess.call([str(each) for each in command], cwd=folder)
