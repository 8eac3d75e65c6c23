"""Builds the Pulumi CLI from Go modules, for machines that reach package registries only.

`go.mod` and `go.sum` beside this file pin every module. An interrupted build continues where it
stopped: Go's own cache keeps what was compiled.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from toolchain import cache, golang
from toolchain.offline import progress
from toolchain.say import Refusal, say

MODULE = Path(__file__).resolve().parent
CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK = "github.com/pulumi/pulumi/sdk/v3"
SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")
PACKAGES = 1700  # of the CLI, roughly; for the progress line
FREE_BYTES = 5_000_000_000  # modules, Go's build cache and the result, with some room
BY_HAND = "or install the Pulumi CLI by hand and set EGAIN_PULUMI_CLI to it"


def build(folder: Path, lock: int) -> bool:
    """Build into `folder`/bin. Refusal: no Go, no network, no disk space, or Go's own error."""
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES:
        raise Refusal(
            f"building the Pulumi CLI needs {FREE_BYTES / 1e9:.0f} GB of disk and {folder.parent} "
            f"has {free / 1e9:.1f} GB; free some, set XDG_CACHE_HOME elsewhere, {BY_HAND}"
        )
    say("building the Pulumi CLI, 4–7 minutes, once")
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        go, env = golang.find(MODULE, Path(scratch))
        _compile(go, env, folder / "bin" / "pulumi", lock)
        where = [go, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", SDK]
        sdk = Path(golang.output(where, MODULE, env))
        for script in SCRIPTS:
            target = folder / "bin" / Path(script).name
            shutil.copyfile(sdk / script, target)
            target.chmod(0o755)
    golang.forget()
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

    code = progress.run(argv, MODULE, env, log, line, (lock,))
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
