"""The commands that pages show: the lines of blocks without a language, and `$ …` of `console`."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.process import REPOSITORY

_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"\s+# .*")


def blocks(page: str) -> list[list[str]]:
    """Return the commands of a page, block by block."""
    found = []
    for _, fence, text in _BLOCK.findall((REPOSITORY / page).read_text("utf-8")):
        lines = [line.strip() for line in re.sub(r"\\\n\s*", "", text).splitlines()]
        if fence == "console":
            lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        elif fence not in ("", "sh", "bash", "shell"):
            continue
        found.append([_COMMENT.sub("", line) for line in lines if line])
    return found


def pages() -> list[str]:
    """Return all pages for users and developers."""
    found = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")]
    for folder in ("examples", "policy", "stacks", "benchmarks"):
        found += Path(REPOSITORY, folder).rglob("*.md")
    ours = (page for page in found if ".venv" not in page.parts)
    return sorted(str(page.relative_to(REPOSITORY)) for page in ours)
