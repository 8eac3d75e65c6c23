"""`egain-pulumi report`: what a change does, as a comment on a pull request."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from .. import hub, review
from ..errors import EgainError
from ..resources import KINDS
from .exits import Code
from .hub_source import PreviewFile, StackName, StateFile, output, project, read_preview, run_pulumi
from .reach import silences
from .terminal import write


def report(
    preview: PreviewFile = None,
    state: StateFile = None,
    stack: StackName = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Compare with the tenant, not only with the state.")
    ] = False,
    requests_per_second: Annotated[
        float | None,
        typer.Option(
            metavar="N",
            help="Rate for the time estimate; by default the stack's egain:requestsPerSecond.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """Report what a change does, as Markdown for a comment on a pull request.

    Reads a preview, or runs pulumi preview on a stack (by default the selected one). The exit
    code is 3 if a person must acknowledge the change: it deletes or replaces objects, live
    accounts lose something, or secrets change. Changes nothing.

    Fails if the preview failed, is incomplete or belongs to another project.
    """
    if preview is None and state:
        raise EgainError("--state needs --preview")
    if preview and refresh:
        raise EgainError("--preview excludes --refresh; run pulumi preview --refresh instead")
    if requests_per_second is not None and not 0 < requests_per_second < float("inf"):
        raise EgainError("--requests-per-second: must be more than 0")
    if preview:
        text, known = read_preview(preview, state, stack)
    else:
        text, known = _run_preview(stack, refresh), None
    found = review.review(
        hub.preview(text, KINDS, state=known, project=project()),
        KINDS,
        review.context(text, requests_per_second),
        silences(),
    )
    if as_json:
        write(json.dumps(review.document(found), indent=2, ensure_ascii=True))
    else:
        write(review.markdown(found).removesuffix("\n"))
    return Code.ACKNOWLEDGE if found.risks else Code.FINE


def _run_preview(stack: str | None, refresh: bool) -> str:
    """Return the output of `pulumi preview`. Raises EgainError if it fails."""
    options = ["--stack", stack] if stack else []
    options += ["--refresh"] if refresh else []
    done = run_pulumi("preview", "--json", "--show-sames", *options)
    if done.returncode and done.stdout.startswith("{"):
        hub.preview(done.stdout, KINDS)  # raises the error that the JSON holds
    return output(done)
