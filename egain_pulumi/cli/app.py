"""The command line: its commands, and its errors as one line and an exit code."""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from ..errors import EgainError
from ..text import one_line
from ..version import VERSION
from . import exits
from .adopt import adopt
from .compare import compare
from .doctor import doctor
from .emulator import emulator
from .export import export
from .graph import graph
from .inventory import inventory
from .list import list_
from .reach import reach
from .recover import recover
from .report import report
from .smoke import smoke
from .terminal import write

_CODES = "\n".join(f"  {code.value}  {text}" for code, text in exits.MEANING.items())
HELP = f"""Tools for eGain Conversation Manager v3, to use beside pulumi.

\b
Exit codes:
{_CODES}

EGAIN_DEBUG=1 shows the traceback of an error.
"""

app = typer.Typer(
    name="egain-pulumi",
    help=HELP,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def top(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Show the help if no command is given."""
    if version:
        write(VERSION)
        raise typer.Exit(exits.Code.FINE)
    if context.invoked_subcommand is None:
        write(context.get_help())


app.command("emulator")(emulator)
app.command("list")(list_)
app.command("report")(report)
app.command("reach")(reach)
app.command("graph")(graph)
app.command("smoke")(smoke)
app.command("export")(export)
app.command("compare")(compare)
app.command("doctor")(doctor)
app.command("inventory")(inventory)
app.command("adopt")(adopt)
app.command("recover")(recover)


def run(arguments: Sequence[str]) -> int:
    """Run a command line; return its exit code. Errors are one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name may have characters that the terminal lacks.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = typer.main.get_command(app).main(
            list(arguments), prog_name="egain-pulumi", standalone_mode=False
        )
    except typer.Abort:
        return exits.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the outermost caller
        if os.environ.get("EGAIN_DEBUG") == "1":
            traceback.print_exc()
        sys.stderr.write(f"egain-pulumi: {_describe(error)}\n")
        return exits.Code.COULD_NOT_RUN
    return int(code or exits.Code.FINE)


def _describe(error: Exception) -> str:
    if isinstance(error, EgainError):
        return one_line(str(error), 2_000)
    usage = getattr(error, "format_message", None)  # typer's own errors, in all its versions
    if usage is not None:
        return one_line(f"{usage()} See egain-pulumi --help.")
    return one_line(
        f"this is a bug in egain-pulumi ({type(error).__name__}: {error}). Please report it; "
        "EGAIN_DEBUG=1 shows the traceback"
    )
