"""`egain-pulumi graph`: a picture of a hub."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from .. import hub
from .exits import Code
from .hub_source import OfTenant, PreviewFile, StackName, StateFile, source
from .terminal import save, write


class Format(StrEnum):
    """The format of a picture."""

    MERMAID = "mermaid"
    SVG = "svg"
    HTML = "html"


def graph(
    preview: PreviewFile = None,
    state: StateFile = None,
    stack: StackName = None,
    tenant: OfTenant = False,
    form: Annotated[
        Format, typer.Option("--format", help="mermaid, svg or html.")
    ] = Format.MERMAID,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")
    ] = None,
    most: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            help="Most boxes to draw: beyond that, objects share boxes; 0: no limit. "
            f"By default {hub.MOST_BOXES} for mermaid, and 0 for the others.",
        ),
    ] = None,
) -> int:
    """Draw a hub: its objects, their references, and what a preview would do to them.

    SVG and HTML are single files that run no script and load nothing; they need the extra
    "graph". Pictures show names but no secrets. A picture with too many boxes keeps the objects
    that change and their neighbors.
    """
    found = source(preview, state, stack, tenant)
    boxes = (hub.MOST_BOXES if form is Format.MERMAID else None) if most is None else most or None
    whole = found.preview.both if found.preview else found.hub
    changes = hub.marks(found.preview) if found.preview else {}
    match form:
        case Format.MERMAID:
            text = hub.mermaid(whole, changes, boxes)
        case Format.SVG:
            text = hub.svg(whole, changes, boxes, found.title)
        case Format.HTML:
            text = hub.html(whole, changes, boxes, found.title)
    if output is None:
        write(text.removesuffix("\n"))
    else:
        save(output, text)
    return Code.FINE
