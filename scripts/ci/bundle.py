"""A preview in a folder:

comment.md    for the pull request; its first line is the marker by which it is found again
report.json   `egain-pulumi report --json`
plan.json     `pulumi preview --save-plan`; its secrets are encrypted as in the stack's file
about.json    stack, versions, the program's tree in git, and whether the tenant was read
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from scripts.ci import cli
from toolchain.say import Refusal

COMMENT: Final = "comment.md"
REPORT: Final = "report.json"
PLAN: Final = "plan.json"
ABOUT: Final = "about.json"
PREVIEW: Final = "preview.json"
FILES: Final = (COMMENT, REPORT, PLAN, ABOUT)
LABEL: Final = "acknowledged-"
RISKY: Final = 3


@dataclass(frozen=True)
class About:
    """The origin of a preview."""

    stack: str
    refreshed: bool
    """Compared with the tenant, not only with the state."""
    tree: str | None
    """git's hash of all files, which is the same in each commit with the same files."""
    versions: dict[str, str]


@dataclass(frozen=True)
class Bundle:
    """A preview in its folder."""

    folder: Path
    about: About
    report: dict[str, Any]

    @property
    def plan(self) -> Path:
        """The file for `pulumi up --plan`."""
        return self.folder / PLAN

    @property
    def label(self) -> str | None:
        """The label that acknowledges exactly these risks; None if there are none."""
        risks = self.report["risks"]
        if not risks:
            return None
        text = json.dumps(risks, sort_keys=True)
        return LABEL + hashlib.sha256(text.encode()).hexdigest()[:8]


def versions() -> dict[str, str]:
    """Return the versions that a plan depends on."""
    done = cli.call("pulumi", "version")
    return {
        "Pulumi CLI": done.stdout.strip().removeprefix("v"),
        "pulumi": version("pulumi"),
        "egain-pulumi": version("egain-pulumi"),
    }


def make(stack: str, folder: Path, scratch: Path, *, refreshed: bool) -> Bundle:
    """Preview a stack and write all files but the comment. Raises Refusal.

    The output of `pulumi preview --json` goes to `scratch`. A failed preview leaves no files, so
    that nothing can be taken for its result.
    """
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    options = ["--save-plan", str(folder / PLAN), *(["--refresh"] if refreshed else [])]
    done = cli.pulumi(stack, "preview", "--json", "--show-sames", *options)
    if done.returncode and not done.stdout.startswith("{"):
        raise Refusal(f"{stack}: {cli.reason(done)}")
    (scratch / PREVIEW).write_text(done.stdout)
    # Refuses a failed preview with the preview's own error.
    report = json.loads(write_report(stack, scratch, "--json"))
    if done.returncode:
        raise Refusal(f"{stack}: {cli.reason(done)}")
    about = About(stack, refreshed, cli.git("rev-parse", "HEAD^{tree}"), versions())
    (folder / REPORT).write_text(json.dumps(report, indent=2) + "\n")
    (folder / ABOUT).write_text(json.dumps(asdict(about), indent=2) + "\n")
    return Bundle(folder, about, report)


def write_report(stack: str, scratch: Path, *options: str) -> str:
    """Return the report on the preview in `scratch`. Raises Refusal."""
    done = cli.call("egain-pulumi", "report", "--preview", str(scratch / PREVIEW), *options)
    if done.returncode not in (0, RISKY):
        raise Refusal(f"{stack}: {cli.reason(done)}")
    return done.stdout


def read(folder: Path) -> Bundle:
    """Read the files that `make` wrote. Raises Refusal if any is missing or damaged."""
    try:
        about = About(**json.loads((folder / ABOUT).read_text()))
        report = json.loads((folder / REPORT).read_text())
        complete = (folder / PLAN).is_file() and isinstance(about.versions, dict)
        complete &= all(isinstance(report.get(key), list) for key in ("risks", "changes"))
    except (OSError, ValueError, TypeError, AttributeError):
        complete = False
    if not complete:
        raise Refusal(f"{folder} holds no complete preview; make one with scripts/preview")
    return Bundle(folder, about, report)
