"""The real CLI and our engine, side by side on one program, and what is compared of them."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.cli import Stack
from tests.support.cli_result import CliResult
from tests.support.engine import Engine
from tests.support.program import Program
from tests.support.state import is_provider
from tests.support.steps import Result, Step
from tests.support.values import SECRET_SIGNATURE, SIGNATURE_KEY
from tests.support_tests.provider import FOLDER

COMPARED = (
    "type",
    "id",
    "inputs",
    "outputs",
    "initErrors",
    "external",
    "delete",
    "protect",
    "retainOnDelete",
    "additionalSecretOutputs",
    "parent",
    "dependencies",
)


@dataclass
class Side:
    """One of the two: a folder with the server's file and the record of calls."""

    folder: Path
    seen: int = 0

    @property
    def env(self) -> dict[str, str]:
        return {FOLDER: str(self.folder)}

    def edit(self, changes: dict[str, Any]) -> None:
        """Change objects behind the program's back; None deletes."""
        file = self.folder / "server.json"
        held = json.loads(file.read_text()) if file.exists() else {}
        for id, change in changes.items():
            held[id] = None if change is None else {**held.get(id, {}), **change}
        file.write_text(json.dumps({k: v for k, v in held.items() if v is not None}))

    def calls(self) -> list[Any]:
        """The provider's calls since the last look."""
        lines = (self.folder / "calls.jsonl").read_text().splitlines()
        new, self.seen = lines[self.seen :], len(lines)
        return [json.loads(line) for line in new]


@dataclass
class Both:
    """The real CLI and our engine, side by side."""

    stack: Stack
    cli: Side
    engine: Engine
    ours: Side

    def program(self, call: str) -> Program:
        """Write the program for the CLI; the same one for our engine."""
        name = call.partition("(")[0]
        source = f"from tests.support_tests.programs import {name}\n{call}\n"
        self.stack.program(source)
        # Each command of the CLI starts its own plugin host.
        self.engine.restart()
        return Program.text(source)

    def same_preview(self, program: Program) -> None:
        """Preview on both sides, and compare the steps, their diffs and the summary."""
        shown, ours = self.stack.preview(json=True), self.engine.preview(program)
        assert steps(ours) == digest(shown)
        assert counts(ours) == summary(shown)

    def same_calls(self, *, ordered: bool = True) -> list[str]:
        """Compare the calls on both sides; their methods.

        The engine refreshes in no order, and deletes in layers that have none inside; there, only
        what was called counts.
        """
        theirs, ours = self.cli.calls(), self.ours.calls()
        if not ordered:
            theirs, ours = sorted(theirs, key=str), sorted(ours, key=str)
        assert [c["method"] for c in ours] == [c["method"] for c in theirs]
        assert _sorted_deletes(ours) == _sorted_deletes(theirs)
        return [call["method"] for call in theirs]

    def same_state(self) -> None:
        """Compare the exported states, secrets and the CLI's own bookkeeping left out."""
        assert _states(self.engine.export()) == _states(self.stack.checkpoint())


def _sorted_deletes(calls: list[Any]) -> list[Any]:
    grouped = itertools.groupby(calls, lambda call: call["method"] == "delete")
    runs = [sorted(run, key=lambda c: str(c["id"])) if delete else run for delete, run in grouped]
    return [call for run in runs for call in run]


def flat(text: str) -> str:
    """The text in one line, for comparisons that do not care how it is broken."""
    return " ".join(text.split())


def steps(result: Result) -> dict[str, Any]:
    """Name → (op, detailed diff) of our result, without what stays."""
    return {step.name: _step(step) for step in result.shown() if step.op != "same"}


def counts(result: Result) -> dict[str, int]:
    """Our counts, explicit provider resources among them as in the CLI's."""
    explicit = [s.op for s in result.steps if is_provider(s.type) and s.name != "default"]
    counted = Counter(explicit + [step.op for step in result.shown()])
    return {op: n for op, n in counted.items() if op not in ("same", "read")}


def summary(result: CliResult) -> dict[str, int]:
    """The CLI's own counts, without what stays; the stack resource is created with the rest."""
    found = {
        op: n for op, n in result.digest["changeSummary"].items() if op not in ("same", "read")
    }
    created = any(
        s["urn"].endswith("-test") and s["op"] == "create" for s in result.digest["steps"]
    )
    found["create"] = found.get("create", 0) - created
    return {op: n for op, n in found.items() if n}


def _step(step: Step) -> tuple[str, dict[str, str]]:
    return step.op, {path: kind for path, kind in step.paths.items() if path != "__provider"}


def digest(result: CliResult) -> dict[str, Any]:
    """The same of the CLI's digest; in it, replacements have steps of their own for each half."""
    found = {}
    for step in result.digest["steps"]:
        name, op = step["urn"].rpartition("::")[2], step["op"]
        if "::pulumi:p" in step["urn"] or op in ("create-replacement", "delete-replaced"):
            continue
        kinds = step.get("detailedDiff") or {}
        found[name] = (
            op,
            {path: detail["kind"].removesuffix("-replace") for path, detail in kinds.items()},
        )
    return found


def _states(export: dict[str, Any]) -> list[dict[str, Any]]:
    listed = [
        r for r in export["deployment"].get("resources", []) if r["type"] != "pulumi:pulumi:Stack"
    ]
    return [
        {"name": r["urn"].rpartition("::")[2]}
        | {key: _opened(r[key]) for key in COMPARED if r.get(key) not in (None, [], {}, "", False)}
        for r in sorted(listed, key=lambda r: (r["urn"], r.get("id", "")))
        if not r["type"].startswith("pulumi:providers")
    ]


def _opened(value: Any) -> Any:
    """Secret values as a mark, which is all that two exports can have in common."""
    if isinstance(value, dict):
        if value.get(SIGNATURE_KEY) == SECRET_SIGNATURE:
            return "<secret>"
        return {key: _opened(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_opened(inner) for inner in value]
    return value
