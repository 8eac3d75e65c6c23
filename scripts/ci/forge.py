"""What `scripts/post` asks of GitHub or GitLab."""

from __future__ import annotations

import os
from typing import Protocol

from toolchain.say import Refusal


class Forge(Protocol):
    """Where pull requests and issues are. Lists hold number and text of what this job wrote."""

    def comments(self) -> list[tuple[int, str]]:
        """The comments of our own on the pull request of this job."""

    def add_comment(self, text: str) -> None:
        """Add one."""

    def edit_comment(self, number: int, text: str) -> None:
        """Replace the text of one."""

    def issues(self) -> list[tuple[int, str]]:
        """The open issues of our own."""

    def open_issue(self, title: str, text: str) -> None:
        """Open one."""

    def edit_issue(self, number: int, text: str) -> None:
        """Replace the text of one."""

    def close_issue(self, number: int, last: str) -> None:
        """Close one with a last word."""

    def reviewed(self, stack: str) -> tuple[list[str], bytes]:
        """Labels of the merged pull request that this commit is of, and the archive of its preview.

        Raises Refusal where there is none: then nobody has reviewed this commit.
        """


def variable(name: str) -> str:
    """A variable of the job. Raises Refusal where it is missing."""
    if value := os.environ.get(name):
        return value
    raise Refusal(f"{name} is not set: this job cannot tell what to post to")


def unreviewed(what: str) -> Refusal:
    """Why a commit is not applied by itself."""
    return Refusal(
        f"not applied: {what}. Run this job by hand: it makes a preview of its own, and shows it"
    )
