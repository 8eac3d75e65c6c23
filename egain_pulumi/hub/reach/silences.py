"""`reach.toml` beside `Pulumi.yaml`: the findings that a project accepts. Pure.

[[silence]]
rule = "orphan"
object = "survey-bot"      # its logical name; without it, every object
because = "Started by hand, twice a year."
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...errors import EgainError
from ...names import closest
from ...schema.declared import Declared
from ...text import one_line
from ..sources.declarations import program
from .rules import RULES, Finding, findings

REACH_TOML: Final = "reach.toml"
_KEYS: Final = ("rule", "object", "because")


@dataclass(frozen=True, slots=True)
class Silence:
    """A rule that is not reported, for all objects or for one."""

    rule: str
    because: str
    object: str | None = None

    def covers(self, finding: Finding) -> bool:
        """Whether this silences a finding."""
        return self.rule == finding.rule.id and self.object in (None, finding.object.name)

    def __str__(self) -> str:
        return self.rule if self.object is None else f'{self.rule} of "{self.object}"'


@dataclass(frozen=True, slots=True)
class Verdict:
    """Findings, split by the silences of a project."""

    findings: tuple[Finding, ...]
    silenced: tuple[tuple[Finding, Silence], ...]
    idle: tuple[Silence, ...]
    """Silences that match no finding; possibly obsolete."""


def judge(found: Iterable[Finding], silences: Sequence[Silence]) -> Verdict:
    """Split findings into those to report and those that are silenced."""
    reported, silenced = [], []
    for finding in found:
        by = next((each for each in silences if each.covers(finding)), None)
        if by is None:
            reported.append(finding)
        else:
            silenced.append((finding, by))
    used = {silence for _, silence in silenced}
    idle = tuple(each for each in silences if each not in used)
    return Verdict(tuple(reported), tuple(silenced), idle)


def silences(text: str) -> tuple[Silence, ...]:
    """Parse a `reach.toml`. Raises EgainError."""
    return tuple(_silence(*each) for each in entries(text, REACH_TOML, "silence", _KEYS))


def entries(
    text: str, file: str, table: str, keys: Sequence[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the entries `[[table]]` of a TOML file, each with where it is, for errors.

    They hold texts under `keys`, and the file holds nothing else. Raises EgainError.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise EgainError(f"{file}: not valid TOML: {one_line(str(problem))}") from None
    listed = document.pop(table, [])
    if document or not isinstance(listed, list):
        raise EgainError(f"{file}: only [[{table}]] entries are allowed")
    for number, entry in enumerate(listed, 1):
        where, known = f"{file}: {table} {number}", ", ".join(keys)
        if not isinstance(entry, dict) or not all(isinstance(v, str) for v in entry.values()):
            raise EgainError(f"{where}: must have only texts: {known}")
        for key in entry:
            if key not in keys:
                raise EgainError(f"{where}: unknown key {one_line(key, 40)!r}; known keys: {known}")
        yield where, entry


def _silence(where: str, entry: Mapping[str, str]) -> Silence:
    rule, because = entry.get("rule", ""), entry.get("because", "").strip()
    rules = [each.id for each in RULES]
    if rule not in rules:
        hint = closest(rule, rules)
        end = f"did you mean {hint}?" if hint else f"known rules: {', '.join(rules)}"
        raise EgainError(f"{where}: unknown rule {one_line(rule, 60)!r}; {end}")
    if not because:
        raise EgainError(f"{where}: because is missing: say why {rule} does not matter here")
    return Silence(rule, because, entry.get("object"))


def warnings(
    declared: Sequence[Declared], mark_unknown: Callable[[Any], Any], reach_toml: str
) -> list[str]:
    """Return the broken rules of a program as warnings; `reach_toml` is the text of that file."""
    try:
        verdict = judge(findings(program(declared, mark_unknown)), silences(reach_toml))
    except EgainError as problem:
        return [str(problem)]
    return [
        f"{each}. (Rule {each.rule.id}; to silence it, add it to {REACH_TOML}.)"
        for each in verdict.findings
    ]
