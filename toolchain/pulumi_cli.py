"""Print the path of a usable Pulumi CLI on stdout, getting one first if need be.

    python toolchain/pulumi_cli.py

Progress goes to stderr. Exit code 0 with a path, 2 with one line saying what to do.
Where it looks, in this order, is told in `search.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - a run with an older Python must say so itself
        print("error: Python 3.11 or newer is needed to run this", file=sys.stderr)
        return 2
    # Run as a file, Python looks for modules in toolchain/ only, not in its parent.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from toolchain import say, search

    def find() -> int:
        print(search.find())
        return 0

    return say.answer(find)


if __name__ == "__main__":
    sys.exit(main())
