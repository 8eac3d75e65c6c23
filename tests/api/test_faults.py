"""Whatever the libraries raise becomes one line that names what to change."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from egain_pulumi.api.outcome import Failure
from egain_pulumi.api.transport import RequestFailed, Transport
from tests.support.certificates import certificate, secure
from tests.support.emulator import Emulator

OUTSIDE = "https://hub.example.com/"
HERE = "http://127.0.0.1:9/"
VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
NOT_PEM = __file__


def failure(monkeypatch: pytest.MonkeyPatch, url: str, env: dict[str, str], **sent: Any) -> Any:
    """What a GET fails with."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(RequestFailed) as caught:
        Transport(1).send("GET", url, seconds=2, **sent)
    return caught.value


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize("file", ["/does/not/exist.pem", NOT_PEM], ids=["missing", "not PEM"])
def test_a_bundle_that_cannot_be_read_is_named(
    name: str, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"https://127.0.0.1:{server.getsockname()[1]}/"
        failed = failure(monkeypatch, url, {name: file})
    assert failed.failure is Failure.UNUSABLE
    assert failed.reason == f"the CA certificates of {name} cannot be read"
    assert failed.next_step == f"Set {name} to an existing PEM file, or unset it."


PROXIES = ["http://[bad", "ftp://x:1", "http://127.0.0.1:99999", "http://a b:1", "://", "http://"]


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_that_cannot_be_used_is_named(
    name: str, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = failure(monkeypatch, OUTSIDE, {name: proxy})
    assert failed.failure is Failure.UNUSABLE
    assert failed.reason == f"the proxy of {name} cannot be used"
    assert name in failed.next_step


def test_a_proxy_that_does_not_answer_may_later(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = failure(monkeypatch, OUTSIDE, {"HTTPS_PROXY": "http://127.0.0.1:9"})
    assert failed.failure is Failure.NOT_CONNECTED
    assert failed.reason == "the proxy of HTTPS_PROXY refused the connection"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "[::1]", "LOCALHOST"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_this_machine_needs_no_proxy(
    scheme: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the variables say: a proxy that cannot be used is not even looked at."""
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
    env = dict.fromkeys(names, "http://[bad") | {"NO_PROXY": "", "no_proxy": ""}
    failed = failure(monkeypatch, f"{scheme}://{host}:9/", env)
    assert failed.reason == "connection refused or host unknown"


ADDRESSES = [
    *(f"https://{'a' * 70}.io/", "https://é..io/", "https://a..io/", "https://[::1/"),
    *("https://*.io", "https://.io", "http://127.0.0.1:99999/", "https://\ud800.io"),
]


@pytest.mark.parametrize("url", ADDRESSES, ids=ascii)
def test_an_address_that_cannot_be_is_final(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = failure(monkeypatch, url, {})
    assert (failed.failure, failed.reason) == (Failure.UNUSABLE, "the address is not valid")


SENT: list[tuple[dict[str, Any], str]] = [
    ({"headers": {"X": "a\nb"}}, "a header has characters that HTTP cannot carry"),
    ({"headers": {"X": " a"}}, "a header has characters that HTTP cannot carry"),
    ({"form": {"client_id": "\ud800"}}, "a text has characters that do not exist"),
    ({"json": {"a": float("nan")}}, "a value that JSON cannot carry"),
]


@pytest.mark.parametrize(("sent", "reason"), SENT, ids=range(len(SENT)))
def test_what_cannot_be_sent_is_final(
    sent: dict[str, Any], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = failure(monkeypatch, HERE, {}, **sent)
    assert (failed.failure, failed.reason) == (Failure.UNUSABLE, reason)


CERTIFICATES = [
    ("localhost", "20991231000000Z", False, "is not trusted"),
    ("localhost", "20200102000000Z", True, "has expired or is not valid yet"),
    ("elsewhere", "20991231000000Z", True, "is for another host"),
]


@pytest.mark.parametrize(("host", "until", "trusted", "reason"), CERTIFICATES)
def test_a_certificate_that_is_no_good_is_final(
    host: str,
    until: str,
    trusted: bool,
    reason: str,
    tmp_path: Path,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = certificate(tmp_path / "own", host, until)
    with secure(emulator, both) as server:
        env = {"REQUESTS_CA_BUNDLE": str(both)} if trusted else {}
        failed = failure(monkeypatch, server.url, env)
        assert (failed.failure, failed.code) == (Failure.UNUSABLE, "certificate_invalid")
        assert failed.reason == f"its TLS certificate {reason}"
        assert server.calls == []


def test_a_request_that_is_given_up_sends_nothing_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look-up of a name may last longer than the request; nothing follows it."""
    held, looked = threading.Event(), threading.Event()
    real = socket.getaddrinfo

    def slow(*arguments: Any, **options: Any) -> Any:
        looked.set()
        held.wait(10)
        return real(*arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        url = f"http://localhost:{server.getsockname()[1]}/"
        began = time.monotonic()
        with pytest.raises(RequestFailed) as caught:
            Transport(1).send("POST", url, seconds=0.3, json={})
        assert time.monotonic() - began < 1
        assert caught.value.failure is Failure.NOT_CONNECTED
        assert looked.is_set()
        held.set()
        connection, _ = server.accept()
        with connection:
            connection.settimeout(5)
            assert connection.recv(100) == b""  # the connection was closed without a word
