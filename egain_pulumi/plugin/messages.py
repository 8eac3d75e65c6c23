"""The sentences of errors: what was attempted, on what, what is wrong, what to do.

One line each (docs/rules.md#errors), made of names, ids and paths. Values appear only where a
person must compare them, never those of secret fields. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..errors import ApiError
from ..schema.kinds import resource_class
from ..schema.model import Model, Path
from ..schema.tree import ABSENT, show, unique_field
from ..text import one_line, sentence

HIDDEN: Final = object()
"""In place of a value that must not be shown."""
_LONGEST_VALUE = 60
_ADDRESS = re.compile(r"([a-z0-9+.-]*://)(?:[^\s/@]*@)?([^\s?#]*)([?#]\S*)?", re.I)
"""An address, whose user and query are left out: keys travel there."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The object that a message is about."""

    model: type[Model]
    name: str
    """Its logical name in the program."""
    id: str | None = None

    def __str__(self) -> str:
        return f'{self.model.label} "{self.name}"'

    @property
    def resource(self) -> str:
        """The class that people write."""
        return resource_class(self.model)


def refused(verb: str, subject: Subject, error: ApiError, client: str) -> str:
    """eGain said no."""
    where = f" [{subject.id}]" if subject.id else ""
    call = f"({error.method} {error.path}, correlation id {error.correlation})"
    if error.status >= 500 or error.status == 429:
        return (
            f"cannot {verb} {subject}{where}: eGain answered {error.code}: {error.words} {call}. "
            "Run it again later; egain:operationTimeoutSeconds says for how long it is tried."
        )
    start = f"eGain refused to {verb} {subject}{where} ({error.code}): "
    if error.status == 403:
        scope = subject.model.read_scope if verb == "read" else subject.model.write_scope
        return (
            f'{start}client "{client}" lacks scope {scope}, or may not do this: '
            f"{sentence(error.words)} "
            "Add the scope to the client application in the eGain console."
        )
    return f"{start}{error.words} {call}{_next_step(error)}"


def _next_step(error: ApiError) -> str:
    """What to do where eGain's own words cannot say it."""
    if error.status == 401:
        return ". Check egain:clientId and egain:scope."
    if not error.code.startswith(f"{error.status}-"):  # the words are ours: it is not eGain's error
        return ". Check egain:baseUrl and any proxy."
    if error.method != "GET" and any(key.endswith(".id") for key in error.keys):
        return ". If that object was deleted in eGain, pulumi up --refresh makes it again."
    return ""


def duplicate(subject: Subject, value: str, existing: str, said: str = "") -> str:
    """The unique value belongs to another object."""
    field = unique_field(subject.model)
    find = f'{subject.resource}.find("{subject.name}", {field}="{value}")'
    return (
        f'cannot create {subject}: {field} "{value}" already exists ({existing}). Renamed in '
        "this program: add ResourceOptions(aliases=[…]). Somebody else's, or left by "
        "an interrupted run: choose another "
        f'{field}, use {find}, or take it over with import_="{existing}".'
        + (f" eGain said: {sentence(said)}" if said else "")
    )


def own_duplicate(subject: Subject, value: str, existing: str) -> str:
    """The unique value belongs to another object of this stack, as when one is replaced."""
    field = unique_field(subject.model)
    return (
        f'cannot create {subject}: {field} "{value}" already exists ({existing}), in this stack. '
        f"To replace it, give the new one another {field}, so that its users move over, or "
        "ResourceOptions(delete_before_replace=True) if nothing refers to it. Renamed in this "
        "program: add ResourceOptions(aliases=[…])."
    )


def replaced_under_its_own(field: str, value: str) -> str:
    """A replacement is made before the old one goes, and eGain wants this value unique."""
    return (
        f'{field}: a replacement is made before the old one is deleted, which still has "{value}". '
        f"Give it another {field}, so that its users move over, or "
        "ResourceOptions(delete_before_replace=True) if nothing refers to it"
    )


def twin(subject: Subject, value: str | None, existing: str) -> str:
    """An equal object is there, and eGain would take a second one."""
    return (
        f'cannot create {subject}: an equal one, "{value}" ({existing}), is in eGain already, and '
        "this stack is not known to have made it; perhaps a run that was interrupted did. Take it "
        f'over with import_="{existing}", delete it in eGain, or give this one another name.'
    )


def nothing_to_import(subject: Subject, wanted: str) -> str:
    """The object of an import is not there."""
    return f'cannot import {subject}: eGain has no {subject.model.label} "{wanted}".'


def several_to_import(subject: Subject, wanted: str, ids: str) -> str:
    """A name that several objects have."""
    return (
        f'cannot import {subject}: several have "{wanted}" ({ids}). Import one of them by its id.'
    )


def already_ours(subject: Subject, id: str) -> str:
    """A replacement of an adopted object would adopt the one that it is about to delete."""
    return (
        f"cannot import {subject} [{id}]: it is in this stack already. Leave import_ out; for a "
        "replacement give the new object a new name as well."
    )


def import_would_switch(subject: Subject, id: str, active: object) -> str:
    """An import never turns anything on or off."""
    turn = "off" if active else "on"
    return (
        f"cannot import {subject} [{id}]: active is {active} in eGain, and an import changes "
        f"nothing of that. Write active={active}, or turn it {turn} in eGain first."
    )


def import_differs(
    subject: Subject, id: str, changes: Sequence[tuple[Path, Any, Any]], setting: str
) -> str:
    """eGain has something else than what is declared."""
    what = "; ".join(f"{show(p)}: {value(old)} → {value(new)}" for p, old, new in changes)
    return (
        f"cannot import {subject} [{id}]: eGain has other values than this program: {what}. "
        f"Write what eGain has, or set {setting} to overwrite to change it with the import."
    )


def in_doubt(subject: Subject, value: str | None, reason: str) -> str:
    """A POST without an answer: it may or may not have been carried out."""
    field = unique_field(subject.model) or "name"
    look = f'{field} "{value}"' if value else f"the {field} you declared"
    return (
        f"cannot tell whether {subject} was created: {reason.rstrip('.')}. Nothing was sent "
        "again. Run pulumi up again, which looks for it first, and keeps it if it is what was "
        f"sent. If that stops too, look in eGain for {look}: delete it there, or give this one "
        f"another {field}."
    )


def gone(subject: Subject) -> str:
    """Deleted behind our back, seen at update."""
    return (
        f"{subject} [{subject.id}] not updated: it is no longer in eGain. Run "
        "pulumi up --refresh, which makes it again."
    )


def conflict(subject: Subject, found: Sequence[tuple[Path, Any, Any]], modified: str) -> str:
    """Somebody else changed what this program manages."""
    what = "; ".join(
        f"{show(path)} is {value(now)} in eGain, and was {value(before)} when this stack last "
        "wrote or saw it"
        for path, now, before in found
    )
    keep = ", ".join(
        f"leave {show(path)} out" if now is ABSENT else f"write {show(path)}={value(now)}"
        for path, now, _ in found
    )
    return (
        f"{subject} not updated: {what} (last changed {modified}). Keep it: {keep}. "
        "Undo it: pulumi refresh, review, pulumi up."
    )


def concurrent(subject: Subject, error: ApiError) -> str:
    """eGain's own lock refused the update: `modified` is not what it was a moment ago."""
    return (
        f"{subject} not updated: somebody else changed it in eGain at the same time "
        f"({error.code}). Run pulumi up again."
    )


def undeclared_secret(subject: Subject, paths: Sequence[Path]) -> str:
    """An update would have to send a secret that was read, and may have been masked."""
    where = ", ".join(show(path) for path in paths)
    return (
        f"{subject} not updated: {where} is set in eGain and not in this program, and this "
        "tenant may not show secrets as they are, so it cannot be sent back. Declare it in the "
        "program, or remove it in eGain."
    )


def unchanged_type(subject: Subject, field: str) -> str:
    """The PUT was accepted, and the field kept its old value."""
    unique = unique_field(subject.model)
    return (
        f"{subject} [{subject.id}]: eGain kept the old {field}. Give the object a new "
        f"{'name' if unique is None else unique} and "
        f'ResourceOptions(replace_on_changes=["{field}"]), so that a new one is made first and '
        "its users move over."
    )


def may_not_delete(
    subject: Subject, source: str, variable: str | None, verb: str = "deleted"
) -> str:
    """`egain:allowDelete` is false."""
    return (
        f"{subject} not {verb}: egain:allowDelete is false ({source}). If that is meant: set it "
        "to true and run pulumi up first"
        + (f", or set {variable}=true for this command." if variable else ".")
    )


def in_use(subject: Subject, users: Sequence[str]) -> str:
    """Something still refers to the object."""
    refer = "refers" if len(users) == 1 else "refer"
    return (
        f"{subject} [{subject.id}] not deleted: {', '.join(users)} still {refer} to it. Change "
        "that first; if it is not in this program, take it over with import_."
    )


def not_one(subject: Subject, criteria: Mapping[str, str], rows: Sequence[str]) -> str:
    """`find` saw none or several."""
    asked = " and ".join(f'{key} "{wanted}"' for key, wanted in criteria.items())
    if not rows:
        return (
            f"cannot find {subject} by {asked}: eGain has no {subject.model.label} at all. Make "
            "it there first, or declare it in this program."
        )
    return one_line(
        f"cannot find {subject} by {asked}: eGain has {'; '.join(rows)}. Name one of them with "
        f"{' or '.join(subject.model.find_by)}.",
        1_000,
    )


def with_next_step(text: str) -> str:
    """An answer that never came, or cannot be read: what to do, unless it says so itself."""
    if "try again" in text or "run it again" in text:
        return text
    return f"{text} Run it again; if it lasts, check the network, any proxy and egain:baseUrl."


def value(value: Any) -> str:
    """A value as a program writes it, short; of addresses what is no secret."""
    if value is ABSENT:
        return "not set"
    if value is HIDDEN:
        return "[secret]"
    if isinstance(value, tuple):
        if len(value) == 2 and value[0] is True:  # a truth value, as `overlay.leaves` has it
            return str(value[1])
        if not all(isinstance(item, str) for item in value):
            return "another list"
        value = list(value)
    if isinstance(value, str):
        value = _ADDRESS.sub(lambda m: m[1] + m[2] + ("?…" if m[3] else ""), value)
    return one_line(json.dumps(value, ensure_ascii=False), _LONGEST_VALUE)
