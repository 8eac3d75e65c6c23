"""`egain-pulumi adopt`: what a tenant has becomes a program and a stack."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from ..adoption.choosing import Choice
from ..adoption.plan import Known, Plan, Target
from ..adoption.planning import plan
from ..adoption.project import Project
from ..adoption.settings import Setting
from ..adoption.stack import Stack
from ..adoption.writing import kept_paths
from ..api.client import Client
from ..api.settings import Settings
from ..errors import EgainError
from ..provider import EgainProvider
from ..resources import KINDS
from ..schema.tree import show
from ..text import cut, plural, visible
from . import listing
from .exits import Code
from .hub_source import folder, run_pulumi
from .list import parse_kind
from .tenant import check_tenant, connect, mark, secrets_in
from .terminal import write

Progress = Callable[[str], None]
_FEW: Final = 10
_WIDE: Final = 120


def adopt(
    into: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="The project's folder; by default this project's."),
    ] = None,
    stack: Annotated[
        str | None,
        typer.Option(metavar="STACK", help="By default the selected one; made if there is none."),
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(metavar="KIND", help="Only this kind; may be repeated.")
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Only names like this: orders-*; may be repeated."),
    ] = None,
    reach: Annotated[
        list[str] | None,
        typer.Option(metavar="ACCOUNT", help="Only what this account reaches; may be repeated."),
    ] = None,
    no_import: Annotated[
        bool, typer.Option("--no-import", help="Write the program; leave the state as it is.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what would be adopted; write nothing.")
    ] = False,
) -> int:
    """Take the objects of a tenant into a program and a stack.

    Reads the lists of the tenant, writes the program that declares its objects, sets the stack's
    configuration, imports the objects into its state, and ends with a preview: it is done if that
    shows no change. Otherwise the exit code is 1. Nothing is sent to the tenant.

    Objects in the state of this stack, or managed by another stack of the backend, are left alone.
    What eGain owns is looked up by find. In a project with a program, what is adopted becomes a
    module beside it. With --check, the exit code is 1 if there is something to adopt.

    The tenant is that of EGAIN_BASE_URL, EGAIN_TOKEN_URL, EGAIN_CLIENT_ID and EGAIN_CLIENT_SECRET.
    """
    choice = Choice(tuple(map(parse_kind, kind or ())), tuple(name or ()), tuple(reach or ()))
    project = Project(folder() if into is None else Path(into))
    with connect() as (client, progress):
        progress("reading states")
        of = Stack(run_pulumi, project.folder, project.name, stack, KINDS)
        config = of.config()
        check_tenant(config)
        here = {str(o.id): o.name for o in of.here().objects.values() if o.id is not None}
        if project.is_adopted and not here:
            raise EgainError(
                f"the program is there, but stack {of.name} has none of its objects; to import "
                f"them, run: egain-pulumi recover -s {of.name}"
            )
        known = Known(here, of.elsewhere(), [_bare(key, project) for key in config], project.read)
        rows = listing.read(client, KINDS, progress)
        of.secrets.know(secrets_in(rows))
        made = plan(rows, KINDS, choice, known, _target(client, project))
        of.secrets.publish(word for item in made.items for word in (item.value, item.kind.label))
        done = bool(made.adopted) and not check
        if done:
            _write(made, project, of, _addresses(client.settings, config), no_import, progress)
        lines = list(_report(made, project, of, check=check))
        finding = bool(made.refused) or (check and bool(made.adopted))
        if done and no_import:
            lines.append(f"state as it was; to import: egain-pulumi recover -s {of.name}")
        elif done:
            progress("previewing")
            changes, errors = of.preview()
            finding = finding or bool(changes or errors)
            lines += [f"preview: {each}" for each in (*errors, *map(str, changes))]
            lines.append(f"preview: {plural(len(changes), 'change')}" if not errors else "")
    write("\n".join(visible(of.secrets.redact(line)) for line in lines if line))
    return Code.FINDING if finding else Code.FINE


def _write(
    made: Plan,
    project: Project,
    of: Stack,
    addresses: list[Setting],
    no_import: bool,
    progress: Progress,
) -> None:
    project.create()
    of.create(project.folder)
    entry = next(iter(made.files))
    with project.writing(of.name, made.files, made.icons, entry):
        progress("setting the configuration")
        of.configure([*addresses, *made.settings])
        if not no_import:
            progress("importing into the state")
            of.import_(made.import_file)


def _target(client: Client, project: Project) -> Target:
    providers = {
        each.as_kind().resource: each.reference() for each in EgainProvider.__subclasses__()
    }
    return Target(
        project.entry, project.prefix, str(client.settings.base_url), mark(client), providers
    )


def _addresses(settings: Settings, config: Mapping[str, Any]) -> list[Setting]:
    """Return the settings that lead to the tenant, as far as the stack has none."""
    wanted = {
        "egain:baseUrl": settings.base_url,
        "egain:tokenUrl": settings.token_url,
        "egain:clientId": settings.client_id,
    }
    return [Setting(k, str(v), secret=False) for k, v in wanted.items() if k not in config]


def _bare(key: str, project: Project) -> str:
    return key.removeprefix(f"{project.name}:")


def _report(made: Plan, project: Project, of: Stack, *, check: bool) -> Iterator[str]:
    yield from (f"not adopted: {text}" for text in made.refused)
    yield from (f"warning: {text}" for text in made.warnings)
    kept = [(item, path) for item in made.adopted for path in kept_paths(item)]
    if kept and made.shown is not None:
        yield f"secrets: this tenant {made.shown.value}; {len(kept)} stay with eGain:"
        yield from (cut(f"    {item.label}: {show(path)}", _WIDE) for item, path in kept[:_FEW])
        if len(kept) > _FEW:
            yield f"    and {len(kept) - _FEW} more, listed in the program"
    if not made.adopted:
        yield "nothing to adopt"
        return
    counts = [
        plural(n, kind.label)
        for kind in KINDS
        if (n := sum(item.kind is kind for item in made.adopted))
    ]
    verb = "to adopt" if check else "adopted"
    yield f"{plural(len(made.adopted), 'object')} {verb}: {', '.join(counts)}"
    found = [item.label for item in made.items if item.find is not None]
    if found:
        yield f"found, not managed: {', '.join(found)}"
    if not check:
        yield f"wrote {', '.join([*made.files, *made.icons])} in {project.folder}"
        yield f"stack {of.name}: {plural(len(made.settings), 'configuration value')} set"
