"""`egain-pulumi smoke`: send messages as a customer and follow them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from .. import hub
from .. import smoke as tests
from ..api.settings import load
from ..errors import EgainError
from ..resources import KINDS
from ..text import visible
from .exits import Code
from .hub_source import (
    OfTenant,
    StackName,
    StateFile,
    output,
    project,
    read,
    read_state,
    run_pulumi,
    source,
)
from .tenant import clean, require
from .terminal import write


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
        report = _callbacks(state, stack, bool(tenant or account or script or listen or emulator))
    else:
        report = _conversations(state, stack, tenant, account, script, wait, listen, emulator)
    if junit is not None:
        _save(junit, tests.junit(report))
    if as_json:
        write(json.dumps(tests.document(report), indent=2, ensure_ascii=True))
    else:
        write("\n".join(visible(line) for line in tests.text(report)))
    return Code.FINE if report.passed else Code.FINDING


def _conversations(
    state: str | None,
    stack: str | None,
    tenant: bool,
    account: list[str] | None,
    script: str | None,
    wait: float,
    listen: str | None,
    emulator: bool,
) -> tests.Report:
    turns = tests.script(read(script)) if script else ()
    settings = load({})
    require(settings)
    elsewhere: frozenset[str] = frozenset()
    if tenant:
        found = source(None, state, stack, tenant).hub
    else:
        text = read_state(state, stack)
        found = hub.stack(text, KINDS, project=project())
        elsewhere = tests.elsewhere(text, settings)
    folder = Path(script).parent if script and script != "-" else Path.cwd()
    with clean(settings), Console(stderr=True).status("") as status:
        return tests.converse(
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


def _callbacks(state: str | None, stack: str | None, others: bool) -> tests.Report:
    if others:
        raise EgainError("--callbacks-only allows only --stack, --state, --junit and --json")
    if state and stack:
        raise EgainError("use either --state or --stack, not both")
    chosen = ("--stack", stack) if stack else ()
    text = read(state) if state else _with_secrets(*chosen)
    with Console(stderr=True).status("") as status:
        return tests.callbacks(text, KINDS, project=project(), progress=status.update)


def _with_secrets(*chosen: str) -> str:
    """Return the stack's state with its secrets; the error if that fails has none of them."""
    done = run_pulumi("stack", "export", "--show-secrets", *chosen)
    if done.returncode:
        # `output` would show standard output, which may hold a part of the state.
        done.stdout = f"exit code {done.returncode}"
    return output(done)


def _save(file: str, text: str) -> None:
    try:
        Path(file).write_text(text, "utf-8")
    except OSError as problem:
        raise EgainError(f"--junit: cannot write {file}: {problem.strerror}") from None
