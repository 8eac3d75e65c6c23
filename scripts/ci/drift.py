"""`scripts/drift STACK FOLDER`: whether eGain still is as the stack last left it.

State and tenant are compared, and not the program: what is merged and not yet applied is no drift.
Nothing is written, neither to eGain nor to the state.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from egain_pulumi import review
from egain_pulumi.review.markup import code, format_value
from scripts.ci import cli
from toolchain.say import Refusal, say

ISSUE: Final = "issue.md"
FOUND: Final = "drift.json"
LONGEST: Final = 160
MOST: Final = 200
ADVICE: Final = """\

To keep what eGain has, write it into the program. To undo it, run `pulumi refresh -s {stack}`, read
the preview and run `pulumi up -s {stack}`. This issue closes itself when nothing differs any more.
"""


def run(stack: str, folder: str) -> int:
    """Compare; 1 where something differs. What may not be read is not checked, never gone."""
    target = cli.checked(folder)
    (target / FOUND).unlink(missing_ok=True)
    done = cli.pulumi(stack, "refresh", "--preview-only", "--json")
    if done.returncode or not done.stdout.startswith("{"):
        raise Refusal(f"{stack}: not compared with eGain: {_why(done.stdout) or cli.words(done)}")
    rows = [row for step in json.loads(done.stdout)["steps"] if (row := _row(step))]
    unchecked = list(review.context(done.stdout).unchecked)
    found = {"version": 1, "stack": stack, "drift": rows, "not_checked": unchecked}
    (target / FOUND).write_text(json.dumps(found, indent=2) + "\n")
    (target / ISSUE).write_text(markdown(stack, rows, unchecked))
    counted = f"{len(rows)} object{'' if len(rows) == 1 else 's'} differ{'s' * (len(rows) == 1)}"
    say(f"{stack}: {counted if rows else 'no drift'}")
    for name in unchecked:
        say(f"{stack}: not checked: {name}")
    return int(bool(rows))


def marker(stack: str) -> str:
    """The first line of a stack's issue: the one issue is found again by it."""
    return f"<!-- egain-pulumi: drift of {stack} -->"


def markdown(stack: str, rows: list[dict[str, Any]], unchecked: list[str]) -> str:
    """What the issue says. Names and values are code spans: nothing in them is markup."""
    lines = [marker(stack), f"eGain is not as stack {code(stack)} last left it.", ""]
    for row in rows[:MOST]:
        gone = ": no longer in eGain" if row["gone"] else ""
        lines.append(f"- **{row['kind']} {code(row['name'])}**{gone}")
        lines += [
            f"  - {code(each['path'], LONGEST)}: {code(each['old'], LONGEST)} → "
            f"{code(each['new'], LONGEST)}"
            for each in row["properties"][:MOST]
        ]
    lines += [f"- and {len(rows) - MOST} more objects"] if len(rows) > MOST else []
    if unchecked:
        names = ", ".join(map(code, unchecked))
        lines += ["", f"Not checked, because the client may not read them: {names}."]
    return "\n".join(lines) + "\n" + ADVICE.format(stack=stack)


def _row(step: dict[str, Any]) -> dict[str, Any] | None:
    if step["op"] not in ("update", "delete") or "pulumi-python:dynamic/egain:" not in step["urn"]:
        return None
    noun, _, name = step["urn"].partition("dynamic/egain:")[2].partition("::")
    old, new = (_outputs(step, state) for state in ("oldState", "newState"))
    properties = [
        {"path": path, "old": _at(old, path), "new": _at(new, path)}
        for path in sorted(step.get("detailedDiff") or {})
    ]
    kind = re.sub(r"(?<!^)(?=[A-Z])", " ", noun).lower()
    return {"kind": kind, "name": name, "gone": step["op"] == "delete", "properties": properties}


def _outputs(step: dict[str, Any], state: str) -> Any:
    return (step.get(state) or {}).get("outputs") or {}


def _at(value: Any, path: str) -> str:
    """The value at a path as the CLI writes it: `a.b["c.d"][0]`. Secrets are `[secret]` there."""
    for quoted, index, key in re.findall(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[\]]+)', path):
        try:
            value = value[int(index)] if index else value[quoted.replace('\\"', '"') or key]
        except (KeyError, IndexError, TypeError):
            return "[secret]" if value == "[secret]" else "not there"
    return format_value(value)


def _why(text: str) -> str | None:
    """The first error in what a refresh that failed has written as JSON."""
    try:
        told = json.loads(text).get("diagnostics") or []
    except (ValueError, AttributeError):
        return None
    errors = [each["message"] for each in told if each.get("severity") == "error"]
    return " ".join(errors[0].split()).removeprefix("error: ") if errors else None
