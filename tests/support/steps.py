"""What an operation did: its steps in order, its errors, and short forms for assertions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.support.difference import Difference
from tests.support.host import LogLine
from tests.support.state import Resource, is_provider

_PARTS = frozenset({"create-replacement", "delete-replaced", "discard"})
"""Parts of a replacement that the short forms leave out, as the CLI's summary does."""


@dataclass(frozen=True)
class Step:
    """One step of one resource, as the CLI's events show it."""

    op: str
    urn: str
    type: str
    id: str = ""
    paths: Difference = field(default_factory=dict)
    replaces: tuple[str, ...] = ()
    old: Resource | None = None
    new: Resource | None = None

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def kind(self) -> str:
        """The last part of the type token (`Channel`)."""
        return self.type.rpartition(":")[2]


@dataclass(frozen=True)
class Failure:
    """One error of an operation; `error` is the exception behind it, if a call failed."""

    urn: str
    message: str
    error: Exception | None = None

    @property
    def reason(self) -> str | None:
        """Why, as the plugin host says it; None for what `check` refuses."""
        return getattr(self.error, "reason", None)


@dataclass
class Result:
    """The outcome of an operation."""

    steps: list[Step] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    refresh: list[Step] = field(default_factory=list)
    """The steps of the refresh before an `up(refresh=True)`."""
    outputs: dict[str, Any] = field(default_factory=dict)
    """The stack outputs, if a program was run."""
    logs: list[LogLine] = field(default_factory=list)
    """What hosts and program have logged meanwhile, without debugging lines. Errors in it have not
    failed the operation: the CLI shows them and goes on."""
    program_output: str = ""
    """What the program wrote to standard output and error."""

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.failures

    @property
    def messages(self) -> list[str]:
        """The texts of the errors, in the order in which they came."""
        return [failure.message for failure in self.failures]

    @property
    def ops(self) -> dict[str, str]:
        """Name → what happened to it (`create`, `update`, `replace`, `delete`, `same`, `read`)."""
        found: dict[str, str] = {}
        owner: dict[str, str] = {}
        for step in self.shown():
            if owner.setdefault(step.name, step.type) != step.type:
                raise ValueError(f"two kinds share the name {step.name!r}: use ops_by_kind")
            found[step.name] = step.op
        return found

    @property
    def ops_by_kind(self) -> dict[tuple[str, str], str]:
        """(kind, name) → what happened to it."""
        return {(step.kind, step.name): step.op for step in self.shown()}

    @property
    def changes(self) -> dict[str, str]:
        """`ops` without what stayed the same."""
        return {name: op for name, op in self.ops.items() if op not in ("same", "read")}

    @property
    def counts(self) -> dict[str, int]:
        """How many of each, as the CLI's summary counts them (without stack and providers)."""
        return dict(Counter(step.op for step in self.shown()))

    def shown(self) -> list[Step]:
        """The steps of managed resources, a replacement as one."""
        return [
            step
            for step in self.steps
            if step.op not in _PARTS
            and not is_provider(step.type)
            and step.type != "pulumi:pulumi:Stack"
        ]

    def step(self, name: str, op: str | None = None) -> Step:
        """The one shown step of this name (or the one with this op among all)."""
        among = self.shown() if op is None else [s for s in self.steps if s.op == op]
        found = [step for step in among if step.name == name]
        if len(found) != 1:
            raise KeyError(f"{len(found)} steps of {name!r} with op {op or 'any'}")
        return found[0]


class DeploymentError(Exception):
    """An operation failed; `result` has its steps and errors."""

    def __init__(self, result: Result) -> None:
        super().__init__("; ".join(result.messages))
        self.result = result
