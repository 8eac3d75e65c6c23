"""`scripts/preview STACK FOLDER`: the comment on a pull request, and what `apply` needs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from scripts.ci import bundle, cli
from toolchain.say import Refusal, say

ASK: Final = """\

### Acknowledgement needed

This change is applied only after its risks are acknowledged: add the label `{label}` to this pull
request, or pass it to a run by hand. It stands for exactly these risks.
"""
FAILED: Final = "The preview failed; the log of its job says why. There is nothing to apply.\n"


def run(stack: str, folder: str) -> int:
    """Preview a stack; return 3 if the change needs an acknowledgement."""
    target = cli.output_folder(folder)
    try:
        with tempfile.TemporaryDirectory() as name:
            made = bundle.make(stack, target, Path(name), refreshed=cli.may_read())
            report = bundle.write_report(stack, Path(name))
    except Refusal:
        _write(target, stack, FAILED)
        raise
    _write(target, stack, report + (ASK.format(label=made.label) if made.label else ""))
    say(f"{stack}: {made.report['sentence']}")
    if made.label is None:
        return 0
    say(f"{stack}: needs the acknowledgement {made.label}")
    return bundle.RISKY


def marker(stack: str) -> str:
    """Return the first line of a stack's comment, by which `scripts/post` finds it again."""
    return f"<!-- egain-pulumi: preview of {stack} -->"


def _write(folder: Path, stack: str, text: str) -> None:
    (folder / bundle.COMMENT).write_text(f"{marker(stack)}\n## Preview of `{stack}`\n\n{text}")
