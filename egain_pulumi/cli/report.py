"""`egain-pulumi report`: what a change does, for the people who read a pull request."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from .. import hub, review
from ..errors import EgainError
from ..resources import KINDS
from .exits import Code
from .hub_source import PreviewFile, StackName, StateFile, called, export, project, read, said
from .reach import silences
from .terminal import write


def report(
    preview: PreviewFile = None,
    state: StateFile = None,
    stack: StackName = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Compare with the tenant, not with the state alone.")
    ] = False,
    requests_per_second: Annotated[
        float | None,
        typer.Option(
            metavar="N",
            help="The pace to reckon with; by default egain:requestsPerSecond of the stack.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """Say what a change does, as Markdown for a comment on a pull request.

    Reads a preview, or runs pulumi preview on a stack (without --stack on the one that is
    selected). The exit code is 3 where something needs a person's acknowledgement: deletions,
    replacements, what live accounts lose, secrets that turn. Nothing is changed.

    A preview that failed, that was cut off, or that is of another project is an error: half of
    the truth is no report.
    """
    if preview is None and state:
        raise EgainError("--state needs a --preview that it belongs to")
    if preview and refresh:
        raise EgainError("--refresh is for a preview that is made here; --preview is made already")
    if preview and state and stack:
        raise EgainError("--state and --stack exclude each other")
    if preview == state == "-":
        raise EgainError("standard input cannot be both the preview and the state")
    if requests_per_second is not None and not 0 < requests_per_second < float("inf"):
        raise EgainError("--requests-per-second: must be more than 0")
    text = read(preview) if preview else _previewed(stack, refresh)
    known = None
    if preview and (stack or state):
        known = export(stack) if stack else read(str(state))
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


def _previewed(stack: str | None, refresh: bool) -> str:
    """What `pulumi preview` writes; of one that failed too: what was wrong is in it."""
    options = ["--stack", stack] if stack else []
    options += ["--refresh"] if refresh else []
    done = called("preview", "--json", "--show-sames", *options)
    if done.returncode and done.stdout.startswith("{"):
        hub.preview(done.stdout, KINDS)
    return said(done)
