"""The reports of the ten changes, for `docs/examples/`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from egain_pulumi import hub, review
from egain_pulumi.resources import KINDS
from tests.review.changes import CHANGES
from tests.review.make_previews import FOLDER
from tests.support.process import REPOSITORY

EXAMPLES: Final = REPOSITORY / "docs" / "examples"
NOTE: Final = "<!-- Written by `python -m tests.review` from a real preview. -->\n"


def stored(name: str) -> str:
    """Return the stored preview of a change."""
    return (FOLDER / f"{name}.json").read_text("utf-8")


def analyze(text: str) -> review.Review:
    """Analyze a preview."""
    return review.review(hub.preview(text, KINDS), KINDS, review.context(text))


def pages() -> dict[Path, str]:
    """Return every page of the examples."""
    written = {EXAMPLES / "README.md": _index()}
    for name in CHANGES:
        report = review.markdown(analyze(stored(name)))
        written[EXAMPLES / f"{name}.md"] = f"{NOTE}\n{report}"
    return written


def _index() -> str:
    lines = [
        NOTE,
        "# Ten changes and their reports\n",
        "Each is a change of the program in `__main__.py`, previewed by the real Pulumi CLI, and "
        "what\n`egain-pulumi report` says of it ([how to read it](../report.md)).\n",
        "| change | report | exit code |",
        "|---|---|---|",
    ]
    for name, change in CHANGES.items():
        found = analyze(stored(name))
        said = review.as_markdown(review.sentence(found))
        lines.append(f"| [{change.title}]({name}.md) | {said} | {3 if found.risks else 0} |")
    return "\n".join(lines) + "\n"
