"""The command line `egain-pulumi`: one file per command.

app        the command line itself
exits      the exit codes
terminal   output to a terminal
tenant     the connection to a tenant
emulator   `egain-pulumi emulator`
list       `egain-pulumi list`
listing    lists the objects of a tenant
hub_source reads a hub from a preview, a state or a tenant
report     `egain-pulumi report`
reach      `egain-pulumi reach`
graph      `egain-pulumi graph`
smoke      `egain-pulumi smoke`
"""

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
