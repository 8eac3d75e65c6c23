"""`scripts/preview STACK FOLDER`: what a pull request is told."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from scripts.ci import bundle, cli
from scripts.ci.bundle import Bundle
from toolchain.say import Refusal, say

ASK: Final = """\

### Somebody has to say yes

This change applies only once the rows of risk are acknowledged: put the label `{label}` on this
pull request, or give it to a run by hand. It stands for these rows and no others.
"""
FAILED: Final = "The preview failed: its job says why. Nothing can be applied from here.\n"


def run(stack: str, folder: str) -> int:
    """Preview a stack; 3 where somebody has to acknowledge the change."""
    target = cli.checked(folder)
    try:
        with tempfile.TemporaryDirectory() as name:
            made = bundle.make(stack, target, Path(name), refreshed=cli.may_read())
            report = bundle.told(stack, Path(name))
    except Refusal:
        _write(target, stack, FAILED)
        raise
    _write(target, stack, report + (ASK.format(label=made.label) if made.label else ""))
    say(f"{stack}: {made.report['sentence']}")
    return _told(made)


def _told(made: Bundle) -> int:
    if made.label is None:
        return 0
    say(f"{made.about.stack}: needs the acknowledgement {made.label}")
    return bundle.RISKY


def marker(stack: str) -> str:
    """The first line of a stack's comment: the one comment is found again by it."""
    return f"<!-- egain-pulumi: preview of {stack} -->"


def _write(folder: Path, stack: str, text: str) -> None:
    (folder / bundle.COMMENT).write_text(f"{marker(stack)}\n## Preview of `{stack}`\n\n{text}")
