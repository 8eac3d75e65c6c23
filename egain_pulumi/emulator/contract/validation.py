"""The check of bodies against the contract: problems that name path and rule.

A problem never contains a value of the body: it may be a secret.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError, ValidationErrorKind

from .. import errors
from .shapes import Path, Shape, dotted, duplicates, leaves

MOST_DETAILS = 20


@dataclass(frozen=True)
class Problem:
    """A broken rule. `number` is the second half of its error code."""

    path: Path
    rule: str
    number: str = errors.INVALID


def problems(validator: Draft202012Validator, body: Any) -> list[Problem]:
    """Return the rules that a body breaks, in the contract's order."""
    try:
        # Much faster than `iter_errors`, and nearly all bodies are valid.
        if validator.is_valid(body):
            return []
        return list(_translate(validator.iter_errors(body)))
    except ValueError:
        # jsonschema-rs refuses bodies with more than 255 levels.
        return [Problem((), "is nested too deeply")]


def beyond_schema(shape: Shape, body: Any) -> list[Problem]:
    """Check what JSON Schema does not: base64 text, and values unique among siblings."""
    found = [
        Problem(path, "must be base64")
        for path, part, value in leaves(shape, body)
        if part.base64 and isinstance(value, str) and not _is_base64(value)
    ]
    found += [Problem(path, "must be unique in its list") for path in duplicates(shape, body)]
    return found


def refusal(found: Sequence[Problem], part: str = "the request body") -> errors.ApiError:
    """Return the 400 for these problems; a missing attribute decides its code (vendor)."""
    texts = {
        errors.MISSING: f"Required attribute is missing in {part}",
        errors.OUTSIDE_SET: f"Attribute value outside of the allowed set in {part}",
        errors.INVALID: f"Invalid attribute value in {part}",
    }
    number = next(n for n in texts if any(problem.number == n for problem in found))
    names = [dotted(p.path) or "(whole body)" for p in found if p.number == number]
    return errors.ApiError(
        400,
        number,
        f"{texts[number]}: {', '.join(names[:MOST_DETAILS])}",
        [(dotted(p.path) or "body", p.rule) for p in found[:MOST_DETAILS]],
    )


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _translate(found: Iterator[ValidationError] | Sequence[ValidationError]) -> Iterator[Problem]:
    for error in found:
        path = tuple(error.instance_path)
        kind = error.kind
        match kind:
            case ValidationErrorKind.Required(name):
                yield Problem((*path, name), "is required", errors.MISSING)
            case ValidationErrorKind.OneOfNotValid(branches) | ValidationErrorKind.AnyOf(branches):
                yield from _nearest(branches)
            case ValidationErrorKind.Enum(options):
                allowed = ", ".join(str(option) for option in options)
                yield Problem(path, f"must be one of: {allowed}", errors.OUTSIDE_SET)
            case ValidationErrorKind.Constant(expected):
                yield Problem(path, f"must be one of: {expected}", errors.OUTSIDE_SET)
            case _:
                yield Problem(path, _RULE_TEXTS.get(kind.name, kind.name).format(_limit(kind)))


_RULE_TEXTS = {
    "type": "must be of type {}",
    "minLength": "must have at least {} characters",
    "maxLength": "must have at most {} characters",
    "minItems": "must have at least {} items",
    "maxItems": "must have at most {} items",
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "format": "must be a valid {}",
    "pattern": "must match {}",
}


def _limit(kind: ValidationErrorKind) -> str:
    value = kind.value
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)


def _nearest(branches: Sequence[Sequence[ValidationError]]) -> list[Problem]:
    """Return the problems of the intended variant: its constant (`type`) fits, fewest problems.

    If no constant fits, all of them are the allowed set.
    """
    options = [list(_translate(branch)) for branch in branches]
    matching = [o for o in options if not any(p.number == errors.OUTSIDE_SET for p in o)]
    if matching:
        return min(matching, key=len)
    marks = [p for o in options for p in o if p.number == errors.OUTSIDE_SET]
    allowed = ", ".join(dict.fromkeys(p.rule.removeprefix("must be one of: ") for p in marks))
    return [Problem(marks[0].path, f"must be one of: {allowed}", errors.OUTSIDE_SET)]
