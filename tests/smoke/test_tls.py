"""`--callbacks-only` and the certificate of a callback."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from egain_pulumi import smoke
from egain_pulumi.resources import KINDS
from tests.smoke.stacks import BASIC, HUB, ends, stack, takes


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[str]:
    """A callback under https whose certificate nobody has signed but itself."""
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    files = ["-nodes", "-days", "2", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*made, *files, *names], cwd=tmp_path, check=True, capture_output=True)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            takes(HUB)(self)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that does not trust it hangs up."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server = Server(("127.0.0.1", 0), Door)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"https://localhost:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_certificate_must_be_trusted(
    secure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = stack(secure, BASIC)
    assert ends(text) == ["certificate_invalid"]
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "cert.pem"))
    report = smoke.callbacks(text, KINDS)
    assert report.passed
    assert report.checks[0].steps[0].what.endswith("its certificate is trusted")
