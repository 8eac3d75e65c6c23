"""Programs as tests write them, and what they say."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from tests.support.engine import Engine
from tests.support.program import Program
from tests.support.steps import Result
from tests.support.values import Properties, plain


def program(body: str, **options: Any) -> Program:
    """A program made of the blocks of `parts.py`."""
    return Program.text(f"from tests.host.parts import *\n{dedent(body)}", **options)


def own(values: Properties) -> Properties:
    """What was declared, without Pulumi's own entry, secret marks off."""
    return {k: plain(v) for k, v in values.items() if k not in ("__provider", "_tenant")}


def said(result: Result, severity: str) -> list[str]:
    """What hosts and program have said, of one severity."""
    return [line.message for line in result.logs if line.severity == severity]


def refusal(engine: Engine, body: str) -> list[str]:
    """What a program is refused for: its listed errors. The gate itself says how many."""
    result = engine.up(program(body), check=False)
    listed = said(result, "error")
    assert result.messages, "the program was not refused"
    assert all("\n" not in line and "Traceback" not in line for line in listed + result.messages)
    assert "Traceback" not in result.program_output + engine.output
    return listed


def refused_by_check(engine: Engine, body: str) -> str:
    """The one reason of `check`, for what only the plugin can see; whatever was said instead."""
    result = engine.up(program(body), check=False)
    if said(result, "error") or len(result.messages) != 1:
        return str([*said(result, "error"), *result.messages])
    return result.messages[0].partition("has a problem: ")[2] or result.messages[0]
