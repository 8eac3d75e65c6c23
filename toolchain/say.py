"""How these tools speak: progress on stderr, and a refusal that is one line.

Standard output belongs to answers (a path, a table), so that scripts can read it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable


class Refusal(Exception):
    """Something the person at the terminal can put right; the text says how, in one line."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def answer(work: Callable[[], int]) -> int:
    """Run a command's work; a foreseeable failure becomes one line and exit code 2."""
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
