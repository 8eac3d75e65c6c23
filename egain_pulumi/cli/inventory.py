"""`egain-pulumi inventory`: which objects belong to which stack, and which to none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from ..comparison.inventory import MEANING, Finding, Inventory, Item, take
from ..errors import EgainError
from ..resources import KINDS
from ..text import plural, visible
from . import listing
from .exits import Code
from .hub_source import output, read, read_state, run_pulumi
from .tenant import connect
from .terminal import heading, table, write

_FAIL: Final = (Finding.UNMANAGED, Finding.MISSING, Finding.TWICE)


def inventory(
    stack: Annotated[
        list[str] | None,
        typer.Option(metavar="STACK", help="Only this stack; may be repeated."),
    ] = None,
    state: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="A state of pulumi stack export; may be repeated."),
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FINDING",
            help="unmanaged, missing, twice, unused or nothing; may be repeated. By default the "
            "first three.",
        ),
    ] = None,
    prefix: Annotated[
        str | None,
        typer.Option(metavar="PREFIX", help="Of a tenant's variables, as in tenant:PREFIX."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """List which objects of a tenant belong to which stack, and which belong to none.

    Reads the tenant of EGAIN_BASE_URL and the states of all stacks of the backend, of every
    project; or only those that are named. Shows what is in no state and since when, what is in a
    state and not in the tenant, what two stacks manage, and what no account reaches. The exit code
    is 1 if there is one of --fail-on. Changes nothing.
    """
    wanted = _findings(fail_on)
    states = _states(stack or (), state or ())
    with connect(prefix) as (client, show):
        rows = listing.read(client, KINDS, show)
    mark = {"base_url": client.settings.base_url, "emulator": client.emulator}
    found = take(rows, states, KINDS, mark)
    write(_json(found) if as_json else "\n".join(_lines(found)))
    seen = {finding for item in found.items for finding in item.findings}
    return Code.FINDING if seen & wanted else Code.FINE


def _findings(words: Sequence[str] | None) -> set[Finding]:
    if words is None:
        return set(_FAIL)
    known = [each.value for each in Finding]
    for word in words:
        if word not in (*known, "nothing"):
            expected = f"{', '.join(known)} or nothing"
            raise EgainError(f'--fail-on: "{visible(word)}" is not one of {expected}')
    return {Finding(word) for word in words if word != "nothing"}


def _states(stacks: Sequence[str], files: Sequence[str]) -> dict[str, str]:
    """Return the states of the stacks by their names, and those of files."""
    states = {file: read(file) for file in files}
    names = list(stacks)
    if not stacks and not files:
        listed = json.loads(output(run_pulumi("stack", "ls", "--all", "--json", "-Q")))
        names = [str(each["name"]) for each in listed]
    with Console(stderr=True).status("") as status:
        for name in names:
            status.update(f"reading stack {visible(name)}")
            states[name] = read_state(None, name)
    return states


def _lines(found: Inventory) -> Iterator[str]:
    for finding in Finding:
        items = [item for item in found.items if finding in item.findings]
        if items:
            yield heading(f"{finding}: {MEANING[finding]}: {len(items)}")
            yield table(["KIND", "NAME", "CREATED", "STACKS", "REFERRED TO BY"], _rows(items))
            yield ""
    for kind in found.not_read:
        yield f"{kind.plural}: not checked: the client may not read them"
    for stack in found.elsewhere:
        yield f"stack {visible(stack)}: its objects are in another tenant"
    managed = sum(bool(item.managed_by) for item in found.items)
    stacks = plural(len(found.stacks), "stack")
    yield heading(f"{plural(len(found.items), 'object')}: {managed} managed by {stacks}")


def _rows(items: Sequence[Item]) -> list[list[str]]:
    return [
        [
            item.object.kind.name,
            item.name,
            item.created or "",
            ", ".join((*item.managed_by, *(f"{name} (find)" for name in item.found_by))),
            ", ".join(each.label for each in item.referred_to_by),
        ]
        for item in items
    ]


def _json(found: Inventory) -> str:
    """Return the JSON of `docs/inventory.md`. Keys are added, never changed."""
    answer = {
        "stacks": list(found.stacks),
        "elsewhere": list(found.elsewhere),
        "not_read": [kind.name for kind in found.not_read],
        "objects": [_item(item) for item in found.items],
    }
    return json.dumps(answer, indent=2, ensure_ascii=True)


def _item(item: Item) -> dict[str, Any]:
    each = item.object
    return {
        "kind": each.kind.name,
        "name": item.name,
        "id": each.id,
        "created": item.created,
        "owner": "egain" if item.egain else None,
        "managed_by": list(item.managed_by),
        "found_by": list(item.found_by),
        "referred_to_by": [
            {"kind": other.kind.name, "name": other.name, "id": other.id}
            for other in item.referred_to_by
        ],
        "findings": [finding.value for finding in Finding if finding in item.findings],
    }
