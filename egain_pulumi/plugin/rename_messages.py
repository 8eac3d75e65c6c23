"""What is said of unique values that change hands; see `messages`. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import EgainError, Reason
from ..text import sentence
from .messages import Subject


def renamed_to_taken(
    subject: Subject, value: str, existing: str, owner: str | None, said: str
) -> EgainError:
    """An update gives an object the unique value of another one."""
    field, kind = subject.kind.unique, subject.kind.label
    if owner is not None:
        text = (
            f"{owner} ({existing}) of this stack still has it. Give that one another {field} in a "
            f"first pulumi up; to exchange two values, give one of them a third {field} first."
        )
    else:
        text = (
            f"the {kind} {existing} still has it. Choose another {field}. If that one is or was in "
            f"this program, run pulumi up once with the old {field} here, so that it is renamed or "
            "deleted first, and then with the new one."
        )
    return EgainError(
        f'{subject.with_id} not updated: {field} "{value}" is taken: {text} '
        f"eGain said: {sentence(said)}",
        Reason.ALREADY_EXISTS,
    )


def values_in_circle(field: str, names: Sequence[str]) -> str:
    """Objects exchange their unique values in one change, which no order of updates can do."""
    return (
        f"{field}: {' and '.join(names)} exchange their values, but eGain refuses a value that "
        f"another object still has. Give one of them a third {field}, run pulumi up, and then give "
        "it the final one"
    )


def value_changes_hands(field: str, other: str) -> str:
    """One object takes the unique value that another one gives up in the same change."""
    return (
        f"{field}: this value and that of {other} change hands in one pulumi up. eGain refuses a "
        "value that another object still has; to be sure, free it in a pulumi up of its own."
    )
