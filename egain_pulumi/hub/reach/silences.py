"""Which findings a project has decided to live with: `reach.toml` beside `Pulumi.yaml`. Pure.

[[silence]]
rule = "orphan"
object = "survey-bot"      # its logical name; left out: every object
because = "Started by hand, twice a year."
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...errors import EgainError
from ...names import closest
from ...schema.declared import Declared
from ...text import one_line
from ..sources.programs import program
from .rules import RULES, Finding, findings

FILE: Final = "reach.toml"
_KEYS: Final = ("rule", "object", "because")


@dataclass(frozen=True, slots=True)
class Silence:
    """A rule that is not to be told, everywhere or of one object."""

    rule: str
    because: str
    object: str | None = None

    def covers(self, finding: Finding) -> bool:
        """Whether it is about a finding."""
        return self.rule == finding.rule.id and self.object in (None, finding.object.name)

    def __str__(self) -> str:
        return self.rule if self.object is None else f'{self.rule} of "{self.object}"'


@dataclass(frozen=True, slots=True)
class Verdict:
    """Findings, parted."""

    told: tuple[Finding, ...]
    silenced: tuple[tuple[Finding, Silence], ...]
    idle: tuple[Silence, ...]
    """What silences nothing here: perhaps no longer needed."""


def judged(findings: Iterable[Finding], silences: Sequence[Silence]) -> Verdict:
    """The findings parted by what the project has said about them."""
    told, silenced = [], []
    for finding in findings:
        by = next((each for each in silences if each.covers(finding)), None)
        if by is None:
            told.append(finding)
        else:
            silenced.append((finding, by))
    used = {silence for _, silence in silenced}
    idle = tuple(each for each in silences if each not in used)
    return Verdict(tuple(told), tuple(silenced), idle)


def silences(text: str) -> tuple[Silence, ...]:
    """What a `reach.toml` says. Raises EgainError in one line."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise EgainError(f"{FILE}: no TOML: {one_line(str(problem))}") from None
    listed = document.pop("silence", [])
    if document or not isinstance(listed, list):
        raise EgainError(f"{FILE}: knows nothing but [[silence]]")
    return tuple(_silence(each, number) for number, each in enumerate(listed, 1))


def _silence(entry: Any, number: int) -> Silence:
    where = f"{FILE}: silence {number}"
    if not isinstance(entry, dict) or not all(isinstance(v, str) for v in entry.values()):
        raise EgainError(f"{where}: expects texts: {', '.join(_KEYS)}")
    for key in entry:
        if key not in _KEYS:
            raise EgainError(f"{where}: unknown key {one_line(key, 40)!r}; known are {_known()}")
    rule, because = entry.get("rule", ""), entry.get("because", "").strip()
    known = [each.id for each in RULES]
    if rule not in known:
        hint = closest(rule, known)
        end = f"did you mean {hint}?" if hint else f"known are {', '.join(known)}"
        raise EgainError(f"{where}: unknown rule {one_line(rule, 60)!r}; {end}")
    if not because:
        raise EgainError(f"{where}: because is missing: say why {rule} does not matter here")
    return Silence(rule, because, entry.get("object"))


def _known() -> str:
    return ", ".join(_KEYS)


def unreached(
    declared: Sequence[Declared], known: Callable[[Any], Any], accepted: str
) -> list[str]:
    """What does not hold in a program, as warnings; `accepted` is the text of its reach.toml."""
    try:
        verdict = judged(findings(program(declared, known)), silences(accepted))
    except EgainError as problem:
        return [str(problem)]
    return [f"{each}. (Rule {each.rule.id}; {FILE} silences it.)" for each in verdict.told]
