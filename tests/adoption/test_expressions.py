"""Expressions as the formatter leaves them, and what they evaluate to."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from egain_pulumi.adoption.expressions import Call, Code, Expression, Merged, lines

LONG = "Answers questions about orders and returns. " * 6
EVERYTHING: Expression = Call(
    "Thing",
    [
        (None, "orders"),
        ("reference", Code("bot")),
        ("number", 1.5),
        ("flag", False),
        ("empty", {"a": {}, "b": []}),
        ("quotes", "say \"hi\" to 'them'"),
        ("double", 'say "hi"'),
        ("escapes", "tab\tnew\nline \u202eevil\u200b \\ \x1b"),
        ("letters", "订单 مرحبا 🤖"),
        ("long", LONG),
        ("unbroken", "x" * 255),
        ("wide", "订单" * 60),
        ("inside", {"deep": {"text": LONG, "list": [LONG, {"key" * 20: "value" * 5}]}}),
        ("call", Call("config.require_secret", [(None, "k" * 70)])),
        ("tables", {"k" * 100: Call("keep_secret", []), "x" * 90: Code("y")}),
        ("short", Call("config.require", [(None, "key")])),
        ("merged", Merged("SHARED", {"a": "b"})),
        ("merged_long", Merged("SHARED", {"a": LONG, "b": {"c": Code("bot")}})),
    ],
    short=False,
)


def test_the_formatter_changes_nothing() -> None:
    text = "\n".join([*lines(EVERYTHING, "thing = "), ""])
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


texts = st.text(st.characters(codec="utf-8"), max_size=300)
values = st.recursive(
    texts | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
)


@settings(deadline=None, derandomize=True)
@given(values)
def test_an_expression_means_its_value(value: Any) -> None:
    text = "\n".join(lines(value, "x = "))
    (statement,) = ast.parse(text).body
    assert isinstance(statement, ast.Assign)
    assert ast.literal_eval(statement.value) == value
    assert all(line.isprintable() for line in text.splitlines())
