"""`egain-pulumi smoke`: send messages as a customer and follow them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from .. import hub
from .. import smoke as tests
from ..api.settings import Settings
from ..errors import EgainError
from ..resources import KINDS
from ..text import visible
from .exits import Code
from .hub_source import OfTenant, StackName, StateFile, project, read, read_state, source
from .tenant import clean, load_settings
from .terminal import save, write


def smoke(
    state: StateFile = None,
    stack: StackName = None,
    tenant: OfTenant = False,
    account: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="An account's logical name; may be repeated."),
    ] = None,
    script: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Messages and expectations, in YAML: docs/smoke.md."),
    ] = None,
    wait: Annotated[
        float, typer.Option(metavar="S", help="Seconds to wait for what a turn expects.")
    ] = tests.WAIT,
    listen: Annotated[
        str | None,
        typer.Option(
            metavar="PORT",
            help="The port, or host:port, of this machine that gets the customer's callback.",
        ),
    ] = None,
    emulator: Annotated[
        bool,
        typer.Option("--emulator", help="EGAIN_BASE_URL is an emulator's: show every hop."),
    ] = False,
    callbacks_only: Annotated[
        bool, typer.Option("--callbacks-only", help="Only call the callbacks of the stack.")
    ] = False,
    junit: Annotated[
        str | None, typer.Option(metavar="FILE", help="Also write the results to FILE, as JUnit.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """Send messages to the accounts of a stack as a customer, and follow them.

    Without options it tests all active accounts of the selected stack. The exit code is 1 if a
    message was not delivered or an expectation of the script was not met; each failed step says
    what to change. The tenant is that of EGAIN_BASE_URL, EGAIN_TOKEN_URL, EGAIN_CLIENT_ID and
    EGAIN_CLIENT_SECRET; it must be the stack's own.

    Without --script it sends one message, which calls itself a test; on the emulator it also asks
    for an agent. In a tenant, agents can see these messages. No message is sent twice.

    --callbacks-only sends no message to eGain. It reads the stack's secrets with pulumi stack
    export --show-secrets and shows none of them.
    """
    if not 0 < wait < float("inf"):
        raise EgainError("--wait: expects a number of seconds above 0")
    if junit is not None and not Path(junit).absolute().parent.is_dir():
        raise EgainError(f"--junit: cannot write {junit}: there is no such folder")
    if callbacks_only:
        if tenant or account or script or listen or emulator:
            raise EgainError("--callbacks-only allows only --stack, --state, --junit and --json")
        text = read_state(state, stack, secrets=True)
        with Console(stderr=True).status("") as status:
            report = tests.callbacks(text, KINDS, project=project(), progress=status.update)
    else:
        turns = tests.script(read(script)) if script else ()
        settings = load_settings()
        found, elsewhere = _hub(state, stack, tenant, settings)
        folder = Path(script).parent if script and script != "-" else Path.cwd()
        with clean(settings), Console(stderr=True).status("") as status:
            report = tests.converse(
                found,
                names=account or (),
                script=turns,
                folder=folder,
                emulator=emulator,
                listen=listen,
                wait=wait,
                elsewhere=elsewhere,
                settings=settings,
                progress=status.update,
            )
    if junit is not None:
        save(junit, tests.junit(report), "--junit: ")
    if as_json:
        write(json.dumps(tests.document(report), indent=2, ensure_ascii=True))
    else:
        write("\n".join(visible(line) for line in tests.text(report)))
    return Code.FINE if report.passed else Code.FINDING


def _hub(
    state: str | None, stack: str | None, tenant: bool, settings: Settings
) -> tuple[hub.Hub, frozenset[str]]:
    """Read the hub, and the keys of its objects in a second tenant."""
    if tenant:
        return source(None, state, stack, tenant).hub, frozenset()
    text = read_state(state, stack)
    return hub.stack(text, KINDS, project=project()), tests.elsewhere(text, settings)
