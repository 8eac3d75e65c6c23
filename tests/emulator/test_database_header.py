"""`X-Emulator-Database`: which database an emulator has, on every answer that it sends."""

from __future__ import annotations

import contextlib
import http.client
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .handle import BASE, Emulator

HEADER = "X-Emulator-Database"
UNKNOWN = "/channels/11111111-1111-1111-1111-111111111111"


def named(emulator: Emulator) -> list[str]:
    """Return the header's values of one answer."""
    answer = emulator.raw("GET", "/channels")
    return answer.headers.get_all(HEADER) or []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", BASE + "/channels", 200),
        ("GET", BASE + UNKNOWN, 404),
        ("GET", BASE + "/nothing", 404),
        ("PATCH", BASE + "/channels", 405),
        ("POST", BASE + "/channels", 400),
        ("GET", "/nothing", 404),
        ("GET", "/oauth2/token", 405),
        ("POST", "/oauth2/token", 400),
        ("GET", "/core/assetmgr/v3/assets/download", 403),
        ("GET", "/_emulator/", 200),
        ("GET", "/_emulator/nothing", 404),
        ("PUT", "/_emulator/faults", 405),
        ("GET", "/", 200),
        ("GET", "/_emulator/page/main.js", 200),
        ("GET", "/_emulator/page/nothing.js", 404),
    ],
)
def test_every_answer_names_the_database(
    emulator: Emulator, method: str, path: str, status: int
) -> None:
    database = emulator.control("GET", "/")["database"]
    headers = {"Authorization": f"Bearer {emulator.bearer()}"}
    answer = emulator.session.request(method, emulator.url + path, headers=headers, timeout=5)
    assert (answer.status_code, answer.headers[HEADER]) == (status, database)


def test_the_token_and_a_missing_token_name_it(emulator: Emulator) -> None:
    database = emulator.control("GET", "/")["database"]
    unauthorized = emulator.api("GET", "/channels", headers={"Authorization": ""})
    assert [emulator.token().headers[HEADER], unauthorized.headers[HEADER]] == [database] * 2


@pytest.mark.parametrize(
    ("action", "do"),
    [
        ("status", {"status": 503, "headers": {"Retry-After": "1"}}),
        ("html", {}),
        ("empty", {}),
        ("redirect", {"location": "/elsewhere"}),
        ("big_body", {"bytes": 100}),
        ("truncated", {}),
        ("invalid_json", {}),
        ("wrong_content_type", {}),
        ("hang", {"seconds": 0}),
    ],
)
def test_what_a_fault_answers_names_it(emulator: Emulator, action: str, do: Any) -> None:
    fault = emulator.fault(action, path="/channels", do=do)
    connection = http.client.HTTPConnection(emulator.host, timeout=5)
    with contextlib.closing(connection):
        headers = {"Authorization": f"Bearer {emulator.bearer()}"}
        connection.request("GET", BASE + "/channels", headers=headers)
        with connection.getresponse() as answer:
            found = answer.headers.get_all(HEADER)
    assert (found, emulator.fired(fault)) == ([emulator.control("GET", "/")["database"]], 1)


def test_what_is_not_http_gets_it_too(emulator: Emulator) -> None:
    host, _, port = emulator.host.rpartition(":")
    with socket.create_connection((host, int(port)), 5) as line:
        line.sendall(b"this is not HTTP\r\n\r\n")
        answer = http.client.HTTPResponse(line)
        answer.begin()
    assert (answer.status, answer.headers[HEADER]) == (
        400,
        emulator.control("GET", "/")["database"],
    )


def test_a_tenant_that_is_no_emulator(emulator: Emulator) -> None:
    [before] = named(emulator)
    emulator.control("PATCH", "/settings", {"name_database": False})
    assert named(emulator) == []
    emulator.reset()
    assert named(emulator) == [before]


def test_the_id_belongs_to_the_file(
    emulator: Emulator, start: Callable[..., Emulator], tmp_path: Path
) -> None:
    path = tmp_path / "one.db"
    first = start("--db", str(path))
    [made] = named(first)
    first.reset()
    assert named(first) == [made]
    first.end()
    path = path.rename(tmp_path / "moved.db")
    second = start("--db", str(path))
    assert named(second) == [made]
    second.end()
    # A database from before ids existed gets one, and keeps it.
    with contextlib.closing(sqlite3.connect(path)) as old:
        old.execute("DROP TABLE identity")
    third = start("--db", str(path))
    [given] = named(third)
    third.end()
    fourth = start("--db", str(path))
    assert named(fourth) == [given]
    others = {*named(emulator), *named(start("--db", ":memory:")), given, made}
    assert len(others) == 4
