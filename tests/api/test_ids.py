"""What can be an id."""

from __future__ import annotations

from typing import Any

import pytest

from egain_pulumi.api.ids import is_id, segment

IDS = ["7b6c5fff-0b5e-4a8f-9d0e-d8c1e6f3a001", "a", "1001", "a.b", "...", "é", "x" * 255, "a:b@c+d"]
OTHERS: list[Any] = [
    *("", ".", "..", "x" * 256, "../accounts", "a/b", "a?b", "a#b", "a%2fb"),
    *(
        " a",
        "a b",
        "a\n",
        "a\tb",
        "a\x1b[2J",
        "a\u00a0b",
        "a\u200bb",
        "a\u202eb",
        "a\ud800",
        "\x00",
    ),
    *(None, 5, True, ["a"], {"id": "a"}, b"a"),
]


@pytest.mark.parametrize("value", IDS)
def test_a_short_printable_segment_of_a_path_is_an_id(value: str) -> None:
    assert is_id(value)


@pytest.mark.parametrize("value", OTHERS, ids=ascii)
def test_nothing_else_is(value: Any) -> None:
    assert not is_id(value)


def test_a_segment_is_quoted() -> None:
    assert segment("a:é@b") == "a%3A%C3%A9%40b"
