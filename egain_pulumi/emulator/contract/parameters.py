"""The check of path, query and header parameters against the contract."""

from __future__ import annotations

from typing import Any

from .. import errors
from ..errors import ApiError
from ..wire import Call
from .document import Operation, Parameter


def check_parameters(operation: Operation, call: Call, *, paging: bool) -> None:
    """Raise a 400 for an unknown query parameter, and for a value that breaks its rules.

    `paging` False: the tenant has no query parameter at all, as its pages suggest
    (docs/vendor-api.md#paging); the contract says how such a server answers.
    """
    known = {p.name: p for p in operation.parameters if p.place == "query" and paging}
    unknown = sorted({name for name, _ in call.query if name not in known})
    if unknown:
        raise ApiError(
            400,
            errors.QUERY_UNKNOWN,
            f"Unsupported query parameter(s) supplied: {', '.join(map(repr, unknown))}.",
        )
    for name, value in call.query:
        _check(known[name], value)
    if len(dict(call.query)) < len(call.query):
        raise ApiError(400, errors.MALFORMED, "A query parameter is given twice.")
    for parameter in operation.parameters:
        if parameter.place == "path":
            _check(parameter, call.params[parameter.name])
        elif parameter.place == "header" and parameter.name in call.headers:
            _check(parameter, call.headers[parameter.name])


def _check(parameter: Parameter, text: str) -> None:
    value: Any = text
    number = errors.OUTSIDE_SET if "enum" in parameter.schema else errors.MALFORMED
    if parameter.schema.get("type") == "integer":
        digits = text.removeprefix("-")
        # Ten digits are enough, and int() of thousands of digits is slow.
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
            raise _refusal(parameter, errors.MALFORMED)
        value = int(text)
        number = errors.NOT_POSITIVE if value < 1 else errors.MALFORMED
    if not parameter.validator.is_valid(value):
        raise _refusal(parameter, number)


def _refusal(parameter: Parameter, number: str) -> ApiError:
    rules = {key: parameter.schema[key] for key in _RULES if key in parameter.schema}
    rule = ", ".join(f"{key} {value}" for key, value in rules.items())
    return ApiError(
        400,
        number,
        f"Invalid value of the {parameter.place} parameter '{parameter.name}'.",
        [(parameter.name, rule)],
    )


_RULES = ("type", "enum", "minimum", "maximum", "minLength", "maxLength")
