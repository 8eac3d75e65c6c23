"""What was seen, in words: few, always the same, each explained in the document."""

from __future__ import annotations

from collections import Counter
from typing import Final

from egain_pulumi.errors import Reason
from tests.reliability.cases import Case
from tests.reliability.seen import Call, Seen

STOPS: Final[dict[Reason, str]] = {
    Reason.USE_UNKNOWN: "users unknown",
    Reason.IN_DOUBT: "in doubt",
    Reason.ALREADY_EXISTS: "taken",
    Reason.EQUAL_EXISTS: "a twin",
    Reason.GONE: "gone",
    Reason.CONFLICT: "conflict",
    Reason.IMPORT_DIFFERS: "differs",
    Reason.IMPORT_SWITCHES: "switched",
    Reason.IN_USE: "in use",
    Reason.NOT_FOUND: "not there",
    Reason.AMBIGUOUS: "none or several",
    Reason.LIST_NOT_TRUSTED: "list not trusted",
    Reason.SETTINGS: "settings",
    Reason.REFUSED: "refused",
    Reason.NO_ANSWER: "gives up",
    Reason.UNAVAILABLE: "gives up",
    Reason.NO_TURN: "gives up",
}
"""The word for each reason."""

EXPLAINED: Final[dict[str, str]] = {
    "done": "as without the failure",
    "tried again, done": "the call was repeated after a wait",
    "looked up, kept": "the object was found and is in the state; nothing was sent again",
    "looked up, sent again": "the object was certainly not created; the POST was sent again",
    "read again, was done": "eGain had the change; nothing was sent again",
    "read again, sent again": "eGain did not have the change; the PUT was sent again",
    "difference shown": "the refresh writes it to the state and shows it; the next `up` reverts it",
    "not checked, a warning": "this client may not read it; the state is unchanged",
    "gone from the state": "eGain has no such object; the next `up` creates it",
    "refused": "an error at once, with eGain's own words",
    "gives up": "an error after `egain:operationTimeoutSeconds`",
    "in doubt": "an error: a person must decide; it says where to look and what the choices are",
    "taken": "an error that names the object with this unique value, and the choices",
    "a twin": "an error that names the existing equal object, and the choices",
    "gone": "an error: the object no longer exists in eGain; `pulumi up --refresh` creates it",
    "conflict": "an error: someone else changed the object; their change is not overwritten",
    "differs": "an error that lists the differences, old → new",
    "switched": "an error: `active` differs, and an import never changes that",
    "in use": "an error that names the objects that refer to it",
    "users unknown": "an error: the objects that refer to it are unknown, so it is not deleted",
    "not there": "an error: eGain has no such object",
    "none or several": "an error that lists the existing objects",
    "list not trusted": "an error: an inconsistent list proves nothing",
    "settings": "an error that names the settings to check",
    "state kept": "the state is unchanged",
    "nothing in the state": "the object is not in the state",
    "made in eGain": "but eGain has it",
    "changed in eGain": "eGain has other values than before the command",
    "gone in eGain": "eGain no longer has it",
    "still in eGain": "eGain and the command say that it is deleted; it is not",
    "not changed in eGain": "eGain and the command say that it is changed; it is not",
    "their change is overwritten": "a change that someone else just made is lost",
    "run again": "the same command after the failure is over, then an empty preview without a call",
}
"""Every word of the cells."""


def words(call: Call, case: Case, seen: Seen) -> str:
    """A cell: what happened (with which calls), what is left behind, what the next run does."""
    parts = [f"{_happened(call, seen)} ({_calls(case, seen)})"]
    if seen.reason is not None:
        parts += [_left(seen), "run again: " + (stop(seen.again) if seen.again else "done")]
    elif seen.again is not None:
        parts.append(f"run again: {stop(seen.again)}")
    elif call.verb == "delete" and seen.after[1]:
        parts.append("still in eGain")
    elif call.verb == "update" and seen.after[1] == seen.before[1]:
        parts.append("not changed in eGain")
    if seen.lost:
        parts.append("their change is overwritten")
    return "; ".join(parts)


def stop(reason: str) -> str:
    """The word for an error."""
    return STOPS[Reason(reason)]


def unexplained(cell: str) -> list[str]:
    """The words of a cell that `EXPLAINED` lacks."""
    plain = cell.replace("run again: ", "run again; ")
    parts = (part.partition(" (")[0].strip() for part in plain.split(";"))
    split = (each for part in parts for each in _kept_and_more(part))
    return [each for each in split if each not in EXPLAINED]


def _kept_and_more(part: str) -> list[str]:
    known = part in EXPLAINED
    return [part] if known else part.split(", ")


def _happened(call: Call, seen: Seen) -> str:
    counts = Counter(seen.calls)
    if seen.reason is not None:
        word = stop(seen.reason)
        return "gives up" if word == "refused" and max(counts.values(), default=0) > 2 else word
    if call.verb == "read":
        if not seen.after[0]:
            return "gone from the state"
        if seen.warned:
            return "not checked, a warning"
        if "update" in seen.ops:
            return "difference shown"
    if call.verb == "create" and counts["list"]:
        return "looked up, kept" if counts["POST"] == 1 else "looked up, sent again"
    usual = 2 if call.verb == "import" and call.path.endswith("{id}") else 1
    if call.method == "PUT" and counts["GET"] > usual:
        return "read again, was done" if counts["PUT"] == 1 else "read again, sent again"
    if call.method == "PUT":
        usual = 1
    return "tried again, done" if counts[call.name] > usual else "done"


def _calls(case: Case, seen: Seen) -> str:
    """How many calls of each kind; where that depends on chance, only that they were many."""
    counts = sorted(Counter(seen.calls).items())
    shown = [f"{'many' if case.lasting and n > 2 else n} {name}" for name, n in counts]
    return ", ".join(shown) or "no call"


def _left(seen: Seen) -> str:
    """What an operation that failed has left behind."""
    (old_state, old_there), (state, there) = seen.before, seen.after
    assert state == old_state, "a command that failed has changed the state"
    kept = "state kept" if state else "nothing in the state"
    if there == old_there:
        return kept
    how = "changed" if len(there) == len(old_there) else "made"
    return f"{kept}, {'gone' if len(there) < len(old_there) else how} in eGain"
