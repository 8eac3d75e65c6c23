"""`docs/reliability.md`: rendered from what was seen, and read back to compare it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.reliability.matrix import Cells
from tests.reliability.words import EXPLAINED
from tests.specimens import SPECIMENS
from tests.support.process import REPOSITORY

PATH = REPOSITORY / "docs" / "reliability.md"
FIGURES = REPOSITORY / "docs" / "reliability-figures.json"
KINDS = tuple(specimen.noun for specimen in SPECIMENS)
HEAD = "| what goes wrong | what happens | except |\n|---|---|---|"
FRAME = """\
# What happens when something goes wrong

Each line is the result of a run, for every kind of object, with Pulumi's real plugin host and
the [emulator](emulator.md). `make test` fails if a result changes. `python -m
tests.reliability` writes this page. Waits used a simulated clock.

To find your case, look for the verb and its failed call in the headings, then for the failure
in the lines. A cell says what the command did and with how many calls (`list` is a GET of the
whole collection, `many` depends on chance), what an error left behind, and what the same
command does after the failure is over. A failure happens once, or "every time" until it is
over. "Carried out" means that eGain did it and only its answer was lost.

In no cell was an object created twice, considered gone without eGain's own 404, a call or a
token sent to another host, or a secret shown. Every error was one line. After every success, a
second preview was empty and made no call.
"""


def rendered(matrix: Mapping[str, Cells]) -> str:
    """The whole page."""
    parts = [FRAME, _words()]
    for title, cells in matrix.items():
        kinds = next(iter(cells.values())).keys()
        only = "" if len(kinds) == len(KINDS) else f"Kinds: {_named(kinds)}.\n\n"
        rows = "\n".join(_row(case, found) for case, found in cells.items())
        parts.append(f"## {title[0].upper()}{title[1:]}\n\n{only}{HEAD}\n{rows}\n")
    if FIGURES.exists():
        parts.append(_figures(json.loads(FIGURES.read_text("utf-8"))))
    return "\n".join(parts)


def read(page: str) -> dict[str, Cells]:
    """What a page says, by title of the table."""
    matrix: dict[str, Cells] = {}
    for section in page.split("\n## ")[1:]:
        heading, _, body = section.partition("\n")
        if HEAD not in body:
            continue
        only = re.search(r"^Kinds: (.*)\.$", body, re.M)
        kinds = _nouns(only[1]) if only else KINDS
        matrix[heading[0].lower() + heading[1:]] = {
            title: dict.fromkeys(kinds, usual) | _exceptions(rest)
            for title, usual, rest in (
                (cell.strip() for cell in row.strip("|").split("|"))
                for row in body.partition(HEAD)[2].strip().splitlines()
            )
        }
    return matrix


def _words() -> str:
    rows = "\n".join(f"| {word} | {meaning} |" for word, meaning in EXPLAINED.items())
    return f"## The words\n\n| word | meaning |\n|---|---|\n{rows}\n"


def _row(case: str, found: Mapping[str, str]) -> str:
    usual = Counter(found.values()).most_common(1)[0][0]
    others: dict[str, list[str]] = {}
    for kind, cell in found.items():
        if cell != usual:
            others.setdefault(cell, []).append(kind)
    rest = "<br>".join(f"**{_named(kinds)}**: {cell}" for cell, kinds in others.items())
    return f"| {case} | {usual} | {rest} |"


def _exceptions(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, text.split("<br>")):
        kinds, _, cell = part.removeprefix("**").partition("**: ")
        found |= dict.fromkeys(_nouns(kinds), cell)
    return found


def _named(kinds: Any) -> str:
    return ", ".join(re.sub(r"(?<=.)([A-Z])", r" \1", kind).lower() for kind in kinds)


def _nouns(names: str) -> list[str]:
    return [name.title().replace(" ", "") for name in names.split(", ")]


def _figures(figures: Mapping[str, Any]) -> str:
    faults = ", ".join(f"{name} {count}" for name, count in sorted(figures["faults"].items()))
    rows = [
        ("programs", figures["programs"]),
        ("operations", figures["operations"]),
        ("calls of the API", figures["api_calls"]),
        ("faults", f"{sum(figures['faults'].values())}: {faults}"),
        ("plugin hosts killed", figures["kills"]),
        ("failures found", figures["failures"]),
        ("minutes", figures["minutes"]),
        ("when, where", f"{figures['date']}, {figures['machine']}"),
    ]
    text = (
        "## Random programs and kills\n\nThe last long run of `make soak`: programs that declare, "
        "change, rename, replace, import and remove objects of every kind, with faults and kills."
        f"{_table(rows)}"
    )
    return text + _hostile(figures["hostile"]) if "hostile" in figures else text


def _hostile(figures: Mapping[str, Any]) -> str:
    calls = ", ".join(f"{name} {count}" for name, count in sorted(figures["calls"].items()))
    rows = [
        ("ways to misbehave", figures["misbehaviors"]),
        ("calls", f"{sum(figures['calls'].values())}: {calls}"),
        ("operations that failed, each in one line", figures["errors"]),
        ("most seconds that a command outlived its limits", figures["longest_over"]),
        ("failures found", figures["failures"]),
        ("when, where", f"{figures['date']}, {figures['machine']}"),
    ]
    return (
        "\n## A hostile server\n\nAlso of `make soak`: a server before the emulator that drips, "
        "cuts and lies, and repeats what it was sent in every encoding. No command outlives its "
        "limits by more than a second, shows eight characters of a secret, or calls an answer a "
        f"bug.{_table(rows)}"
    )


def _table(rows: list[tuple[str, Any]]) -> str:
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    return f"\n\n| | |\n|---|---|\n{table}\n"
