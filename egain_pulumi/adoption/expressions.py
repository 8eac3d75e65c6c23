"""Python expressions as `ruff format` would leave them. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

WIDTH: Final = 88
_STEP: Final = "    "


@dataclass(frozen=True, slots=True)
class Code:
    """An expression that is written as it is: a variable."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call; unless it is `short`, always with one argument a line."""

    name: str
    arguments: Sequence[tuple[str | None, Expression]]
    short: bool = True


@dataclass(frozen=True, slots=True)
class Merged:
    """A mapping with the entries of a constant, and others beside or instead of them."""

    name: str
    entries: dict[str, Expression]


Expression = (
    Code | Call | Merged | str | bool | int | float | dict[str, "Expression"] | list["Expression"]
)


def lines(value: Expression, before: str = "", after: str = "", indent: str = "") -> Iterator[str]:
    """Yield the lines of an expression between `before` and `after`, in a block at `indent`."""
    flat = _flat(value)
    if flat is not None and columns(f"{indent}{before}{flat}{after}") <= WIDTH:
        yield f"{indent}{before}{flat}{after}"
        return
    inner = indent + _STEP
    match value:
        case Call(name, arguments) if arguments:
            yield f"{indent}{before}{name}("
            for key, argument in arguments:
                yield from lines(argument, f"{key}=" if key else "", ",", inner)
            yield f"{indent}){after}"
        case Merged(name, entries):
            yield f"{indent}{before}{{"
            yield f"{inner}**{name},"
            for key, item in entries.items():
                yield from lines(item, f"{literal(key)}: ", ",", inner)
            yield f"{indent}}}{after}"
        case dict() if value:
            yield f"{indent}{before}{{"
            for key, item in value.items():
                yield from lines(item, f"{literal(key)}: ", ",", inner)
            yield f"{indent}}}{after}"
        case list() if value:
            yield f"{indent}{before}["
            for item in value:
                yield from lines(item, "", ",", inner)
            yield f"{indent}]{after}"
        case str() if len(parts := _split(value, WIDTH - len(inner))) > 1:
            yield f"{indent}{before}("
            yield from (f"{inner}{part}" for part in parts)
            yield f"{indent}){after}"
        case _:
            yield f"{indent}{before}{flat}{after}"


def _flat(value: Expression) -> str | None:
    """Return an expression in one line; None for what never is."""
    match value:
        case Code(text):
            return text
        case Call(name, arguments, short):
            given = [(f"{key}=" if key else "", _flat(item)) for key, item in arguments]
            if not short or any(part is None for _, part in given):
                return None
            return f"{name}({', '.join(f'{key}{part}' for key, part in given)})"
        case str():
            return literal(value)
        case Merged(name, entries):
            rest = _flat(entries)
            return None if rest is None else f"{{**{name}, {rest[1:]}"
        case dict():
            parts = [(literal(key), _flat(item)) for key, item in value.items()]
            if any(part is None for _, part in parts):
                return None
            return "{" + ", ".join(f"{key}: {part}" for key, part in parts) + "}"
        case list():
            items = [_flat(item) for item in value]
            return None if None in items else "[" + ", ".join(map(str, items)) + "]"
    return repr(value)


def literal(text: str) -> str:
    """Return a text as Python writes it: printable characters as they are, all others escaped."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_escaped(c, quote) for c in text) + quote


_SHORT: Final = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escaped(character: str, quote: str) -> str:
    if character == quote:
        return f"\\{quote}"
    if character in _SHORT:
        return _SHORT[character]
    if character.isprintable():
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _split(text: str, width: int) -> list[str]:
    """Return a text as literals of at most this width, cut after blanks where possible."""
    parts, rest = list[str](), text
    while rest:
        size = _fitting(rest, width)
        if size < len(rest):
            blank = max(rest.rfind(" ", 0, size), rest.rfind("\n", 0, size)) + 1
            size = blank if blank > size // 2 else size
        parts.append(rest[:size])
        rest = rest[size:]
    return [literal(part) for part in parts]


def _fitting(text: str, width: int) -> int:
    used = 2
    for size, character in enumerate(text):
        used += max(len(_escaped(character, '"')), len(_escaped(character, "'")))
        used += columns(character) - 1 if character.isprintable() else 0
        if used > width and size:
            return size
    return len(text)


def columns(text: str) -> int:
    """Return how many columns a text takes on a screen, which is what a formatter measures."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def number(value: Any) -> Expression:
    """Return a number or a Boolean as an expression."""
    return value if isinstance(value, bool | int | float) else str(value)
