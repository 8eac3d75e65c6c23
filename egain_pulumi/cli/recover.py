"""`egain-pulumi recover`: the state is lost, the program is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from ..adoption import import_file
from ..adoption.matching import Matches, match
from ..adoption.project import Project
from ..adoption.recovering import components, wanted
from ..adoption.stack import Stack
from ..errors import EgainError
from ..resources import KINDS
from ..text import plural, visible
from . import listing
from .exits import Code
from .hub_source import folder, run_pulumi
from .tenant import check_tenant, connect, mark, secrets_in
from .terminal import write


def recover(
    stack: Annotated[
        str,
        typer.Option("--stack", "-s", metavar="STACK", help="Made if the backend has none."),
    ],
    take: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=ID", help="Of several that fit, take this; may be repeated."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what would be recovered; import nothing.")
    ] = False,
) -> int:
    """Fill a lost state from the program and the tenant.

    For a stack whose state is gone, or has lost some objects. Previews the program, finds in the
    tenant what it declares and the state lacks, imports that into the state, and ends with a
    preview. Nothing is sent to the tenant.

    Objects are found by their unique value, orchestrations by being equal, or else by name. Where
    several fit, none is taken until --take chooses one. Where eGain has other values than the
    program, the preview shows them. The exit code is 0 if everything was found and the preview
    shows no change.
    """
    project = Project(folder())
    if project.is_new:
        raise EgainError("there is no Pulumi.yaml here or above; run it in the project's folder")
    chosen = dict(map(_choice, take or ()))
    with connect() as (client, progress):
        progress("reading states")
        of = Stack(run_pulumi, project.folder, project.name, stack, KINDS)
        if not check:
            of.create(project.folder)
        check_tenant(of.config())
        managed = {id: f"by stack {name}" for id, name in of.elsewhere().items()}
        managed |= {
            str(each.id): f'as "{each.name}"' for each in of.here().objects.values() if each.id
        }
        progress("previewing")
        preview, resources = of.planned()
        hub, missing = wanted(preview, resources, KINDS)
        rows = listing.read(client, KINDS, progress)
        of.secrets.know(secrets_in(rows))
        of.secrets.publish(each.object.name for each in missing)
        found = match(missing, hub, rows, taken=managed, chosen=chosen, mark=mark(client))
        lines = list(_report(found, check=check))
        finding = bool(found.missing) or (check and bool(found.found))
        if found.found and not check:
            progress("importing into the state")
            parts, there = components(resources, found.entries)
            of.import_(import_file.text([*parts, *found.entries], there))
        if not check:
            progress("previewing")
            changes, errors = of.preview()
            finding = finding or bool(changes or errors)
            lines += [f"preview: {each}" for each in (*errors, *map(str, changes))]
            lines += [] if errors else [f"preview: {plural(len(changes), 'change')}"]
    write("\n".join(visible(of.secrets.redact(line)) for line in lines))
    return Code.FINDING if finding else Code.FINE


def _choice(text: str) -> tuple[str, str]:
    name, sign, id = text.rpartition("=")
    if not (name and sign and id):
        raise EgainError(f'--take: expects NAME=ID, not "{visible(text)}"')
    return name, id


def _report(found: Matches, *, check: bool) -> Iterator[str]:
    yield from (f"not recovered: {text}" for text in found.missing)
    if not found.found:
        yield "nothing to recover"
        return
    verb = "to recover" if check else "recovered"
    names = ", ".join(each.label for each in found.found)
    yield f"{plural(len(found.found), 'object')} {verb}: {names}"
