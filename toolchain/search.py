"""Searches a usable Pulumi CLI, in this order:

    1. EGAIN_PULUMI_CLI       the executable or its folder; an error if it is not usable
    2. `pulumi` on PATH       with its Python language host beside it or on PATH
    3. our cache              egain-pulumi/pulumi-<version> under the user's cache folder
    4. the official installer if it can be reached
    5. a build of Go modules  minutes, once

Usable: version 3.259 or newer (the first whose engine and Python SDK fit this project) and
`pulumi-language-python`, without which the CLI cannot run a Python program.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from toolchain import cache, installer
from toolchain.offline import gobuild
from toolchain.say import Refusal, say

VARIABLE = "EGAIN_PULUMI_CLI"
OLDEST = (3, 259, 0)
LANGUAGE_HOST = "pulumi-language-python"

WAYS: tuple[cache.Way, ...] = (
    cache.Way("the official installer", installer.install),
    cache.Way("Go modules", gobuild.build),
)


def find(ways: Sequence[cache.Way] = WAYS) -> Path:
    """Return the path of a usable `pulumi`; fill the cache if there is none."""
    if setting := os.environ.get(VARIABLE):
        return _explicit(Path(setting).expanduser())
    return _on_path() or cache.cli(ways)


def version(executable: Path) -> tuple[int, int, int]:
    """Return the version of a CLI. Refusal: it does not start, or is not Pulumi's."""
    try:
        done = subprocess.run(
            [executable, "version"],
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refusal(f"{executable} does not start ({error})") from error
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", done.stdout.strip())
    if done.returncode or not found:
        raise Refusal(f"{executable} does not answer `version` as the Pulumi CLI does")
    return int(found[1]), int(found[2]), int(found[3])


def _problem(executable: Path) -> str | None:
    """Return why this executable is not usable, or None."""
    try:
        found = version(executable)
    except Refusal as refusal:
        return str(refusal)
    if found < OLDEST:
        return f"{executable} is version {_text(found)}, and {_text(OLDEST)} or newer is needed"
    beside = executable.resolve().parent / LANGUAGE_HOST
    if not os.access(beside, os.X_OK) and not shutil.which(LANGUAGE_HOST):
        return f"{executable} has no {LANGUAGE_HOST} beside it or on PATH"
    return None


def _explicit(setting: Path) -> Path:
    candidates: list[Callable[[], Path]] = [
        lambda: setting,
        lambda: setting / "pulumi",
        lambda: setting / "bin" / "pulumi",
    ]
    for candidate in candidates:
        executable = candidate().absolute()
        if executable.is_file():
            if problem := _problem(executable):
                raise Refusal(f"{VARIABLE}: {problem}; point it at another CLI or unset it")
            return executable
    raise Refusal(f"{VARIABLE}={setting} has no `pulumi` executable; correct it or unset it")


def _on_path() -> Path | None:
    name = shutil.which("pulumi")
    if not name:
        return None
    executable = Path(name).absolute()
    # After `. .local/env` our own cache is on PATH; the cache step also keeps it up to date.
    if executable.resolve().is_relative_to(cache.root().resolve()):
        return None
    if problem := _problem(executable):
        say(f"not using the CLI on PATH: {problem}")
        return None
    return executable


def _text(number: tuple[int, int, int]) -> str:
    return ".".join(map(str, number))
