"""Who may call the emulator: programs of this machine and its own page, on every path."""

from __future__ import annotations

import contextlib
import http.client

import pytest

from .handle import BASE, Emulator

# With the status of an allowed call.
PATHS = {
    "/": 200,
    "/_emulator/": 200,
    "/_emulator/page/main.js": 200,
    BASE + "/authentications": 200,
    "/oauth2/token": 405,
    "/core/assetmgr/v3/assets/download": 403,
    "/nothing": 404,
}
OWN = "(own)"

REFUSED = [
    {"Host": "evil.example"},
    {"Host": "127.0.0.1.evil.example:80"},
    {"Host": "localhost.evil.example"},
    {"Host": "evil.example:80@127.0.0.1"},
    {"Host": "[::2]:80"},
    {"Host": "0.0.0.0:80"},
    {"Host": "128.0.0.1"},
    {"Host": "127.1"},
    {"Host": "localhost:80:80"},
    {"Host": "localhost:x"},
    {"Host": ""},
    {"Host": "localhost", "Origin": "https://evil.example"},
    {"Host": "localhost", "Origin": "null"},
    {"Host": "localhost", "Origin": ""},
    {"Host": "localhost:1", "Origin": "http://localhost:3000"},
    {"Host": "localhost:1", "Origin": "http://127.0.0.1:1"},
    {"Host": "localhost:1", "Origin": "https://localhost:1"},
    {"Host": OWN, "Origin": "http://localhost"},
]
ALLOWED = [
    {"Host": OWN},
    {"Host": OWN, "Origin": f"http://{OWN}"},
    {"Host": "localhost"},
    {"Host": "LOCALHOST:8780"},
    {"Host": "127.255.0.1:1"},
    {"Host": "[::1]"},
    {"Host": "[::1]:1", "Origin": "http://[::1]:1"},
]


def call(emulator: Emulator, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(emulator.host, timeout=5)
    with contextlib.closing(connection):
        connection.putrequest("GET", path, skip_host=True)
        connection.putheader("Authorization", f"Bearer {emulator.bearer()}")
        for name, value in headers.items():
            connection.putheader(name, value.replace(OWN, emulator.host))
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read()


@pytest.mark.parametrize("path", PATHS)
def test_what_a_foreign_page_could_send_is_refused(emulator: Emulator, path: str) -> None:
    for headers in REFUSED:
        status, body = call(emulator, path, headers)
        assert (status, b"403-909" in body) == (403, True), headers
    assert emulator.control("GET", "/log")["total"] == 0


@pytest.mark.parametrize("path", PATHS)
def test_this_machine_and_the_own_page_are_answered(emulator: Emulator, path: str) -> None:
    for headers in ALLOWED:
        status, body = call(emulator, path, headers)
        assert (status, b"403-909" in body) == (PATHS[path], False), headers


def test_a_write_of_a_foreign_page_does_nothing(emulator: Emulator) -> None:
    headers = {"Origin": "http://localhost:3000"}
    answer = emulator.session.post(f"{emulator.url}/_emulator/reset", headers=headers, timeout=5)
    assert answer.status_code == 403
    form = {"grant_type": "client_credentials", "client_id": "local", "client_secret": "x"}
    answer = emulator.session.post(
        f"{emulator.url}/oauth2/token", data=form, headers=headers, timeout=5
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "403-909")
