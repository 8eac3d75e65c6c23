"""Read a script, in YAML: what the customer says and what must happen (docs/smoke.md). Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from ..errors import EgainError
from ..names import closest
from ..schema.tree import show
from ..text import one_line

GREETING: Final = "Hello, this is an automatic test (egain-pulumi smoke). Please ignore it."
AGENT: Final = "agent"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the customer and its expectations, which may be met in any order."""

    say: str | None = None
    attach: str | None = None
    """A file, relative to the script."""
    answer: tuple[str, ...] = ()
    """Texts that the answers must contain, ignoring case."""
    answers: bool = False
    """Whether any answer must come."""
    escalates: bool = False
    """Whether the conversation must reach the agents."""
    ends: bool = False
    """Whether the other side must end the conversation."""
    within: float | None = None
    """Seconds to wait for the expectations, instead of the default."""

    @property
    def expects(self) -> bool:
        """Whether more must happen than that the message arrives."""
        return bool(self.answer or self.answers or self.escalates or self.ends)

    @property
    def label(self) -> str:
        """Its text in a step."""
        said = f'"{one_line(self.say, 80)}"' if self.say else "nothing"
        return f"{said} with {self.attach}" if self.attach else said


def script(text: str) -> tuple[Turn, ...]:
    """Return the turns of a script. Raises EgainError, with the path of the mistake."""
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as problem:
        where = getattr(problem, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise EgainError(f"the script is not YAML{line}; see docs/smoke.md") from None
    if not isinstance(found, Mapping) or set(found) != {"turns"}:
        raise EgainError("the script: expects the single key turns with a list; see docs/smoke.md")
    turns = found["turns"]
    if not isinstance(turns, list) or not turns:
        raise EgainError("turns: expects a list of at least one turn, such as - say: Hello")
    return tuple(_turn(number, each) for number, each in enumerate(turns))


def _turn(number: int, given: Any) -> Turn:
    if not isinstance(given, Mapping):
        raise EgainError(f"{_at(number)}: expects keys and values, such as say: Hello")
    made: dict[str, Any] = {}
    for key, value in given.items():
        if key not in _READ:
            hint = closest(str(key), _READ)
            more = f"did you mean {hint}?" if hint else f"the keys are {', '.join(_READ)}"
            raise EgainError(f"{_at(number, key)}: unknown key; {more}")
        made[key] = _READ[key](_at(number, key), value)
    if not made.get("say") and not made.get("attach"):
        raise EgainError(f"{_at(number)}: says nothing; add say, or attach with a file")
    return Turn(**made)


def _at(number: int, *key: object) -> str:
    return show(("turns", number, *(str(each) for each in key)))


def _words(where: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise EgainError(f"{where}: expects a text that is not empty; put a number in quotes")
    return value


def _answer(where: str, value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) and value else [value]
    return tuple(_words(where, each) for each in listed)


def _flag(where: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise EgainError(f"{where}: expects true or false")
    return value


def _seconds(where: str, value: Any) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or value <= 0:
        raise EgainError(f"{where}: expects a number of seconds above 0")
    return float(value)


_READ: Final = {
    "say": _words,
    "attach": _words,
    "answer": _answer,
    "answers": _flag,
    "escalates": _flag,
    "ends": _flag,
    "within": _seconds,
}
