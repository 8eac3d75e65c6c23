"""`scripts/apply STACK FOLDER`: apply the reviewed preview, or nothing."""

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
"""The pull request's labels, which `scripts/post reviewed` writes beside the preview."""
MOST = 5


def run(stack: str, folder: str) -> int:
    """Apply a reviewed preview; return 3 if its risk is not acknowledged.

    Makes the preview again and compares both, because the folder is not trusted: it can only
    narrow what is applied. The plan then limits `pulumi up`. The CLI checks the plan in the
    preview of `up`; with `--skip-preview` it would refuse half-way.
    """
    reviewed = bundle.read(Path(folder).absolute())
    if reviewed.about.stack != stack:
        raise Refusal(f"{folder} is a preview of {reviewed.about.stack}, not of {stack}")
    _check_versions(reviewed)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        now = bundle.make(stack, scratch, scratch, refreshed=reviewed.about.refreshed)
        _check_change(reviewed, now)
        if now.label and now.label not in _acknowledgements(reviewed.folder):
            say(
                f"{stack}: not applied. It needs the acknowledgement {now.label}: add that label "
                "to the pull request and run this job again, or pass it to a run by hand"
            )
            return bundle.RISKY
        # Another commit with the same change: what was merged in between is already applied, and
        # the old plan does not have it.
        plan = reviewed.plan if reviewed.about.tree == now.about.tree else now.plan
        refresh = ["--refresh"] if now.about.refreshed else []
        code, forbidden = cli.up(stack, plan, *refresh)
    if forbidden:
        raise Refusal(
            f"{stack}: nothing was applied: the plan does not allow the change above. "
            "Review a new preview"
        )
    if code:
        raise Refusal(
            f"{stack}: pulumi up failed, see above. The state has what it did; run this job by "
            "hand to review and apply the rest"
        )
    return 0


def _check_versions(reviewed: Bundle) -> None:
    then, now = reviewed.about.versions, bundle.versions()
    other = [
        f"{name} {then.get(name)}, here {now[name]}" for name in now if then.get(name) != now[name]
    ]
    if other:
        raise Refusal(
            f"{reviewed.about.stack}: nothing was applied: the preview was made with "
            f"{'; '.join(other)}. Preview again with these versions"
        )


def _check_change(reviewed: Bundle, now: Bundle) -> None:
    try:
        found = differences(reviewed.report, now.report)
    except (KeyError, TypeError):
        raise Refusal(
            f"{reviewed.folder}: {bundle.REPORT} is not a report of this version. "
            "Review a new preview"
        ) from None
    if not found:
        return
    more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    if reviewed.about.tree != now.about.tree:
        why = "The program has changed since then"
    elif now.about.refreshed:
        why = "The program is the same; the stack or eGain has changed since then"
    else:
        why = "The program is the same; the stack has changed since then"
    raise Refusal(
        f"{now.about.stack}: nothing was applied: this is not the change that was reviewed; it "
        f"differs in {', '.join(found[:MOST])}{more}. {why}. Review a new preview"
    )


def differences(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return the objects and properties in which two reports differ."""
    old, new = _facts(then), _facts(now)
    return [" ".join(key) for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)]


def _facts(report: dict[str, Any]) -> dict[tuple[str, ...], Any]:
    facts: dict[tuple[str, ...], Any] = {}
    for change in report["changes"]:
        name = (change["kind"], f'"{change["name"]}"')
        facts[name] = (change["op"], change["id"])
        for each in change["properties"]:
            facts[(*name, each["path"])] = each
    for risk in report["risks"]:
        name = (risk["kind"], f'"{risk["name"]}"')
        facts[(*name, risk["path"], f"({risk['risk']})")] = risk
    return facts


def _acknowledgements(folder: Path) -> set[str]:
    labels = folder / LABELS
    text = labels.read_text() if labels.exists() else ""
    return set(re.split(r"[\s,]+", f"{text} {os.environ.get('ACKNOWLEDGED', '')}"))
