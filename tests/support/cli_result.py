"""Which CLI is run, and what a call of it says."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.process import REPOSITORY


@functools.cache
def executable() -> Path:
    """The CLI that the project's own toolchain finds (`EGAIN_PULUMI_CLI` overrules it)."""
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "toolchain" / "pulumi_cli.py")],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Path(done.stdout.strip())


@dataclass(frozen=True)
class CliResult:
    """One call of the CLI."""

    command: str
    code: int
    output: str
    """Standard output and error, in the order of arrival."""
    stdout: str
    seconds: float
    left: list[str]
    """Commands of processes that still ran when the CLI had ended; they have been ended."""

    @property
    def digest(self) -> Any:
        """The parsed JSON of a call with `json=True` (or of `stack export`)."""
        return json.loads(self.stdout)

    @property
    def ops(self) -> dict[str, str]:
        """Name → op of a `--json` preview, without the stack and the provider resources."""
        steps = self.digest.get("steps", [])
        shown = [s for s in steps if "::pulumi:p" not in s["urn"]]
        return {s["urn"].rpartition("::")[2]: s["op"] for s in shown}


class CliFailed(AssertionError):
    """A call ended with an exit code other than 0."""

    def __init__(self, result: CliResult) -> None:
        super().__init__(f"{result.command}: exit code {result.code}\n{result.output}")
        self.result = result
