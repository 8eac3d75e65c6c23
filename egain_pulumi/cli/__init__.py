"""The command line `egain-pulumi`: one file per command."""

from __future__ import annotations

import sys

LIBRARIES = ("typer", "rich", "click", "shellingham")


def main() -> None:
    """Run `egain-pulumi` and exit with its code."""
    try:
        from .app import run
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in LIBRARIES:
            raise
        sys.stderr.write(
            f"egain-pulumi: {missing.name} is not installed; "
            'run: pip install "egain-pulumi[cli,emulator]"\n'
        )
        sys.exit(2)
    sys.exit(run(sys.argv[1:]))
