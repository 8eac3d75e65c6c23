"""Calls of the Pulumi CLI, `egain-pulumi` and git in the project's folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from toolchain.say import Refusal

PROJECT = Path(__file__).resolve().parents[2]
QUIET = ("--non-interactive", "--color=never")
CREDENTIALS = ("EGAIN_CLIENT_ID", "EGAIN_CLIENT_SECRET")


def environment() -> dict[str, str]:
    """Return the variables of the job, without our empty ones.

    A secret that is not configured reaches a job as an empty variable.
    """
    ours = ("EGAIN_", "PULUMI_ACCESS_TOKEN", "PULUMI_BACKEND_URL")
    kept = {k: v for k, v in os.environ.items() if v or not k.startswith(ours)}
    return {**kept, "PULUMI_SKIP_UPDATE_CHECK": "true"}


def may_read() -> bool:
    """Whether the job has a client of eGain, so that previews read the tenant."""
    return all(os.environ.get(name) for name in CREDENTIALS)


def call(
    *command: str, env: Mapping[str, str] | None = None, cwd: Path = PROJECT
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, and return its output."""
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment() if env is None else env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def pulumi(stack: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the CLI on a stack. The caller looks at the exit code."""
    return call("pulumi", *arguments, "--stack", stack, *QUIET)


def reason(done: subprocess.CompletedProcess[str]) -> str:
    """Return why a call failed: one line of its output."""
    lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    found = next((line for line in lines if line.startswith(("error: ", "egain-pulumi: "))), None)
    text = found or (lines[-1] if lines else f"exit code {done.returncode}")
    return text.removeprefix("error: ").removeprefix("egain-pulumi: ")


def up(stack: str, plan: Path, *options: str) -> tuple[int, bool]:
    """Run `pulumi up` with a plan and show its output; return its exit code, and whether the plan
    forbade the change.

    If it did, the CLI prints the old and the new value, with secrets in plain text, on several
    lines. Only resource and property are shown of that.
    """
    forbidden = False
    with subprocess.Popen(
        ["pulumi", "up", "--yes", "--plan", str(plan), *options, "--stack", stack, *QUIET],
        cwd=PROJECT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as child:
        for line in child.stdout or ():
            if forbidden:
                continue
            forbidden = "violates plan" in line
            sys.stdout.write(re.split(r"[\[{]", line)[0].rstrip() + "\n" if forbidden else line)
            sys.stdout.flush()
    return child.returncode, forbidden


def git(*arguments: str) -> str | None:
    """Return the output of git, or None if it fails."""
    done = call("git", *arguments)
    return done.stdout.strip() or None if done.returncode == 0 else None


def output_folder(folder: str) -> Path:
    """Make the folder that a script writes into. Raises Refusal."""
    found = Path(folder).absolute()
    if found == PROJECT or (found.exists() and not found.is_dir()):
        raise Refusal(f"{folder} cannot hold the results; name another folder")
    found.mkdir(parents=True, exist_ok=True)
    return found
