"""Print the path of a usable Pulumi CLI on stdout; install one first if there is none.

    python toolchain/pulumi_cli.py

Progress goes to stderr. Exit code 0 with a path, 2 with one line that says what to do.
`search.py` says where it looks.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - reached with an older Python only
        print("error: Python 3.11 or newer is needed to run this", file=sys.stderr)
        return 2
    # For a script, Python looks for modules in its own folder only.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from toolchain import say, search

    def find() -> int:
        print(search.find())
        return 0

    return say.run(find)


if __name__ == "__main__":
    sys.exit(main())
