"""The rows about risk, and the paragraph about cost, as Markdown. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..hub import RULES, Object
from ..schema.tree import show
from ..text import plural
from .costs import KEY
from .markup import as_markdown, code, label, name_list
from .model import Cost, Kind, Risk

MOST: Final = 10
"""Names in a list; more are counted."""
_PHRASES: Final = {
    Kind.DELETED: ("deletes", ""),
    Kind.REPLACED: ("replaces", ": creates a new one with a new id, then deletes the old one"),
    Kind.TURNED_OFF: ("turns off", ""),
    Kind.GONE: ("recreates", ": it no longer exists in eGain and gets a new id"),
}
_SECRETS: Final = {
    Kind.ROTATED: "rotates a secret",
    Kind.OVERWRITTEN: "imports, and overwrites a secret",
}
_SENTENCES: Final = {rule.id: rule.sentence for rule in RULES}


def row(risk: Risk) -> str:
    """Return one row of a list: the risk, and the accounts that it affects."""
    name = label(risk.object)
    if risk.secrets:
        paths = ", ".join(code(show(path)) for path in risk.secrets[:MOST])
        said = f"**{_SECRETS[risk.kind]}** of {name}: {paths}"
    elif risk.kind is Kind.NAME_TAKEN:
        said = (
            f"**takes a value in use**: {name} gets the {code(show(risk.path))} of "
            f"{code(risk.text, 300)}, which is deleted or renamed in the same `pulumi up`. eGain "
            "refuses a value that another object still has: free it in a `pulumi up` of its own"
        )
    elif risk.rule is not None:
        where = f" at {code(show(risk.path), 200)}" if risk.path else ""
        said = (
            f"**{risk.kind.value}**: {name}{where}: {code(risk.text, 300)}. "
            f"Broken rule `{risk.rule}`: {_SENTENCES[risk.rule]}"
        )
    else:
        verb, end = _PHRASES[risk.kind]
        perhaps = risk.kind is Kind.TURNED_OFF and risk.object.active is None
        silent = risk.kind is Kind.DELETED and risk.object.key in {a.key for a in risk.accounts}
        end = ": customers' messages to it reach nobody" if silent else end
        said = f"**{'may turn off' if perhaps else verb}** {name}{end}"
    return f"- {said}\n  {_impact(risk)}"


def _impact(risk: Risk) -> str:
    if not risk.accounts:
        return "No live account is affected."
    channels = f"; channels: {_names(risk.channels)}" if risk.channels else ""
    return f"Live accounts: {_names(risk.accounts)}{channels}."


def _names(objects: Sequence[Object]) -> str:
    return as_markdown(name_list((each.name for each in objects), MOST))


def cost(cost: Cost) -> str:
    """Return the paragraph about calls and time."""
    if not cost.calls:
        return "`pulumi up` makes no API call."
    calls = f"{plural(cost.calls, 'API call')} ({plural(cost.writes, 'write')})"
    said = f"`pulumi up` makes {calls} and fetches {plural(cost.tokens, 'token')}"
    if cost.seconds is None:
        return f"{said}; no rate limit is configured (`{KEY}`), so eGain's own applies."
    said += f"; at {cost.pace:g} requests per second this takes {_time(cost.seconds)}"
    if cost.unpaced:
        calls = plural(cost.unpaced, "call")
        said += f", not counting {calls} to tenants without a configured rate limit"
    return f"{said}."


def _time(seconds: float) -> str:
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} min"
