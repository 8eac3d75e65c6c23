"""`egain-pulumi emulator`: run the emulator."""

from __future__ import annotations

from typing import Annotated

import typer

from ..errors import EgainError


def emulator(
    db: Annotated[str, typer.Option(metavar="FILE", help="SQLite file, or :memory:.")],
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 8780,
    latency: Annotated[
        float, typer.Option(metavar="S", help="Seconds added to each answer.")
    ] = 0.0,
    strict: Annotated[
        bool, typer.Option("--strict", help="Check every answer against the contract.")
    ] = False,
    deliver_outside: Annotated[
        bool,
        typer.Option("--deliver-outside", help="Also call callbacks on other machines."),
    ] = False,
) -> int:
    """Run an emulator of eGain on this machine.

    Prints its address as one line when it is ready, and runs until Ctrl-C. The client is "local",
    its secret "local-secret". Needs the extra "emulator".
    """
    try:
        from ..emulator import serve
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("egain_pulumi"):
            raise
        raise EgainError(
            f"the emulator needs {missing.name}, which is not installed; "
            'run: pip install "egain-pulumi[cli,emulator]"'
        ) from None
    return serve(port=port, db=db, latency=latency, strict=strict, deliver_outside=deliver_outside)
