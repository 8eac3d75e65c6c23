"""`scripts/apply STACK FOLDER`: what was previewed is applied, or nothing is."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Any

from scripts.ci import bundle, cli
from scripts.ci.bundle import Bundle
from toolchain.say import Refusal, say

LABELS = "labels.txt"
"""What `scripts/post reviewed` found on the pull request, beside the preview."""
MOST = 5


def run(stack: str, folder: str) -> int:
    """Apply a preview that was read by people; 3 where nobody has acknowledged its risk.

    The preview is made again, and compared: neither the folder nor whoever wrote it is trusted
    with more than to narrow what is applied. The plan then holds `pulumi up` to it. The CLI checks
    it in the preview that `up` makes first: without that one it would refuse half-way.
    """
    reviewed = bundle.read(Path(folder).absolute())
    if reviewed.about.stack != stack:
        raise Refusal(f"{folder} is a preview of {reviewed.about.stack}, not of {stack}")
    _same_versions(reviewed)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        now = bundle.make(stack, scratch, scratch, refreshed=reviewed.about.refreshed)
        _same_change(reviewed, now)
        if now.label and now.label not in _acknowledged(reviewed.folder):
            say(
                f"{stack}: not applied. It needs the acknowledgement {now.label}: put it as a "
                "label on the pull request and run this job again, or give it to a run by hand"
            )
            return bundle.RISKY
        # Another commit, and the same change: what was merged in between is applied already, and
        # the older plan does not know it.
        plan = reviewed.plan if reviewed.about.tree == now.about.tree else now.plan
        refresh = ["--refresh"] if now.about.refreshed else []
        code, forbidden = cli.up(stack, plan, *refresh)
    if forbidden:
        raise Refusal(f"{stack}: nothing was applied: the plan does not allow what is said above")
    if code:
        raise Refusal(
            f"{stack}: pulumi up failed, see above. What it has done is in the state; run this job "
            "by hand to see and apply the rest"
        )
    return 0


def _same_versions(reviewed: Bundle) -> None:
    then, now = reviewed.about.versions, bundle.versions()
    other = [
        f"{name} {then.get(name)}, here {now[name]}" for name in now if then.get(name) != now[name]
    ]
    if other:
        raise Refusal(
            f"{reviewed.about.stack}: nothing was applied: the preview was made with "
            f"{'; '.join(other)}. Preview again with these versions"
        )


def _same_change(reviewed: Bundle, now: Bundle) -> None:
    try:
        found = differences(reviewed.report, now.report)
    except (KeyError, TypeError):
        raise Refusal(f"{reviewed.folder}: {bundle.REPORT} is no report of this version") from None
    if not found:
        return
    more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    if reviewed.about.tree != now.about.tree:
        why = "The program has changed since"
    elif now.about.refreshed:
        why = "The program has not: the stack, or eGain itself, was changed since"
    else:
        why = "The program has not: the stack was changed since"
    raise Refusal(
        f"{now.about.stack}: nothing was applied: this is not the change that was previewed; "
        f"what differs is {', '.join(found[:MOST])}{more}. {why}. Look at a new preview"
    )


def differences(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The objects and properties that two reports do not tell alike."""
    old, new = _told(then), _told(now)
    return [" ".join(key) for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)]


def _told(report: dict[str, Any]) -> dict[tuple[str, ...], Any]:
    told: dict[tuple[str, ...], Any] = {}
    for change in report["changes"]:
        name = (change["kind"], f'"{change["name"]}"')
        told[name] = (change["op"], change["id"])
        for each in change["properties"]:
            told[(*name, each["path"])] = each
    for risk in report["risks"]:
        name = (risk["kind"], f'"{risk["name"]}"')
        told[(*name, risk["path"], f"({risk['risk']})")] = risk
    return told


def _acknowledged(folder: Path) -> set[str]:
    labels = folder / LABELS
    text = labels.read_text() if labels.exists() else ""
    return set(re.split(r"[\s,]+", f"{text} {os.environ.get('ACKNOWLEDGED', '')}"))
