"""The steps of a preview, in terms of eGain, from complete JSON of a known CLI. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ...text import one_line
from ..model import Object
from . import states
from .documents import Document, NotAHub, need, stack_of

WHAT: Final = "not a complete preview (pulumi preview --json --show-sames)"
_COUNTED: Final = ("same", "create", "update", "replace", "delete")


class Op(StrEnum):
    """What happens to an object."""

    SAME = "same"
    CREATE = "create"
    IMPORT = "import"
    """A create with `import_`: takes over an object in eGain. Pulumi has no such step."""
    FIND = "find"
    """A create or replace of a `find`: looks up an object. Pulumi has no such step."""
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    FORGET = "forget"
    """A delete that eGain does not see: of a `find`, a `get`, or with `retain_on_delete`."""
    READ = "read"


OPS: Final[Mapping[str, Op]] = {
    "same": Op.SAME,
    "create": Op.CREATE,
    "update": Op.UPDATE,
    "replace": Op.REPLACE,
    "create-replacement": Op.REPLACE,
    "delete-replaced": Op.REPLACE,
    "delete": Op.DELETE,
    "read": Op.READ,
    "read-replacement": Op.READ,
    "import": Op.IMPORT,
    "import-replacement": Op.IMPORT,
    "discard": Op.FORGET,
    "discard-replaced": Op.FORGET,
    "remove-pending-replace": Op.SAME,
}
"""Every step of CLI 3.259 (`pkg/resource/deploy/step.go`) except `refresh`."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one object; `old` is None for a new object, `new` for a deleted one."""

    key: str
    op: Op
    old: Object | None
    new: Object | None
    diff: Mapping[str, str]
    """Kind of change (`add`, `update-replace` …) by property path, as the CLI writes it. The only
    place that tells whether a secret changes."""

    @property
    def object(self) -> Object:
        """The new object, or the deleted one."""
        found = self.new or self.old
        assert found is not None
        return found


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
    return {
        path: str(need(each, dict, WHAT, "detailedDiff").get("kind", "update"))
        for path, each in listed.items()
    }
