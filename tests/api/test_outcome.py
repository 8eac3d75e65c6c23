"""Outcomes (every cell of the table), and every form of body."""

from __future__ import annotations

import pytest

from egain_pulumi.api.outcome import (
    Failure,
    Outcome,
    Request,
    classify,
    payload,
    refusal,
)
from egain_pulumi.errors import ApiError, NotFound, TransportError

SAFE, WRITES = ("GET", "DELETE"), ("PUT", "POST")
EVERY = (*SAFE, *WRITES)


@pytest.mark.parametrize("method", EVERY)
@pytest.mark.parametrize("result", [Failure.NOT_CONNECTED, 429])
def test_a_request_not_sent_or_refused_by_429_is_retryable(
    method: str, result: int | Failure
) -> None:
    assert classify(method, result) is Outcome.RETRYABLE


@pytest.mark.parametrize("result", [Failure.LOST, Failure.UNREADABLE, 101, 500, 502, 503, 504, 599])
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
def test_what_a_person_must_change_is_not_tried_again(method: str) -> None:
    assert classify(method, Failure.UNUSABLE) is Outcome.REFUSED


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308, 399])
def test_a_redirect_is_a_refusal_but_a_post_may_have_been_carried_out(status: int) -> None:
    assert classify("POST", status) is Outcome.IN_DOUBT
    assert {classify(m, status) for m in (*SAFE, "PUT")} == {Outcome.REFUSED}


@pytest.mark.parametrize("method", EVERY)
@pytest.mark.parametrize("status", [400, 402, 403, 404, 408, 409, 412, 422, 428, 430, 499])
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
    ("canary-1234 of yours", b"", "answered 200 with an odd content type instead of JSON"),
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


CODES = [b'"no code"', b'["400-1"]', b'{"a": 1}', b"null", b'"' + b"4" * 41 + b'"', b'""']


@pytest.mark.parametrize("code", CODES)
def test_what_cannot_be_a_code_is_no_error_of_eGains(code: bytes) -> None:
    error = refused(404, b'{"code": ' + code + b', "developerMessage": "not found"}')
    assert type(error) is ApiError
    assert error.code == "404"


def test_a_413_names_what_is_too_large() -> None:
    body = {"type": "chat", "icon": "x" * 5_000}
    error = refusal(Request("POST", "/channels", "c0ffee", body), 413, b"<html>")
    assert error.words == "the request is too large: 5,008 bytes, most of them in icon"


@pytest.mark.parametrize("odd", [b"7", b'"text"', b'{"key": "x"}', b"[[1]]", b"true", b"[null]"])
def test_odd_details_do_not_hide_the_refusal(odd: bytes) -> None:
    body = b'{"code": "400-1", "developerMessage": "no", "details": ' + odd + b"}"
    assert refused(400, body).words.startswith("no")


def test_a_missing_message_is_called_no_message() -> None:
    assert refused(400, b'{"code": "400-1"}').words == "no message"
