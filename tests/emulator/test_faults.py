"""Each fault as a plain client sees it, and whether the change was stored."""

from __future__ import annotations

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from .handle import BASE, Emulator
from .samples import BASIC, named

AUTHS = "/authentications"


def count(emulator: Emulator) -> int:
    return int(emulator.control("GET", "/")["objects"]["authentications"])


def fill(emulator: Emulator, number: int) -> None:
    for index in range(number):
        emulator.create(AUTHS, named(BASIC, f"n{index:02}"))


@pytest.mark.parametrize(("when", "stored"), [("before", 0), ("after", 1)])
class TestAnswersLostBeforeAndAfterTheChange:
    """Faults that hide whether the change was stored."""

    def test_status(self, emulator: Emulator, when: str, stored: int) -> None:
        do = {"when": when, "status": 503, "headers": {"Retry-After": "7"}, "body": {"a": 1}}
        fault = emulator.fault("status", method="POST", path=AUTHS, do=do)
        answer = emulator.raw("POST", AUTHS, BASIC)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "7")
        assert json.loads(answer.body) == {"a": 1}
        assert (count(emulator), emulator.fired(fault)) == (stored, 1)

    @pytest.mark.parametrize("reset", [False, True])
    def test_close(self, emulator: Emulator, when: str, stored: int, reset: bool) -> None:
        do = {"when": when, "reset": reset}
        fault = emulator.fault("close", method="POST", do=do)
        expected = ConnectionResetError if reset else http.client.RemoteDisconnected
        with pytest.raises(expected) as caught:
            emulator.raw("POST", AUTHS, BASIC)
        assert type(caught.value) is expected
        assert (count(emulator), emulator.fired(fault)) == (stored, 1)
        assert emulator.control("GET", "/log")["requests"][-1]["outcome"] == "closed"

    def test_truncated(self, emulator: Emulator, when: str, stored: int) -> None:
        emulator.fault("truncated", method="POST", do={"when": when})
        with pytest.raises(http.client.IncompleteRead) as caught:
            emulator.raw("POST", AUTHS, BASIC)
        assert caught.value.partial
        assert caught.value.expected
        assert count(emulator) == stored

    def test_invalid_json(self, emulator: Emulator, when: str, stored: int) -> None:
        emulator.fault("invalid_json", method="POST", do={"when": when})
        answer = emulator.raw("POST", AUTHS, BASIC)
        assert (answer.status, answer.headers["Content-Type"]) == (201, "application/json")
        with pytest.raises(json.JSONDecodeError):
            json.loads(answer.body)
        assert count(emulator) == stored

    def test_empty(self, emulator: Emulator, when: str, stored: int) -> None:
        emulator.fault("empty", method="POST", do={"when": when})
        answer = emulator.raw("POST", AUTHS, BASIC)
        assert (answer.status, answer.body) == (200, b"")
        assert count(emulator) == stored

    def test_html(self, emulator: Emulator, when: str, stored: int) -> None:
        emulator.fault("html", method="POST", do={"when": when})
        answer = emulator.raw("POST", AUTHS, BASIC)
        assert (answer.status, answer.headers["Content-Type"][:9]) == (200, "text/html")
        assert answer.body.startswith(b"<!DOCTYPE html>")
        assert count(emulator) == stored

    def test_hang_until_the_client_gives_up(
        self, emulator: Emulator, when: str, stored: int
    ) -> None:
        emulator.fault("hang", method="POST", do={"when": when, "seconds": 600})
        with pytest.raises(TimeoutError):
            emulator.raw("POST", AUTHS, BASIC, timeout=0.2)
        assert until(lambda: emulator.control("GET", "/log")["in_flight"] == 0)
        assert count(emulator) == stored
        assert emulator.control("GET", "/log")["requests"][-1]["outcome"] == "client gone"

    @pytest.mark.parametrize("clock", ["emulator", "real"])
    def test_hang_that_ends(self, emulator: Emulator, when: str, stored: int, clock: str) -> None:
        seconds = 600 if clock == "emulator" else 0.3
        emulator.fault("hang", do={"when": when, "seconds": seconds, "clock": clock})
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(emulator.raw, "POST", AUTHS, BASIC)
            if clock == "emulator":
                assert until(lambda: emulator.control("GET", "/log")["in_flight"] == 1)
                emulator.control("POST", "/clock", {"advance": 601})
            assert waiting.result(5).status == 201
        assert count(emulator) == 1


def until(reached: Any, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_truncated_answer_without_a_body(emulator: Emulator) -> None:
    key = emulator.create(AUTHS, BASIC)
    emulator.fault("truncated", method="PUT")
    with pytest.raises(http.client.IncompleteRead):
        emulator.raw("PUT", f"{AUTHS}/{key}", named(BASIC, "changed"))
    assert emulator.api("GET", f"{AUTHS}/{key}").json()["name"] == "changed"


def test_wrong_content_type(emulator: Emulator) -> None:
    emulator.fault("wrong_content_type", do={"content_type": "application/octet-stream"})
    answer = emulator.raw("GET", AUTHS)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert json.loads(answer.body)["authentication"] == []


def test_redirect(emulator: Emulator) -> None:
    emulator.fault("redirect", do={"location": "http://other.example/x", "status": 307})
    answer = emulator.raw("GET", AUTHS)
    assert (answer.status, answer.headers["Location"]) == (307, "http://other.example/x")


def test_big_body_is_streamed_and_stops_with_the_client(emulator: Emulator) -> None:
    emulator.fault("big_body", times=2, do={"bytes": 5_000_000})
    answer = emulator.raw("GET", AUTHS)
    assert "Content-Length" not in answer.headers
    assert len(answer.body) == 5_000_000
    emulator.control("DELETE", "/faults")
    emulator.fault("big_body", do={"bytes": 10**12})
    assert len(emulator.raw("GET", AUTHS, most=1_000_000).body) == 1_000_000
    assert until(lambda: emulator.control("GET", "/log")["in_flight"] == 0)


def test_lists_that_lie(emulator: Emulator) -> None:
    fill(emulator, 5)
    emulator.fault("short_list", do={"missing": 2})
    short = emulator.api("GET", AUTHS).json()
    assert (short["paginationInfo"]["count"], len(short["authentication"])) == (5, 3)
    emulator.fault("duplicate_ids")
    ids = [row["id"] for row in emulator.api("GET", AUTHS).json()["authentication"]]
    assert (len(ids), len(set(ids))) == (6, 5)
    fault = emulator.fault("repeat_page")
    first = emulator.api("GET", f"{AUTHS}?$pagesize=3").json()
    second = emulator.api("GET", f"{AUTHS}?$pagesize=3&$pagenum=2").json()
    assert second["authentication"] == first["authentication"]
    assert second["paginationInfo"]["pagenum"] == 2
    assert emulator.fired(fault) == 1
    assert len(emulator.api("GET", f"{AUTHS}?$pagesize=3&$pagenum=2").json()["authentication"]) == 2


def test_late_visibility_by_the_clock(emulator: Emulator) -> None:
    emulator.fault("late_visibility", do={"seconds": 30})
    key = emulator.create(AUTHS, BASIC)
    assert emulator.api("GET", f"{AUTHS}/{key}").json()["code"] == "404-101"
    assert emulator.api("GET", AUTHS).json()["paginationInfo"]["count"] == 0
    # It exists all the same: its name is taken.
    assert emulator.api("POST", AUTHS, json=BASIC).status_code == 409
    emulator.control("POST", "/clock", {"advance": 31})
    assert emulator.api("GET", f"{AUTHS}/{key}").status_code == 200


def test_late_visibility_by_reads(emulator: Emulator) -> None:
    fault = emulator.fault("late_visibility", do={"reads": 2})
    emulator.api("GET", AUTHS)  # no create: passed over
    key = emulator.create(AUTHS, BASIC)
    codes = [emulator.api("GET", f"{AUTHS}/{key}").status_code for _ in range(3)]
    assert codes == [404, 404, 200]
    assert emulator.fired(fault) == 1


def test_the_token_endpoint_fails_like_any_other(emulator: Emulator) -> None:
    emulator.fault("status", path="/oauth2/token", do={"status": 503})
    refused = emulator.token()
    assert (refused.status_code, "error" in refused.json()) == (503, True)
    emulator.fault("html", path="/oauth2/token")
    assert emulator.token().text.startswith("<!DOCTYPE")
    emulator.fault("truncated", path="/oauth2/token")
    with pytest.raises(OSError, match="IncompleteRead"):
        emulator.token()
    assert emulator.token().status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/authentications/{id}",
        BASE + "/authentications/{id}",
        "/authentications/*",
        "*" + "/authentications/" + "?" * 36,
        "re:authentications/[0-9a-f-]{36}$",
    ],
)
def test_paths_by_template_glob_and_expression(emulator: Emulator, path: str) -> None:
    key = emulator.create(AUTHS, BASIC)
    fault = emulator.fault("status", method="GET", path=path)
    assert emulator.api("GET", AUTHS).status_code == 200
    assert emulator.api("GET", f"{AUTHS}/{key}").status_code == 500
    assert emulator.fired(fault) == 1


def test_one_object_by_its_path(emulator: Emulator) -> None:
    one, other = (emulator.create(AUTHS, named(BASIC, name)) for name in "ab")
    emulator.fault("status", path=f"{AUTHS}/{one}", times=None)
    assert emulator.api("GET", f"{AUTHS}/{other}").status_code == 200
    assert emulator.api("GET", f"{AUTHS}/{one}").status_code == 500


def test_counting(emulator: Emulator) -> None:
    nth = emulator.fault("status", method="GET", path=AUTHS, nth=3)
    assert [emulator.api("GET", AUTHS).status_code for _ in range(4)] == [200, 200, 500, 200]
    emulator.control("DELETE", f"/faults/{nth}")
    emulator.fault("status", skip=1, times=2)
    assert [emulator.api("GET", AUTHS).status_code for _ in range(4)] == [200, 500, 500, 200]
    never = emulator.fault("status", path="/accounts")
    shown = {one["id"]: one for one in emulator.control("GET", "/faults")["faults"]}
    assert (shown[never]["seen"], shown[never]["fired"]) == (0, 0)
    emulator.control("DELETE", "/faults")
    assert emulator.api("GET", "/accounts").status_code == 200


def test_after_means_after_a_call_that_was_carried_out(emulator: Emulator) -> None:
    fault = emulator.fault("status", method="POST", nth=2, do={"when": "after"})
    bodies = [BASIC, {}, BASIC, named(BASIC, "b")]
    codes = [emulator.api("POST", AUTHS, json=body).status_code for body in bodies]
    assert codes == [201, 400, 409, 500]
    assert (count(emulator), emulator.fired(fault)) == (2, 1)


def test_concurrent_calls_share_out_the_firings(emulator: Emulator) -> None:
    emulator.control("PATCH", "/settings", {"latency": 0.05})
    fault = emulator.fault("close", method="POST", times=5, do={"when": "after"})
    barrier = threading.Barrier(16)

    def create(number: int) -> bool:
        barrier.wait(5)
        try:
            return emulator.raw("POST", AUTHS, named(BASIC, f"n{number}")).status == 201
        except ConnectionError:
            return False

    emulator.bearer()
    with ThreadPoolExecutor(16) as pool:
        answered = sum(pool.map(create, range(16)))
    assert (answered, count(emulator), emulator.fired(fault)) == (11, 16, 5)
    log = emulator.control("GET", "/log")
    assert log["peak_in_flight"] > 8
    assert log["counts"]["POST /authentications"] == 16


@pytest.mark.parametrize(
    ("wish", "named_key"),
    [
        ({}, "do"),
        ({"do": {"action": "explode"}}, "do.action"),
        ({"do": {"action": "close", "seconds": 1}}, "do.seconds"),
        ({"do": {"action": "close", "reset": 1}}, "do.reset"),
        ({"do": {"action": "hang", "seconds": -1}}, "do.seconds"),
        ({"do": {"action": "hang", "clock": "sun"}}, "do.clock"),
        ({"do": {"action": "status", "status": 99}}, "do.status"),
        ({"do": {"action": "status", "headers": {"a": "b\r\nc: d"}}}, "do.headers"),
        ({"do": {"action": "html", "status": 204}}, "do.status"),
        ({"do": {"action": "redirect"}}, "do.location"),
        ({"do": {"action": "short_list", "when": "before"}}, "do.when"),
        ({"match": {"nth": 0}, "do": {"action": "close"}}, "match.nth"),
        ({"match": {"nth": 1, "skip": 1}, "do": {"action": "close"}}, "match.nth"),
        ({"match": {"verb": "GET"}, "do": {"action": "close"}}, "match.verb"),
        ({"match": {"path": "re:("}, "do": {"action": "close"}}, "match.path"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_by_key(
    emulator: Emulator, wish: dict[str, Any], named_key: str
) -> None:
    answer = emulator.session.post(emulator.url + "/_emulator/faults", json=wish, timeout=5)
    assert answer.status_code == 400
    assert named_key in answer.json()["error"]


def test_rate_limit(emulator: Emulator) -> None:
    emulator.bearer()
    limit = {"rate_limit": {"per_second": 0.5, "burst": 2}}
    emulator.control("PATCH", "/settings", limit)
    codes = [emulator.api("GET", AUTHS).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    refused = emulator.api("GET", AUTHS)
    assert refused.json()["code"] == "429-001"
    assert refused.headers["Retry-After"] == "2"
    assert refused.headers["X-RateLimit-Limit"] == "30"
    assert refused.headers["X-RateLimit-Reset"].endswith("Z")
    emulator.control("PATCH", "/settings", {"retry_after": "date"})
    assert emulator.api("GET", AUTHS).headers["Retry-After"].endswith("GMT")
    emulator.control("PATCH", "/settings", {"retry_after": "absent", "rate_limit_headers": False})
    bare = emulator.api("GET", AUTHS).headers
    assert not {"Retry-After", "X-RateLimit-Limit", "X-RateLimit-Reset"} & set(bare)
    assert emulator.token().status_code == 200
    emulator.control("POST", "/clock", {"advance": 2})
    assert [emulator.api("GET", AUTHS).status_code for _ in range(2)] == [200, 429]


def test_latency_delays_every_answer(emulator: Emulator) -> None:
    emulator.bearer()
    emulator.control("PATCH", "/settings", {"latency": 0.3})
    begun = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: emulator.raw("GET", AUTHS).status, range(8)))
    assert answers == [200] * 8
    assert time.monotonic() - begun >= 0.3
    assert emulator.control("GET", "/log")["peak_in_flight"] > 1


def test_a_client_that_gives_up_during_latency_does_not_undo_its_call(emulator: Emulator) -> None:
    emulator.bearer()
    emulator.control("PATCH", "/settings", {"latency": 0.5})
    with pytest.raises(TimeoutError):
        emulator.raw("POST", AUTHS, BASIC, timeout=0.1)
    assert until(lambda: count(emulator) == 1)
