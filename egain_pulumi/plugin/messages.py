"""The plugin's errors, one function each: what was attempted, on what, the problem, what to do.

One line each, made of names, ids and paths. Values appear only where a person must compare them,
never those of secret fields. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import ApiError, EgainError, Reason
from ..schema.kinds import Kind
from ..schema.model import Path
from ..schema.tree import ABSENT, show
from ..text import one_line, sentence
from .values import show_pair


@dataclass(frozen=True, slots=True)
class Subject:
    """The object that a message is about."""

    kind: Kind
    name: str
    """Its logical name in the program."""
    id: str | None = None

    def __str__(self) -> str:
        return f'{self.kind.label} "{self.name}"'

    @property
    def with_id(self) -> str:
        """The same with eGain's id, as far as it is known."""
        return f"{self} [{self.id}]" if self.id else str(self)


def refused(verb: str, subject: Subject, error: ApiError, client: str) -> EgainError:
    """eGain answered with an error."""
    if error.status >= 500 or error.status == 429:
        return EgainError(
            f"cannot {verb} {subject.with_id}: eGain answered {error.code}: {error.words} "
            f"{error.call}. Run it again later; egain:operationTimeoutSeconds limits how long it "
            "is tried.",
            Reason.UNAVAILABLE,
        )
    start = f"eGain refused to {verb} {subject.with_id} ({error.code}): "
    if error.status == 403:
        model = subject.kind.model
        scope = model.read_scope if error.method == "GET" else model.write_scope
        return EgainError(start + error.explain_scope(client, scope), Reason.REFUSED)
    return EgainError(f"{start}{error.words} {error.call}{_next_step(error)}", Reason.REFUSED)


def _next_step(error: ApiError) -> str:
    """What to do where eGain's own words cannot say it."""
    if error.status == 401:
        return ". Check egain:clientId and egain:scope."
    if not error.code.startswith(f"{error.status}-"):  # the words are ours: it is not eGain's error
        return ". Check egain:baseUrl and any proxy."
    if error.method != "GET" and any(key.endswith(".id") for key in error.keys):
        return ". If that object was deleted in eGain, pulumi up --refresh creates it again."
    return ""


def duplicate(subject: Subject, value: str, existing: str, said: str = "") -> EgainError:
    """The unique value belongs to another object."""
    field = subject.kind.unique
    find = f'{subject.kind.resource}.find("{subject.name}", {field}="{value}")'
    return EgainError(
        f'cannot create {subject}: {field} "{value}" already exists ({existing}). If you renamed '
        "the resource in this program, add ResourceOptions(aliases=[…]). If the object belongs to "
        "someone else or was left by an interrupted run, choose another "
        f'{field}, use {find}, or take it over with import_="{existing}".'
        + (f" eGain said: {sentence(said)}" if said else ""),
        Reason.ALREADY_EXISTS,
    )


def own_duplicate(subject: Subject, value: str, existing: str) -> EgainError:
    """The unique value belongs to another object of this stack, as when one is replaced."""
    field = subject.kind.unique
    return EgainError(
        f'cannot create {subject}: {field} "{value}" already exists ({existing}), in this stack. '
        f"To replace it, give the new one another {field}, so that its users move over, or add "
        "ResourceOptions(delete_before_replace=True) if nothing refers to it. If you renamed the "
        "resource in this program, add ResourceOptions(aliases=[…]).",
        Reason.ALREADY_EXISTS,
    )


def replaced_under_same_value(field: str, value: str) -> str:
    """A replacement is created before the old object is deleted, and needs another unique value."""
    return (
        f"{field}: a replacement is created before the old object is deleted, which still has "
        f'"{value}". Give it another {field}, so that its users move over, or add '
        "ResourceOptions(delete_before_replace=True) if nothing refers to it"
    )


def equal_exists(subject: Subject, value: str | None, existing: str) -> EgainError:
    """An equal object exists, and eGain would accept a second one."""
    return EgainError(
        f'cannot create {subject}: an equal one, "{value}" ({existing}), exists in eGain already, '
        "and this stack is not known to have created it; an interrupted run may have. Take it "
        f'over with import_="{existing}", delete it in eGain, or give this one another name.',
        Reason.EQUAL_EXISTS,
    )


def in_doubt(subject: Subject, value: str | None, problem: str) -> EgainError:
    """A POST got no answer: it may have been carried out."""
    field = subject.kind.field
    look = f'{field} "{value}"' if value else f"the {field} you declared"
    return EgainError(
        f"cannot tell whether {subject} was created: {problem.rstrip('.')}. Nothing was sent "
        "again. Run pulumi up again: it looks for the object first, and keeps it if it is what was "
        f"sent. If that stops too, look in eGain for {look}: delete it there, or give this one "
        f"another {field}.",
        Reason.IN_DOUBT,
    )


def gone(subject: Subject) -> EgainError:
    """Somebody deleted the object in eGain; an update noticed."""
    return EgainError(
        f"{subject.with_id} not updated: it is no longer in eGain. Run "
        "pulumi up --refresh, which creates it again.",
        Reason.GONE,
    )


def conflict(subject: Subject, found: Sequence[tuple[Path, Any, Any]], modified: str) -> EgainError:
    """Somebody else changed what this program manages."""
    shown = [(show(path), now, *show_pair(now, before)) for path, now, before in found]
    what = "; ".join(
        f"{path} is {here} in eGain, and was {was} when this stack last wrote or saw it"
        for path, _, here, was in shown
    )
    keep = ", ".join(
        f"leave {path} out" if now is ABSENT else f"write {path}={here}"
        for path, now, here, _ in shown
    )
    return EgainError(
        f"{subject} not updated: {what} (last changed {modified}). To keep eGain's value, {keep}. "
        "To restore yours, run pulumi refresh, review, then pulumi up.",
        Reason.CONFLICT,
    )


def concurrent(subject: Subject, error: ApiError) -> EgainError:
    """eGain's own lock refused the update: `modified` is not what it was a moment ago."""
    return EgainError(
        f"{subject} not updated: somebody else changed it in eGain at the same time "
        f"({error.code}). Run pulumi up again.",
        Reason.CONFLICT,
    )


def undeclared_secret(subject: Subject, paths: Sequence[Path]) -> EgainError:
    """An update would have to send a secret that was read, and may have been masked."""
    where = ", ".join(show(path) for path in paths)
    return EgainError(
        f"{subject} not updated: {where} is set in eGain and not in this program, and this "
        "tenant may mask secrets, so it cannot be sent back. Declare its value in the program, or "
        "remove it in eGain.",
        Reason.SECRET_UNDECLARED,
    )


def unchanged_type(subject: Subject, field: str) -> EgainError:
    """eGain accepted the PUT and kept the field's old value."""
    return EgainError(
        f"{subject.with_id}: eGain kept the old {field}. Give the object a new "
        f"{subject.kind.field} and "
        f'ResourceOptions(replace_on_changes=["{field}"]), so that a new one is created first and '
        "its users move over.",
        Reason.NOT_CHANGED,
    )


def not_allowed(subject: Subject, verb: str, source: str, variable: str | None) -> EgainError:
    """`egain:allowDelete` is false; `source` says where the value comes from."""
    return EgainError(
        f"{subject} not {verb}: egain:allowDelete is false ({source}). If you do want this, set it "
        "to true and run pulumi up first"
        + (f", or set {variable}=true for this command." if variable else "."),
        Reason.DELETE_NOT_ALLOWED,
    )


def in_use(subject: Subject, users: Sequence[str]) -> EgainError:
    """Other objects still refer to the object."""
    refer = "refers" if len(users) == 1 else "refer"
    return EgainError(
        f"{subject.with_id} not deleted: {', '.join(users)} still {refer} to it. Change "
        "that first; if it is not in this program, take it over with import_.",
        Reason.IN_USE,
    )


def use_unreadable(subject: Subject, problems: Sequence[str]) -> EgainError:
    """Objects whose data does not match the contract may refer to the object."""
    return EgainError(
        f"{subject.with_id} not deleted: it cannot be told whether it is still used by "
        f"{'; '.join(problems)}. Correct or delete that in eGain, then run it again.",
        Reason.USE_UNKNOWN,
    )


def use_unknown(problem: EgainError) -> EgainError:
    """Whether other objects refer to it cannot be determined."""
    text = f"{sentence(str(problem))} Nothing is deleted before it is known who uses it."
    return EgainError(text, Reason.USE_UNKNOWN)


def not_one(subject: Subject, criteria: Mapping[str, str], rows: Sequence[str]) -> EgainError:
    """`find` matched no object, or several."""
    asked = " and ".join(f'{key} "{wanted}"' for key, wanted in criteria.items())
    if not rows:
        return EgainError(
            f"cannot find {subject} by {asked}: eGain has no {subject.kind.label} at all. Create "
            "it there first, or declare it in this program.",
            Reason.NOT_FOUND,
        )
    text = (
        f"cannot find {subject} by {asked}: eGain has {'; '.join(rows)}. Name one of them with "
        f"{' or '.join(subject.kind.model.find_by)}."
    )
    return EgainError(one_line(text, 1_000), Reason.AMBIGUOUS)
