"""Check that the JSON of a preview is complete, without an error, of a known CLI. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ...text import one_line
from . import states
from .documents import Document, NotAHub, need, stack_of
from .steps import OPS

WHAT: Final = "not a complete preview (pulumi preview --json --show-sames)"
_COUNTED: Final = ("same", "create", "update", "replace", "delete")


def steps(document: Document) -> list[Document]:
    """Return all steps of a preview. Raises NotAHub if the preview failed."""
    if "sequence" in document and "timestamp" in document:
        raise NotAHub(
            f"{WHAT}: this is a stream of events; unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW"
        )
    failed = [
        str(each.get("message", ""))
        for each in need(document.get("diagnostics") or [], list, WHAT, "diagnostics")
        if isinstance(each, Mapping) and each.get("severity") == "error"
    ]
    if failed:
        said = one_line(failed[0].removeprefix("error: "))
        raise NotAHub(f"{WHAT}: the preview itself failed: {said}")
    if document.get("maybeCorrupt"):
        raise NotAHub(f"{WHAT}: Pulumi reports that the stack's state is damaged")
    need(document.get("changeSummary"), dict, WHAT, "changeSummary")
    listed = need(document.get("steps", []), list, WHAT, "steps")
    for step in listed:
        need(step, dict, WHAT, "a step")
        need(step.get("urn"), str, WHAT, "a step's urn")
        op = need(step.get("op"), str, WHAT, "a step's op")
        if op not in OPS and op != "refresh":
            raise NotAHub(
                f"{WHAT}: step {one_line(op, 40)!r} is unknown; is the CLI newer than 3.259?"
            )
    return list(listed)


def count_left_out(document: Document, planned: Iterable[Document]) -> int:
    """Count the unchanged objects that the CLI left out. Raises NotAHub if others are missing."""
    shown = [step["op"] for step in planned]
    left_out = 0
    for op, count in document["changeSummary"].items():
        missing = need(count, int, WHAT, "changeSummary") - shown.count(op)
        if op in _COUNTED and missing and (op != "same" or missing < 0):
            raise NotAHub(
                f"{WHAT}: changeSummary counts {count} to {op}, but there are {shown.count(op)}; "
                "is the text cut off?"
            )
        left_out += missing if op == "same" else 0
    return left_out


def resource(step: Document, side: str) -> Document:
    """Return a step's `oldState` or `newState`, under the URN of the step."""
    found: Document = need(step[side], dict, WHAT, f"{step['urn']}: {side}")
    need(found.get("type"), str, WHAT, f"{step['urn']}: {side}.type")
    stack_of(step["urn"], WHAT)
    if found.get("urn") != step["urn"]:
        aliases = (step.get("newState") or {}).get("aliases") or ()
        if side != "oldState" or found.get("urn") not in aliases:
            need(None, str, WHAT, f"{step['urn']}: {side}.urn")
        found = {**found, "urn": step["urn"]}  # renamed in the program: the same object
    return found


def refuse_other_state(stored: Document, stack: tuple[str, str], seen: Document | None) -> None:
    """Raise NotAHub if a stored resource is not of the preview's stack, or has another id."""
    its = stack_of(stored["urn"], states.WHAT)
    other = seen is not None and seen.get("id") != stored.get("id")
    if its != stack or other:
        raise NotAHub(
            f"{WHAT}: the state is from another stack or another time "
            f"({one_line(stored['urn'], 200)})"
        )


def diff(step: Document) -> dict[str, str]:
    """Return the kind of change by property path: `add`, `delete`, `update-replace` …"""
    listed = need(step.get("detailedDiff") or {}, dict, WHAT, "detailedDiff")
    return {path: _kind_of_change(each) for path, each in listed.items()}


def _kind_of_change(each: Any) -> str:
    return str(need(each, dict, WHAT, "detailedDiff").get("kind", "update"))
