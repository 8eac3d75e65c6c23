"""Random ways in which a server can answer, for `hostile`: each a value that says what it does."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from tests.support.hostile import Call, Hostile, Trouble, Wire

TOKEN = "token"
STATUSES: tuple[int, ...] = (200, 201, 202, 204, 206, 226, 101, 299)
STATUSES += (300, 301, 302, 303, 304, 307, 308)
STATUSES += (400, 401, 403, 404, 405, 408, 409, 412, 413, 418, 422, 429, 451, 499)
STATUSES += (500, 501, 502, 503, 504, 507, 599, 600, 799, 999)

ECHOES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "upper": str.upper,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in JSON": lambda text: json.dumps(json.dumps(text))[1:-1],
    "slashes": lambda text: json.dumps(text).replace("/", "\\/")[1:-1],
    "percent": lambda text: quote(text, safe=""),
    "percent, lower": lambda text: re.sub("%..", lambda m: m[0].lower(), quote(text, safe="")),
    "every byte": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "HTML": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "HTML, hex": lambda text: "".join(f"&#x{ord(c):x};" for c in text),
    "escapes": lambda text: "".join(f"\\u{ord(c):04x}" for c in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "lines": lambda text: "\n".join(text[i : i + 5] for i in range(0, len(text), 5)),
}
"""How a server may write what it repeats of a request."""

ODD: tuple[Any, ...] = (None, True, [], {}, "", -1, 0.5, "x" * 3_000, "../..", "\x1b[2J", "a\nb")
ODD += ([[]], {"id": 5}, "\ud800", "1e400", "HUGE", "DEEP", "NaN")
"""What may stand where something else belongs; `HUGE`, `DEEP` and `NaN` are made of no value."""
RAW = {"HUGE": "9" * 5_000, "DEEP": "[" * 3_000 + "]" * 3_000, "NaN": "NaN", "1e400": "1e400"}

HEADERS: tuple[tuple[str, str], ...] = (
    *(("Location", each) for each in ("http://[", "//", "/", "é", "https://evil.example/", "")),
    *(("Retry-After", each) for each in ("0", "1", "5.4", "-1", "soon", "9" * 400, "1e9")),
    *(("X-RateLimit-Reset", each) for each in ("0", "1763630000", "1763630000123", "later")),
    *(("X-RateLimit-Limit", each) for each in ("0", "1", "60", "9" * 400, "-3")),
    *(("Content-Encoding", each) for each in ("gzip", "br", "deflate", "odd")),
    *(("Content-Type", each) for each in ("text/html", "", "a" * 900, "application/json; =;")),
    *(("Date", each) for each in ("", "Mon, 99 Foo 2026", "Fri, 20 Nov 99999 09:12:00 GMT")),
    *(("Set-Cookie", each) for each in ("a=b; domain=.example", "\x7f=", "a" * 4_000)),
    *(("Connection", each) for each in ("close", "keep-alive, upgrade", "\t")),
    *(("X-Long", "x" * each) for each in (60_000, 70_000)),
    ("WWW-Authenticate", "Basic realm=x"),
)
FRAMINGS: tuple[str, ...] = ("right", "longer", "shorter", "negative", "words", "none")
FRAMINGS += ("two", "chunked", "bad chunk")
ENDS = ("close", "reset", "hang")


@dataclass(frozen=True)
class Misbehavior:
    """What happens to calls of some sorts. `pace`: what follows that part of the answer drips."""

    where: frozenset[str]
    times: int
    statuses: tuple[int, ...] = ()
    interim: tuple[int, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    framing: str = "right"
    body: str = "real"
    echo: str = "as it is"
    cut: tuple[int, int] = (0, 4_000)
    leaf: int = 0
    odd: Any = None
    pace: float | None = None
    end: str = "close"

    def begin(self, server: Hostile) -> None:
        """Let the server behave like this, for so many calls."""
        left = self.times

        def trouble(call: Call) -> Trouble | None:
            nonlocal left
            if left < 1 or sort(call) not in self.where:
                return None
            left -= 1
            return lambda wire, answer: self._answer(wire, call, answer)

        server.trouble = trouble

    def _answer(self, wire: Wire, call: Call, real: bytes) -> None:
        for status in self.interim:
            wire.send(b"HTTP/1.1 %d Wait\r\nX-Odd: x\r\n\r\n" % status)
        data = self._message(call, real)
        at = len(data) if self.pace is None else int(len(data) * self.pace)
        wire.send(data[:at])
        if self.pace is not None:
            wire.drip(data[at:])
        if self.end == "reset":
            wire.reset()
        elif self.end == "hang":
            wire.hang()

    def _message(self, call: Call, real: bytes) -> bytes:
        head, _, content = real.partition(b"\r\n\r\n")
        status = self.statuses[0] if self.statuses else int(head.split(b" ")[1])
        body = self._body(call, content)
        given = dict(self.headers)
        lines = [f"HTTP/1.1 {status} Odd", *(f"{k}: {v}" for k, v in given.items())]
        if "Content-Type" not in given:
            kind = "text/html" if self.body == "html" else "application/json"
            lines.append(f"Content-Type: {kind}")
        lines += {
            "right": [f"Content-Length: {len(body)}"],
            "longer": [f"Content-Length: {len(body) + 500}"],
            "shorter": [f"Content-Length: {len(body) // 2}"],
            "negative": ["Content-Length: -5"],
            "words": ["Content-Length: many"],
            "two": [f"Content-Length: {len(body)}", "Content-Length: 3"],
            "chunked": ["Transfer-Encoding: chunked"],
            "bad chunk": ["Transfer-Encoding: chunked"],
        }.get(self.framing, [])
        if self.framing == "chunked":
            body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        elif self.framing == "bad chunk":
            body = b"zz\r\n" + body
        return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + body

    def _body(self, call: Call, content: bytes) -> bytes:
        if self.body == "half":
            return content[: len(content) // 2]
        if self.body in ("empty", "html", "zeros", "token"):
            return {
                "empty": b"",
                "html": b"<html><body>Bad gateway</body></html>",
                "zeros": b"\0" * 5_000,
                "token": b'{"access_token": "%b", "expires_in": 1e-9}' % (b"t" * 20_000),
            }[self.body]
        if self.body in ("refusal", "page"):
            return self._repeated(call)
        if self.body == "odd" and content:
            return replaced(content, self.leaf, self.odd)
        return content

    def _repeated(self, call: Call) -> bytes:
        """Repeat the request, cut and written in some way, as a refusal or as a page."""
        request = call.head.decode("latin-1") + "\n" + call.body.decode("utf-8", "replace")
        text = ECHOES[self.echo](request)[self.cut[0] : sum(self.cut)]
        if self.body == "page":
            return f"<html>{text}</html>".encode()
        pair = {"key": "field", "value": text}
        said = {"code": "400-143", "developerMessage": f"no: {text}", "details": [pair]}
        return json.dumps(said | {"error": text}).encode()


def sort(call: Call) -> str:
    """Which sort of call it is."""
    return TOKEN if "oauth2" in call.path else call.method


def replaced(content: bytes, leaf: int, odd: Any) -> bytes:
    """Return the JSON with another value in one place, or what it was if it is no JSON."""
    try:
        found = json.loads(content)
    except ValueError:
        return content
    places: list[tuple[Any, Any]] = []
    within = [found]
    for each in within:
        if isinstance(each, dict | list):
            keys = list(each) if isinstance(each, dict) else range(len(each))
            places += [(each, key) for key in keys]
            within += [each[key] for key in keys]
    if places:
        inside, key = places[leaf % len(places)]
        inside[key] = odd
    text = json.dumps(found)
    raw = RAW.get(odd) if isinstance(odd, str) else None
    return (text if raw is None else text.replace(json.dumps(odd), raw)).encode()


def misbehaviors(sorts: tuple[str, ...]) -> st.SearchStrategy[Misbehavior]:
    """Any of them, for calls of these sorts.

    Most are plain in most ways, so that each way is seen by itself too.
    """

    def seldom(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
        return st.one_of(st.just(usual), st.just(usual), st.sampled_from(others))

    bodies = ("real", "half", "empty", "html", "zeros", "token", *("refusal", "page", "odd") * 3)
    return st.builds(
        Misbehavior,
        where=st.frozensets(st.sampled_from(sorts), min_size=1),
        times=st.sampled_from((1, 2, 1_000)),
        statuses=st.one_of(st.just(()), st.tuples(st.sampled_from(STATUSES))),
        interim=seldom((), (100,), (102, 103), (103,) * 30, (101,)),
        headers=st.lists(st.sampled_from(HEADERS), max_size=2).map(tuple),
        framing=seldom("right", *FRAMINGS),
        body=st.sampled_from(bodies),
        echo=st.sampled_from(tuple(ECHOES)),
        cut=st.tuples(st.integers(0, 900), st.integers(1, 2_000)),
        leaf=st.integers(0, 200),
        odd=st.sampled_from(ODD),
        pace=seldom(None, 0.0, 0.1, 0.5, 0.9),
        end=seldom("close", *ENDS),
    )
