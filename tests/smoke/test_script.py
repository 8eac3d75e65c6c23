"""Scripts: what is written wrong is named by its path."""

from __future__ import annotations

import pytest

from egain_pulumi.errors import EgainError
from egain_pulumi.smoke import Turn, script


def test_turns() -> None:
    text = "turns:\n- {say: Hello, answer: [a, b], within: 2}\n- {attach: x.pdf, ends: true}\n"
    assert script(text) == (
        Turn(say="Hello", answer=("a", "b"), within=2.0),
        Turn(attach="x.pdf", ends=True),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("turns: [", "the script is no YAML, line 1"),
        ("- say: x", "the script: expects one key, turns"),
        ("turn:\n- say: x", "the script: expects one key, turns"),
        ("turns: []", "turns: expects a list of at least one turn"),
        ("turns: [Hello]", "turns[0]: expects keys and values"),
        ("turns: [{sya: Hello}]", "turns[0].sya: unknown; did you mean say?"),
        ("turns: [{say: x}, {within: 3}]", "turns[1]: says nothing"),
        ("turns: [{say: 17}]", "turns[0].say: expects a text that is not empty; a number goes in"),
        ("turns: [{say: x, answer: []}]", "turns[0].answer: expects a text"),
        ("turns: [{say: x, ends: maybe}]", "turns[0].ends: expects true or false"),
        ("turns: [{say: x, within: 0}]", "turns[0].within: expects seconds, more than 0"),
        ("turns: [{say: x, within: .inf}]", "turns[0].within: expects seconds, more than 0"),
    ],
)
def test_a_mistake_is_named(text: str, said: str) -> None:
    with pytest.raises(EgainError) as caught:
        script(text)
    assert str(caught.value).startswith(said)
