"""A tenant of the tests: tokens, messages, conversations, assets; and, elsewhere, a storage.

Each remembers what it was sent. It answers as the contract says, until a test has put something
else in front of a path with `instead`.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

BASE = "/conversation/conversationmgr/v3"
CONVERSATION = "7b6c5fff-036e-4a40-b68a-a67c592fc079"
ASSET = "8de578e2-f7b8-462b-94b7-7d3358af9756"
SIGNATURE = "c0ffee5ig9a7u4e0123456789"
SECRET = "s3cr3t-0f-th3-cl13nt"


@dataclass(frozen=True)
class Call:
    """One request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)


@dataclass
class Answer:
    """What is said to a request: `body` as JSON or as it is; or how nothing is said."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    hang: float = 0.0
    """Real seconds before anything is said."""
    close: bool = False
    """The connection is closed without an answer."""
    cut: bool = False
    """After half of the body."""

    @property
    def raw(self) -> bytes:
        """The body as bytes."""
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


def refusal(code: str, text: str = "No.", **details: str) -> Answer:
    """An error as the contract has it (`ErrorResponse`)."""
    pairs = [{"key": key, "value": value} for key, value in details.items()]
    body = {"code": code, "developerMessage": text, "details": pairs}
    return Answer(int(code[:3]), body, {"Retry-After": "0"} if code.startswith("429") else {})


class Server:
    """A server on a free port, with a thread of its own."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.waiting: dict[tuple[str, str], list[Answer]] = {}
        self.ended = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 5  # seconds, for clients that announce more than they send
            wbufsize = -1  # an answer in two pieces would wait for an acknowledgement

            def _any(self) -> None:
                outer.handle(self)

            do_GET = do_POST = do_PUT = do_DELETE = _any

            def log_message(self, format: str, *args: Any) -> None:
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.002,))
        self._thread.start()

    def stop(self) -> None:
        """Stop the server and its open requests."""
        self.ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def instead(self, method: str, path: str, *answers: Answer) -> None:
        """Say this to the next calls of a path, one each."""
        self.waiting.setdefault((method, path), []).extend(answers)

    def seen(self, method: str, path: str) -> list[Call]:
        """The calls of a path, in order."""
        return [call for call in self.calls if (call.method, call.path) == (method, path)]

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        """One request."""
        path = request.path.partition("?")[0].removeprefix(BASE)
        body = self.taken(request, int(request.headers.get("Content-Length") or 0))
        call = Call(request.command, path, dict(request.headers), body)
        self.calls.append(call)
        waiting = self.waiting.get((call.method, path))
        _say(request, waiting.pop(0) if waiting else self.answer(call), self.ended)

    def taken(self, request: BaseHTTPRequestHandler, length: int) -> bytes:
        """The body."""
        return request.rfile.read(length)

    def answer(self, call: Call) -> Answer:
        """What is said if nothing else is to be said."""
        return Answer()


def _say(request: BaseHTTPRequestHandler, answer: Answer, ended: threading.Event) -> None:
    if answer.hang:
        ended.wait(answer.hang)
    if answer.close or ended.is_set():
        request.close_connection = True
        return
    raw = answer.raw
    request.send_response(answer.status)
    for name, value in {"Content-Type": "application/json", **answer.headers}.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(raw)))
    request.end_headers()
    request.wfile.write(raw[: len(raw) // 2] if answer.cut else raw)
    request.close_connection = request.close_connection or answer.cut


class Storage(Server):
    """Takes files, and keeps of each only its length and its digest."""

    def taken(self, request: BaseHTTPRequestHandler, length: int) -> bytes:
        """Digest and length instead of the body."""
        digest, left = hashlib.sha256(), length
        while left and (piece := request.rfile.read(min(left, 2**16))):
            digest.update(piece)
            left -= len(piece)
        return f"{length - left} {digest.hexdigest()}".encode()

    def answer(self, call: Call) -> Answer:
        """A sibling of this API says 201."""
        return Answer(201, b"", {"Set-Cookie": "storage=1"})


class Tenant(Server):
    """eGain's side."""

    def __init__(self) -> None:
        super().__init__()
        self.storage = Storage()
        self.upload_url = f"{self.storage.url}/upload?method=POST&signature={SIGNATURE}"

    def stop(self) -> None:
        """End both."""
        super().stop()
        self.storage.stop()

    @property
    def env(self) -> dict[str, str]:
        """The settings, as environment variables."""
        return {
            "EGAIN_BASE_URL": f"{self.url}{BASE}",
            "EGAIN_TOKEN_URL": f"{self.url}/token",
            "EGAIN_CLIENT_ID": "bot",
            "EGAIN_CLIENT_SECRET": SECRET,
        }

    def sent(self) -> list[Any]:
        """The bodies of all message calls."""
        return [call.json for call in self.seen("POST", "/conversations/messages")]

    def answer(self, call: Call) -> Answer:
        """As the contract has it."""
        match call.method, call.path.split("/")[1:]:
            case "POST", ["token"]:
                granted = f"token-{len(self.seen('POST', '/token'))}-{time.monotonic_ns()}"
                return Answer(200, {"access_token": granted, "expires_in": 3600})
            case "POST", ["conversations", "messages"]:
                return Answer(202, _accepted(call.json))
            case "GET", ["conversations", id]:
                return Answer(200, _stored(unquote(id)))
            case "POST", ["assets"]:
                return Answer(200, self.ticket())
            case "GET", ["assets", id]:
                facts = {"name": "bird.jpg", "size": 17245, "contentType": "image/jpeg"}
                return Answer(200, {**self.ticket(), "id": id, **facts})
            case "DELETE", ["assets", _]:
                return Answer(204)
        return refusal("404-101")

    def ticket(self) -> dict[str, str]:
        """An address for an upload (`AssetUploadTicket`)."""
        expiry = "2027-01-27T20:04:25.498Z"
        return {"id": ASSET, "contentUrl": self.upload_url, "contentUrlExpiry": expiry}


def _accepted(body: Any) -> Any:
    return {
        "messages": {
            "message": [
                {
                    "messageId": each["messageId"],
                    "conversation": {"id": each["conversation"].get("id", CONVERSATION)},
                }
                for each in body["messages"]["message"]
            ]
        }
    }


def _stored(id: str) -> Any:
    said = {
        "messageId": "m1",
        "type": {"value": "text"},
        "content": {"html": "<p>Hello</p>"},
        "conversation": {"id": id},
        "sender": {"type": "egain_agent", "participant": {"name": "Ann"}},
        "status": "sent",
        "created": "2026-11-20T09:12:00.000Z",
        "attachments": {
            "attachment": [
                {"name": "a.txt", "contentType": "text/plain", "size": "12", "url": "https://x/a"}
            ]
        },
        "attributes": {"attribute": [{"name": "topic", "value": "orders"}]},
    }
    return {"id": id, "customer": {"name": "John Smith"}, "messages": {"message": [said]}}
