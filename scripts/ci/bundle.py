"""What was previewed, in a folder: the comment, the report, the plan, and what they were made of.

comment.md    for the pull request; its first line is the marker that it is found again by
report.json   `egain-pulumi report --json`
plan.json     `pulumi preview --save-plan`; secrets in it are encrypted as in the stack's file
about.json    stack, versions, the program's tree in git, and what it was compared with
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
    """What a preview was made of."""

    stack: str
    refreshed: bool
    """Compared with the tenant, not with the state alone."""
    tree: str | None
    """git's name for the whole program: the same text has the same name, whatever the commit."""
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
        """What acknowledges exactly these rows of risk; None where there are none."""
        risks = self.report["risks"]
        if not risks:
            return None
        text = json.dumps(risks, sort_keys=True)
        return LABEL + hashlib.sha256(text.encode()).hexdigest()[:8]


def versions() -> dict[str, str]:
    """Whatever decides on what a plan says."""
    done = cli.call("pulumi", "version")
    return {
        "Pulumi CLI": done.stdout.strip().removeprefix("v"),
        "pulumi": version("pulumi"),
        "egain-pulumi": version("egain-pulumi"),
    }


def make(stack: str, folder: Path, scratch: Path, *, refreshed: bool) -> Bundle:
    """Preview a stack into a folder, all but the comment. Raises Refusal.

    What `pulumi preview --json` says stays in `scratch`. A preview that failed leaves nothing that
    could be taken for its result.
    """
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    options = ["--save-plan", str(folder / PLAN), *(["--refresh"] if refreshed else [])]
    done = cli.pulumi(stack, "preview", "--json", "--show-sames", *options)
    if done.returncode and not done.stdout.startswith("{"):
        raise Refusal(f"{stack}: {cli.words(done)}")
    (scratch / PREVIEW).write_text(done.stdout)
    # Of a preview that failed it says what was wrong.
    report = json.loads(told(stack, scratch, "--json"))
    if done.returncode:
        raise Refusal(f"{stack}: {cli.words(done)}")
    about = About(stack, refreshed, cli.git("rev-parse", "HEAD^{tree}"), versions())
    (folder / REPORT).write_text(json.dumps(report, indent=2) + "\n")
    (folder / ABOUT).write_text(json.dumps(asdict(about), indent=2) + "\n")
    return Bundle(folder, about, report)


def told(stack: str, scratch: Path, *options: str) -> str:
    """The report of a preview that was made. Raises Refusal."""
    done = cli.call("egain-pulumi", "report", "--preview", str(scratch / PREVIEW), *options)
    if done.returncode not in (0, RISKY):
        raise Refusal(f"{stack}: {cli.words(done)}")
    return done.stdout


def read(folder: Path) -> Bundle:
    """What `make` left in a folder. Raises Refusal for anything else."""
    try:
        about = About(**json.loads((folder / ABOUT).read_text()))
        report = json.loads((folder / REPORT).read_text())
        whole = (folder / PLAN).is_file() and isinstance(about.versions, dict)
        whole = whole and all(isinstance(report.get(key), list) for key in ("risks", "changes"))
    except (OSError, ValueError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise Refusal(f"{folder} holds no whole preview; make one with scripts/preview")
    return Bundle(folder, about, report)
