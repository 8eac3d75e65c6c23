"""`egain-pulumi doctor`: why does it not work?"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final

import typer

from .. import doctor as diagnosis
from ..api.settings import Settings, load, load_prefixed
from ..doctor import Check, Diagnosis, Status
from ..errors import ConfigurationError
from ..names import public_address
from ..resources import KINDS
from ..text import plural, visible
from .exits import Code
from .hub_source import folder
from .tenant import connect
from .terminal import heading, write

_REQUIRED: Final = ("base_url", "token_url", "client_id", "client_secret")


def doctor(
    prefix: Annotated[
        str | None,
        typer.Option(metavar="PREFIX", help="Of a tenant's variables, as in tenant:PREFIX."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """Check this machine, the settings and the tenant, and say what to do.

    Looks at the Pulumi CLI, interpreter, packages and plugin host; at the variables of the
    settings, proxies, certificates and passphrase; gets a token and reads every list. Shows which
    reading of each assumption this tenant has: a table without names, ids, values or secrets, to
    send to us. The exit code is 1 if a check failed. Changes nothing.
    """
    project = folder()
    has_project = (project / "Pulumi.yaml").is_file()
    found = list(diagnosis.machine(project if has_project else None, os.environ))
    settings, checks = _settings(prefix)
    found += checks
    seen = Diagnosis((), ())
    if settings is not None:
        addresses = {"base-url": settings.base_url, "token-url": settings.token_url}
        found += diagnosis.network(addresses, os.environ)
        if not settings.missing():
            with connect(prefix) as (client, show):
                seen = diagnosis.diagnose(client, KINDS, show)
    found += seen.checks
    everything = (*found, *seen.readings)
    write(_json(found, seen.readings) if as_json else "\n".join(_lines(found, seen.readings)))
    failed = any(each.status is Status.FAILED for each in everything)
    return Code.FINDING if failed else Code.FINE


def _settings(prefix: str | None) -> tuple[Settings | None, list[Check]]:
    """Load the settings, if they are well-formed, and check that all are set."""
    name = prefix or "EGAIN"
    try:
        settings = load({}) if prefix is None else load_prefixed(prefix)
    except ConfigurationError as error:
        todo = "Correct the variable."
        return None, [Check("settings", "settings", Status.FAILED, str(error), todo)]
    checks = []
    for field in _REQUIRED:
        variable, value = f"{name}_{field.upper()}", getattr(settings, field)
        if value is None:
            text, todo = f"{variable} is not set", "Set it; the stack's configuration is not read."
            checks.append(Check("settings", field, Status.FAILED, text, todo))
        else:
            shown = f": {public_address(value)}" if field.endswith("url") else ""
            checks.append(Check("settings", field, Status.OK, f"{variable} is set{shown}"))
    return settings, checks


def _lines(found: Sequence[Check], readings: Sequence[Check]) -> Iterator[str]:
    everything = (*found, *readings)
    for area in dict.fromkeys(each.area for each in everything):
        yield heading(area if area != "readings" else "what this tenant shows")
        for each in everything:
            if each.area == area:
                yield f"  {each.status:<8}{each.id:<26}{visible(each.text)}"
                if each.todo:
                    yield f"  {'':<34}{visible(each.todo)}"
    counts = {s: sum(each.status is s for each in everything) for s in Status}
    failed, warned = counts[Status.FAILED], counts[Status.WARNING]
    yield f"{plural(len(everything), 'check')}: {failed} failed, {plural(warned, 'warning')}"


def _json(found: Sequence[Check], readings: Sequence[Check]) -> str:
    """Return the JSON of `docs/doctor.md`. Keys are added, never changed."""
    answer = {"checks": list(map(_check, found)), "readings": list(map(_check, readings))}
    return json.dumps(answer, indent=2, ensure_ascii=True)


def _check(each: Check) -> dict[str, Any]:
    return {
        "area": each.area,
        "id": each.id,
        "status": each.status.value,
        "text": each.text,
        "todo": each.todo,
    }
