"""The errors of an import (`ResourceOptions(import_=…)`); see `messages`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import EgainError, Reason
from ..schema.model import Path
from ..schema.tree import show
from .messages import Subject
from .values import show_pair


def nothing_to_import(subject: Subject, wanted: str) -> EgainError:
    """The object to import does not exist."""
    return EgainError(
        f'cannot import {subject}: eGain has no {subject.kind.label} "{wanted}".', Reason.NOT_FOUND
    )


def several_to_import(subject: Subject, wanted: str, ids: str) -> EgainError:
    """Several objects have the name to import by."""
    return EgainError(
        f'cannot import {subject}: several have "{wanted}" ({ids}). Import one of them by its id.',
        Reason.AMBIGUOUS,
    )


def already_managed(subject: Subject, id: str) -> EgainError:
    """A replacement of an adopted object would adopt the one that it is about to delete."""
    return EgainError(
        f"cannot import {subject} [{id}]: it is in this stack already. Leave import_ out; for a "
        "replacement, give the new object a new name as well.",
        Reason.ALREADY_MANAGED,
    )


def import_would_switch(subject: Subject, id: str, active: object) -> EgainError:
    """An import never turns anything on or off."""
    turn = "off" if active else "on"
    return EgainError(
        f"cannot import {subject} [{id}]: active is {active} in eGain, and an import never changes "
        f"it. Write active={active}, or turn it {turn} in eGain first.",
        Reason.IMPORT_SWITCHES,
    )


def import_differs(
    subject: Subject, id: str, changes: Sequence[tuple[Path, Any, Any]], setting: str
) -> EgainError:
    """eGain has other values than the program declares."""
    what = "; ".join(f"{show(p)}: {' → '.join(show_pair(old, new))}" for p, old, new in changes)
    return EgainError(
        f"cannot import {subject} [{id}]: eGain has other values than this program: {what}. "
        f"Write what eGain has, or set {setting} to overwrite to change it with the import.",
        Reason.IMPORT_DIFFERS,
    )


def import_would_send(subject: Subject, id: str, paths: Sequence[Path]) -> EgainError:
    """An import never overwrites a secret unless it is asked to."""
    where = ", ".join(show(path) for path in paths)
    keep = [] if set(paths) == {("extra",)} else ["write keep_secret() in place of each value"]
    keep += ["leave extra out"] if ("extra",) in paths else []
    return EgainError(
        f"cannot import {subject} [{id}]: {where}: eGain does not show the value that this program "
        "declares, and may have another one. To send the declared secrets once with the import, "
        f"set secrets_version=1. To keep what eGain has, {' and '.join(keep)}.",
        Reason.IMPORT_SENDS,
    )
