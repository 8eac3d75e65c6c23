"""`egain-pulumi reach`: does a customer's message reach somebody?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from .. import hub
from ..errors import EgainError
from ..resources import KINDS
from ..schema.tree import show
from ..text import plural, visible
from .exits import Code
from .hub_source import OfTenant, PreviewFile, Source, StackName, StateFile, folder, source
from .terminal import heading, write


def reach(
    preview: PreviewFile = None,
    state: StateFile = None,
    stack: StackName = None,
    tenant: OfTenant = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """Check that customers' messages reach somebody.

    Checks the hub after a previewed change, in a stack's state, or in a tenant; by default in the
    state of the selected stack. The exit code is 1 if a rule is broken. To silence a rule, add it
    to reach.toml beside Pulumi.yaml. Changes nothing.

    Unknown values break no rule. Authentications that the client may not read are "not checked",
    never "gone".
    """
    found = source(preview, state, stack, tenant)
    verdict = hub.judge(hub.findings(found.hub), silences())
    write(_json(found, verdict) if as_json else "\n".join(_lines(found, verdict)))
    return Code.FINDING if verdict.findings else Code.FINE


def silences() -> tuple[hub.Silence, ...]:
    """Read the project's reach.toml, if there is one."""
    file = folder() / hub.REACH_TOML
    try:
        return hub.silences(file.read_text("utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as problem:
        raise EgainError(f"cannot read {file}: {problem}") from None


def _lines(found: Source, verdict: hub.Verdict) -> Iterator[str]:
    for each in verdict.findings:
        yield f"{visible(str(each))}. [{each.rule.id}]"
        if each.accounts:
            accounts = ", ".join(visible(a.name) for a in each.accounts)
            channels = ", ".join(visible(c.name) for c in each.channels)
            yield f"    accounts: {accounts}{f'; channels: {channels}' if channels else ''}"
    for each, by in verdict.silenced:
        yield f"silenced: {visible(str(each))}. [{each.rule.id}: {visible(by.because)}]"
    for silence in verdict.idle:
        yield f"{hub.REACH_TOML}: silences nothing: {visible(str(silence))}"
    for kind in _unread(found):
        yield f"{kind}: not checked: the client may not read them"
    objects = plural(len(found.hub.objects), "object")
    count = plural(len(verdict.findings), "finding")
    yield heading(f"{visible(found.title)}: {objects}, {count}")


def _unread(found: Source) -> list[str]:
    return [kind.plural for kind in KINDS if kind.resource in found.hub.unread]


def _json(found: Source, verdict: hub.Verdict) -> str:
    """Return the JSON that `docs/reach.md` documents. Keys are added, never changed."""
    answer = {
        "source": {"kind": found.kind, "name": found.name},
        "objects": len(found.hub.objects),
        "not_checked": _unread(found),
        "findings": [_finding(each) for each in verdict.findings],
        "silenced": [{**_finding(each), "because": by.because} for each, by in verdict.silenced],
        "idle": [{"rule": each.rule, "object": each.object} for each in verdict.idle],
    }
    return json.dumps(answer, indent=2, ensure_ascii=True)


def _finding(each: hub.Finding) -> dict[str, Any]:
    return {
        "rule": each.rule.id,
        "sentence": each.rule.sentence,
        "kind": each.object.kind.name,
        "name": each.object.name,
        "id": each.object.id,
        "path": show(each.path),
        "text": each.text,
        "accounts": [account.name for account in each.accounts],
        "channels": [channel.name for channel in each.channels],
    }
