"""Messages of these tools: progress and one-line errors, both on stderr.

Standard output is for results (a path, a table), so that scripts can read it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable


class Refusal(Exception):
    """An error that the user can correct; the text says how, in one line."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(work: Callable[[], int]) -> int:
    """Run a command and return its exit code: 2, after one line, for an expected failure."""
    try:
        return work()
    except Refusal as refusal:
        say(f"error: {refusal}")
        return 2
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        say(f"error: {where}{error.strerror or error}; check permissions and free disk space")
        return 2
