"""`scripts/drift STACK FOLDER`: compare a stack's state with eGain.

The program is not compared: a change that is merged and not yet applied is no drift. Writes
neither to eGain nor to the state.
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

To keep eGain's values, write them into the program. To restore yours, run
`pulumi refresh -s {stack}`, review the preview, then run `pulumi up -s {stack}`. This issue closes
itself when there is no drift.
"""


def run(stack: str, folder: str) -> int:
    """Compare; return 1 if something differs. Objects that may not be read are not checked."""
    target = cli.output_folder(folder)
    (target / FOUND).unlink(missing_ok=True)
    done = cli.pulumi(stack, "refresh", "--preview-only", "--json")
    if done.returncode or not done.stdout.startswith("{"):
        raise Refusal(
            f"{stack}: not compared with eGain: {_first_error(done.stdout) or cli.reason(done)}"
        )
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
    """Return the first line of a stack's issue, by which `scripts/post` finds it again."""
    return f"<!-- egain-pulumi: drift of {stack} -->"


def markdown(stack: str, rows: list[dict[str, Any]], unchecked: list[str]) -> str:
    """Return the issue's text. Names and values are code spans, so that they are no markup."""
    lines = [marker(stack), f"eGain differs from the state of stack {code(stack)}.", ""]
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
    """Return the value at a path in the CLI's form, `a.b["c.d"][0]`, where secrets are masked."""
    for quoted, index, key in re.findall(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[\]]+)', path):
        try:
            value = value[int(index)] if index else value[quoted.replace('\\"', '"') or key]
        except (KeyError, IndexError, TypeError):
            return "[secret]" if value == "[secret]" else "not set"
    return format_value(value)


def _first_error(text: str) -> str | None:
    """Return the first error in the JSON of a failed refresh."""
    try:
        told = json.loads(text).get("diagnostics") or []
    except (ValueError, AttributeError):
        return None
    errors = [each["message"] for each in told if each.get("severity") == "error"]
    return " ".join(errors[0].split()).removeprefix("error: ") if errors else None
