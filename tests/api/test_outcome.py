"""Outcomes (every cell of the table), and every form of body and header."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egain_pulumi.api.outcome import (
    Failure,
    Outcome,
    Request,
    backoff,
    classify,
    payload,
    quota,
    refusal,
    retry_after,
)
from egain_pulumi.errors import ApiError, NotFound, TransportError

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
SAFE, WRITES = ("GET", "DELETE"), ("PUT", "POST")
EVERY = (*SAFE, *WRITES)


@pytest.mark.parametrize("method", EVERY)
@pytest.mark.parametrize("result", [Failure.NOT_CONNECTED, 429])
def test_a_request_not_sent_or_refused_by_429_is_retryable(
    method: str, result: int | Failure
) -> None:
    assert classify(method, result) is Outcome.RETRYABLE


@pytest.mark.parametrize("result", [Failure.LOST, Failure.UNREADABLE, 500, 502, 503, 504, 599])
def test_a_lost_answer_makes_reads_and_deletes_retryable_and_leaves_writes_in_doubt(
    result: int | Failure,
) -> None:
    assert [classify(m, result) for m in SAFE] == [Outcome.RETRYABLE, Outcome.RETRYABLE]
    assert [classify(m, result) for m in WRITES] == [Outcome.IN_DOUBT, Outcome.IN_DOUBT]


@pytest.mark.parametrize("method", EVERY)
def test_a_401_is_unauthorized(method: str) -> None:
    assert classify(method, 401) is Outcome.UNAUTHORIZED


@pytest.mark.parametrize("method", EVERY)
@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_a_2xx_is_a_success(method: str, status: int) -> None:
    assert classify(method, status) is Outcome.SUCCESS


@pytest.mark.parametrize("method", EVERY)
@pytest.mark.parametrize(
    "status", [300, 301, 302, 307, 308, 400, 402, 403, 404, 408, 409, 412, 422, 428, 430, 499]
)
def test_every_other_status_is_a_refusal(method: str, status: int) -> None:
    assert classify(method, status) is Outcome.REFUSED


def read(status: int, kind: str, body: bytes, method: str = "GET") -> dict[str, object]:
    return payload(Request(method, "/channels/7b6c", "c0ffee"), status, kind, body)


def test_a_204_has_no_payload_whatever_else_it_says() -> None:
    assert read(204, "text/html", b"<html>") == {}


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "APPLICATION/HAL+JSON"]
)
def test_a_json_object_is_the_payload(kind: str) -> None:
    assert read(200, kind, b'{"id": "x"}') == {"id": "x"}


UNREADABLE = [
    ("text/html; charset=utf-8", b"<html>", "answered 200 with text/html instead of JSON"),
    ("", b'{"id": "x"}', "answered 200 with no content type instead of JSON"),
    ("application/json", b"", "answered 200 with malformed JSON"),
    ("application/json", b'{"id": ', "answered 200 with malformed JSON"),
    ("application/json", b"\xff\xfe\xfa", "answered 200 with malformed JSON"),
    ("application/json", b"[" * 100_000, "answered 200 with malformed JSON"),
    ("application/json", b"[]", "answered 200 with JSON that is not an object"),
    ("application/json", b"null", "answered 200 with JSON that is not an object"),
]


@pytest.mark.parametrize(("kind", "body", "text"), UNREADABLE)
@pytest.mark.parametrize("method", EVERY)
def test_anything_else_is_unreadable_and_leaves_a_write_in_doubt(
    kind: str, body: bytes, text: str, method: str
) -> None:
    with pytest.raises(TransportError) as caught:
        read(200, kind, body, method)
    assert str(caught.value) == f"{method} /channels/7b6c {text} (correlation id c0ffee)"
    assert caught.value.in_doubt is (method in WRITES)
    assert not isinstance(caught.value, ApiError)


def test_only_a_204_completes_a_delete() -> None:
    assert read(204, "", b"", "DELETE") == {}
    with pytest.raises(TransportError) as caught:
        read(200, "application/json", b"{}", "DELETE")
    assert "answered 200 instead of 204" in str(caught.value)
    assert not caught.value.in_doubt


def test_a_204_or_the_object_completes_a_put() -> None:
    assert read(200, "application/json", b'{"id": "x"}', "PUT") == {"id": "x"}
    with pytest.raises(TransportError) as caught:
        read(200, "application/json", b"{}", "PUT")
    assert "answered 200 without the object" in str(caught.value)
    assert caught.value.in_doubt


def refused(status: int, body: bytes) -> ApiError:
    return refusal(Request("GET", "/accounts/7b6c", "c0ffee"), status, body)


def test_a_refusal_repeats_the_vendors_code_words_and_details() -> None:
    body = (
        b'{"code": "400-143", "developerMessage": "Missing: name",'
        b' "details": [{"key": "field", "value": "name"}, {"key": "hint"}, 5, {"x": 1}]}'
    )
    error = refused(400, body)
    assert (error.status, error.code) == (400, "400-143")
    assert error.words == "Missing: name (field: name; hint: )"
    assert str(error) == (
        "GET /accounts/7b6c: 400-143: Missing: name (field: name; hint: ) (correlation id c0ffee)"
    )


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"null", b"{}", b'{"error": "x"}', b"\xff", b"[" * 100_000]
)
@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_a_refusal_in_another_format_never_means_gone(body: bytes, status: int) -> None:
    error = refused(status, body)
    assert type(error) is ApiError
    assert error.code == str(status)
    assert error.words == "the answer is not in eGain's error format"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_refusal_that_says_so(status: int) -> None:
    assert refused(status, b"").words == "answered with a redirect, which is not followed"


def test_only_eGains_own_404_means_gone() -> None:
    own = b'{"code": "404-101", "developerMessage": "not found"}'
    assert type(refused(404, own)) is NotFound
    for status, body in [
        (404, b'{"code": "404"}'),
        (404, b'{"code": 404}'),
        (404, b'{"code": "400-101"}'),
        (404, b"Not Found"),
        (400, own),
        (410, own),
        (500, own),
    ]:
        assert type(refused(status, body)) is ApiError


@pytest.mark.parametrize("odd", [b"7", b'"text"', b'{"key": "x"}', b"[[1]]", b"true", b"[null]"])
def test_odd_details_do_not_hide_the_refusal(odd: bytes) -> None:
    body = b'{"code": "400-1", "developerMessage": "no", "details": ' + odd + b"}"
    assert refused(400, body).words.startswith("no")


def test_a_missing_message_is_called_no_message() -> None:
    assert refused(400, b'{"code": "400-1"}').words == "no message"


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
