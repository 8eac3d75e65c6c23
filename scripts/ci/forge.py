"""What `scripts/post` needs from GitHub or GitLab."""

from __future__ import annotations

import os
from typing import Protocol

from toolchain.say import Refusal


class Forge(Protocol):
    """The host of pull requests and issues. Lists hold the numbers and texts of our own posts."""

    def comments(self) -> list[tuple[int, str]]:
        """List our own comments on the pull request of this job."""

    def add_comment(self, text: str) -> None:
        """Add a comment to the pull request of this job."""

    def edit_comment(self, number: int, text: str) -> None:
        """Replace the text of a comment."""

    def issues(self) -> list[tuple[int, str]]:
        """List our own open issues."""

    def open_issue(self, title: str, text: str) -> None:
        """Open an issue."""

    def edit_issue(self, number: int, text: str) -> None:
        """Replace the text of an issue."""

    def close_issue(self, number: int, last: str) -> None:
        """Close an issue with a last comment."""

    def reviewed(self, stack: str) -> tuple[list[str], bytes]:
        """Fetch the labels and the preview's archive of the pull request that became this commit.

        Raises Refusal if there is none: then nobody has reviewed this commit.
        """


def variable(name: str) -> str:
    """Return a variable of the job. Raises Refusal if it is missing."""
    if value := os.environ.get(name):
        return value
    raise Refusal(f"{name} is not set; the job must set it, or there is nowhere to post to")


def unreviewed(what: str) -> Refusal:
    """The error for a commit that nobody has reviewed."""
    return Refusal(f"not applied: {what}. Run this job by hand; it makes and shows its own preview")
