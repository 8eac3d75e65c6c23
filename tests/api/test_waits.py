"""How long a server asks to wait, in every form of header, and how long we wait otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egain_pulumi.api.waits import backoff, quota, retry_after

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)


def later(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def http_date(moment: datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


WAITS: list[tuple[str, dict[str, str], float | None]] = [
    ("no header", {}, None),
    ("seconds", {"Retry-After": "7"}, 7.0),
    ("seconds with blanks", {"Retry-After": " 7 "}, 7.0),
    ("zero", {"Retry-After": "0"}, 0.0),
    ("a date", {"Retry-After": http_date(later(9))}, 9.0),
    ("a date of another zone", {"Retry-After": "Fri, 20 Nov 2026 10:12:08 +0100"}, 8.0),
    ("a date in the past", {"Retry-After": http_date(later(-60))}, 0.0),
    ("a date without zone is UTC", {"Retry-After": "2026-11-20T09:12:04"}, 4.0),
    ("the vendor's reset", {"X-RateLimit-Reset": "2026-11-20T09:12:05Z"}, 5.0),
    ("a reset in the past", {"X-RateLimit-Reset": "2026-11-20T09:00:00Z"}, 0.0),
    (
        "Retry-After wins",
        {"Retry-After": "3", "X-RateLimit-Reset": "2026-11-20T09:12:05Z"},
        3.0,
    ),
    (
        "a reset within the second that Retry-After rounds up",
        {"Retry-After": "6", "X-RateLimit-Reset": "2026-11-20T09:12:05.250Z"},
        5.25,
    ),
    (
        "a reset a whole second earlier is another matter",
        {"Retry-After": "6", "X-RateLimit-Reset": "2026-11-20T09:12:05Z"},
        6.0,
    ),
    (
        "a reset in the past does not shorten a wait",
        {"Retry-After": "3", "X-RateLimit-Reset": "2026-11-20T09:00:00Z"},
        3.0,
    ),
    (
        "a malformed value gives way to the reset",
        {"Retry-After": "soon", "X-RateLimit-Reset": "2026-11-20T09:12:05Z"},
        5.0,
    ),
    ("a malformed value", {"Retry-After": "soon"}, None),
    ("a negative number", {"Retry-After": "-5"}, None),
    ("a fraction of seconds", {"Retry-After": "5.4"}, 5.4),
    ("longer than any wait", {"Retry-After": "9" * 20}, 86_400.0),
    ("longer than any number", {"Retry-After": "9" * 5_000}, None),
    ("a reset in seconds from now", {"X-RateLimit-Reset": "42"}, 42.0),
    ("a reset in seconds since 1970", {"X-RateLimit-Reset": f"{NOW.timestamp() + 7:.0f}"}, 7.0),
    ("the same, past", {"X-RateLimit-Reset": f"{NOW.timestamp() - 7:.0f}"}, 0.0),
    ("a reset in milliseconds", {"X-RateLimit-Reset": f"{NOW.timestamp() * 1000 + 250:.0f}"}, 0.25),
    ("two numbers", {"Retry-After": "10, 20"}, None),
    ("a superscript digit", {"Retry-After": "\xb2"}, None),
    ("a zone beyond all zones", {"Retry-After": "Fri, 20 Nov 2026 09:12:00 +99999999999999"}, None),
    ("a year beyond all years", {"Retry-After": "Fri, 20 Nov 99999 09:12:00 GMT"}, None),
    ("an empty text", {"Retry-After": ""}, None),
]


@pytest.mark.parametrize(("headers", "wait"), [pytest.param(h, w, id=name) for name, h, w in WAITS])
def test_the_server_says_how_long_to_wait(headers: dict[str, str], wait: float | None) -> None:
    assert retry_after(headers, NOW) == wait


QUOTAS: list[tuple[str, float | None]] = [
    ("600", 10.0),
    (" 30 ", 0.5),
    ("0", None),
    ("", None),
    ("-5", None),
    ("10;w=60", None),
    ("\xb2", None),
    ("9" * 5000, None),
]


@pytest.mark.parametrize(("text", "found"), QUOTAS, ids=range(len(QUOTAS)))
def test_the_server_says_how_many_calls_a_minute_it_allows(text: str, found: float | None) -> None:
    assert quota({"X-RateLimit-Limit": text}) == found
    assert quota({}) is None


@settings(derandomize=True, max_examples=300, deadline=None)
@given(text=st.text(st.characters(max_codepoint=255), max_size=40))
def test_no_header_breaks_retry_after(text: str) -> None:
    for name in ("Retry-After", "X-RateLimit-Reset"):
        wait = retry_after({name: text}, NOW)
        assert wait is None or wait >= 0


@pytest.mark.parametrize(
    ("attempt", "shortest", "longest"),
    [(1, 0.25, 0.5), (2, 0.5, 1), (3, 1, 2), (6, 8, 16), (7, 15, 30), (8, 15, 30), (9999, 15, 30)],
)
def test_the_backoff_doubles_up_to_a_maximum(attempt: int, shortest: float, longest: float) -> None:
    assert backoff(attempt, 0.0) == shortest
    assert backoff(attempt, 1.0) == longest
    assert shortest < backoff(attempt, 0.5) < longest
