"""The command line `egain-pulumi`: one file a command.

app        puts them together, turns errors into one line and an exit code
exits      the one table of exit codes
terminal   text of a tenant on somebody's terminal
emulator   `egain-pulumi emulator`
list       `egain-pulumi list`
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
    """The script `egain-pulumi`. Ends the process with one of the codes in `exits`."""
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
