"""Where the pages and the examples' READMEs point to is there, heading and all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.process import REPOSITORY

DOCS = REPOSITORY / "docs"
FILES = [
    DOCS / "bring-your-own-bot.md",
    DOCS / "bring-your-own-channel.md",
    DOCS / "channels.md",
    REPOSITORY / "examples" / "aws-bot" / "README.md",
    REPOSITORY / "examples" / "computed-callback" / "README.md",
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_links_lead_to_a_file_and_a_heading(file: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", file.read_text("utf-8"))
    assert links
    for link in links:
        name, _, heading = link.partition("#")
        target = file.parent / name if name else file
        assert target.exists(), link
        assert not heading or heading in headings(target), link


def headings(file: Path) -> set[str]:
    """The anchors that a Markdown file has, as GitHub makes them."""
    lines = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}
