"""What the tests of tokens share: channels to make, a count, an endpoint that changes answers."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import requests

from tests.host.objects import channel
from tests.support.emulator import Emulator

TOKEN = "/oauth2/token"


def many(count: int = 16, **changes: Any) -> list[Any]:
    return [channel(f"c{n}", type=f"c{n}", **changes) for n in range(count)]


def tokens(emulator: Emulator) -> int:
    """How many were asked for since the last look."""
    count = emulator.counts(tokens=True).get(f"POST {TOKEN}", 0)
    emulator.clear()
    return count


class Endpoint:
    """A token endpoint that passes on what the emulator gives out, with changes."""

    def __init__(self, emulator: Emulator) -> None:
        self.changes: dict[str, Any] = {}
        self.forms: list[dict[str, list[str]]] = []
        outer, url = self, emulator.token_url
        session = requests.Session()
        session.trust_env = False

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.forms.append(parse_qs(body.decode()))
                real = session.post(url, data=body, headers=dict(self.headers), timeout=10)
                given = {**real.json(), **outer.changes}
                answer = json.dumps({k: v for k, v in given.items() if v is not None}).encode()
                self.send_response(real.status_code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/token"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
