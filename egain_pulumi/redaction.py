"""Redact secrets from words that a server said, whatever it did to them.

Servers echo requests or parts of them: cut, in another case, with other blanks, or encoded. So the
unit is not the secret but each run of 8 of its characters, compared without case and blanks, in the
text as it is and after undoing the usual encodings: JSON, HTML, percent signs, Base64 and
hexadecimal digits, one inside the other. Time and memory are linear in text and secrets.

Names in JSON, a form or the query of a URL are no secrets: `clientSecret is missing` stays
readable.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from typing import Final
from urllib.parse import parse_qsl

REDACTED: Final = "[secret]"
RUN: Final = 8
"""Characters of a secret that must not be shown in a row. Shorter secrets count as whole words."""
_SHORTEST: Final = 4
"""Characters; redacting each `a` would hide the message, not the secret."""
_ROUNDS: Final = 6
"""Encodings inside each other that are undone."""
_FORM_NAMES: Final = frozenset(
    ["grant_type", "client_id", "client_secret", "scope", "username", "password", "assertion"]
)
"""OAuth parameters (RFC 6749): a text with one of these names is a form."""
_ESCAPE: Final = re.compile(
    r"(?P<percent>%[0-9a-f]{2})|&\#x(?P<hex>[0-9a-f]{1,6});?|&\#(?P<decimal>[0-9]{1,7});?"
    r"|&(?P<entity>[a-z][a-z0-9]{1,30};|amp|lt|gt|quot)|(?P<pair>\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})|\\u(?P<unicode>[0-9a-f]{4})|\\x(?P<byte>[0-9a-f]{2})"
    r"|\\(?P<escaped>[^ux\s])",
    re.I | re.X,
)
_CONTROL: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_BASE64: Final = re.compile(r"[\w+/-]{11,}={0,2}", re.ASCII)
_HEX: Final = re.compile(r"[0-9a-f]{16,}", re.I)
_URL: Final = re.compile(r"https?://[^\s?]+\?[^\s]+=", re.I)
_EDGES: Final = frozenset("\"'<>()[]{},;&=`")
"""What ends the word around a redacted run, besides blanks."""


@dataclass(frozen=True, slots=True)
class _View:
    """A text after undoing some encodings; `spans` are each character's start and end in it."""

    text: str
    spans: list[tuple[int, int]]

    def folded(self, dropped: str = "") -> _View:
        """Return the view without case, blanks and the `dropped` characters."""
        pairs = [
            (lower, span)
            for character, span in zip(self.text, self.spans, strict=True)
            if not character.isspace() and character not in dropped
            for lower in character.casefold()
        ]
        return _View("".join(c for c, _ in pairs), [span for _, span in pairs])


class Redactor:
    """The secrets that are known, and texts without them. Thread-safe."""

    def __init__(self, secrets: Iterable[str] = (), public: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._seen: set[str] = set()
        self._new: list[str] = []
        self._new_words: list[str] = []
        """Known, but not yet in the sets below, which only an error needs."""
        self._runs: set[str] = set()
        self._short: set[str] = set()
        self._public: set[str] = set()
        self.publish(public)
        self.know(secrets)

    def know(self, secrets: Iterable[str]) -> None:
        """Redact these from now on."""
        self._new += self._unseen(secrets)

    def publish(self, words: Iterable[str]) -> None:
        """Never take these words for a part of a secret."""
        self._new_words += self._unseen(words)

    def _unseen(self, texts: Iterable[str]) -> Iterator[str]:
        for text in texts:
            if len(text) >= _SHORTEST and text not in self._seen:
                self._seen.add(text)
                yield text

    def redact(self, text: str, *, short: bool = True) -> str:
        """Return the text with `[secret]` in place of known secrets and what touches them.

        Without `short`, secrets of less than a run stay: in a sentence of ours they may be words.
        """
        with self._lock:
            self._learn_all()
        if not self._runs and not self._short:
            return text
        marked = bytearray(len(text))
        for view in _views(_view(text)):
            for start, end in self._found(view, text, short=short):
                marked[start:end] = b"\x01" * (end - start)
        return _replaced(text, marked) if any(marked) else text

    def _learn_all(self) -> None:
        if not self._new and not self._new_words:
            return
        while self._new_words:
            folded = "".join(self._new_words.pop().casefold().split())
            self._public |= {folded, *_runs(folded)}
        while self._new:
            self._learn(self._new.pop())
        self._runs -= self._public
        self._short -= self._public

    def _learn(self, secret: str) -> None:
        for part in _parts(secret):
            for form in {part, part.encode(errors="surrogatepass").decode("latin-1")}:
                for view in _decoded(_view(form)):
                    for dropped in ("", "+"):  # a form has a plus sign for a blank
                        folded = view.folded(dropped).text
                        self._runs.update(_runs(folded))
                        if _SHORTEST <= len(folded) < RUN:
                            self._short.add(folded)

    def _found(self, view: _View, text: str, *, short: bool) -> Iterator[tuple[int, int]]:
        for dropped in ("", "+"):
            folded = view.folded(dropped)
            for start, run in enumerate(_runs(folded.text)):
                if run in self._runs:
                    yield folded.spans[start][0], folded.spans[start + RUN - 1][1]
            for length in range(_SHORTEST, RUN) if short and self._short else ():
                for start in range(len(folded.text) - length + 1):
                    if folded.text[start : start + length] in self._short:
                        first, last = folded.spans[start][0], folded.spans[start + length - 1][1]
                        if not (
                            text[first - 1 : first].isalnum() or text[last : last + 1].isalnum()
                        ):
                            yield first, last


def redact(text: str, secrets: Iterable[str]) -> str:
    """Return the text without these secrets; see `Redactor`."""
    return _redactor(tuple(secrets)).redact(text)


@lru_cache(maxsize=8)  # a token is in many refusals
def _redactor(secrets: tuple[str, ...]) -> Redactor:
    return Redactor(secrets)


def _runs(text: str) -> Iterator[str]:
    return (text[start : start + RUN] for start in range(len(text) - RUN + 1))


def _parts(secret: str) -> Iterator[str]:
    """Yield the texts that are secret in a secret: of JSON, forms and queries, the values."""
    try:
        inner = json.loads(secret)
    except (ValueError, RecursionError):
        inner = None
    if isinstance(inner, dict | list):
        found: list[object] = [inner]
        for each in found:  # grows
            if isinstance(each, str):
                yield from _parts(each)
            elif isinstance(each, dict | list):
                found += each.values() if isinstance(each, dict) else each
            elif isinstance(each, int | float) and not isinstance(each, bool):
                yield str(each)
        return
    address, _, query = secret.partition("?") if _URL.match(secret) else ("", "", secret)
    pairs = parse_qsl(query, keep_blank_values=True) if "=" in query else []
    if address or any(name in _FORM_NAMES for name, _ in pairs):
        yield address
        for _, value in pairs:
            yield from _parts(value)
        return
    yield secret
    scheme, _, credentials = secret.partition(" ")
    if scheme.lower() == "basic":
        yield _bytes(_base64, credentials).decode("latin-1")


def _views(view: _View, packed: int = 2) -> Iterator[_View]:
    """Yield a text as it is and after undoing encodings; of Base64 and digits, `packed` levels."""
    for each in _decoded(view):
        yield each
        for found in _BASE64.finditer(each.text) if packed else ():
            for offset in range(4):
                yield from _views(_unpacked(each, found, offset, 4, 3, _base64), packed - 1)
        for found in _HEX.finditer(each.text) if packed else ():
            for offset in range(2):
                yield from _views(_unpacked(each, found, offset, 2, 1, bytes.fromhex), packed - 1)


def _view(text: str) -> _View:
    return _View(text, [(i, i + 1) for i in range(len(text))])


def _decoded(view: _View) -> Iterator[_View]:
    """Yield a view, and what undoing escapes makes of it, as often as that changes it."""
    for _ in range(_ROUNDS):
        yield view
        view, before = _unescaped(view), view
        if view.text == before.text:
            return


def _unescaped(view: _View) -> _View:
    """Undo one level of percent signs, entities and backslashes."""
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    end = 0
    for found in _ESCAPE.finditer(view.text):
        text = _unescape(found)
        if text is None:
            continue
        start, stop = found.span()
        parts += (view.text[end:start], text)
        spans += view.spans[end:start]
        spans += [(view.spans[start][0], view.spans[stop - 1][1])] * len(text)
        end = stop
    return _View("".join((*parts, view.text[end:])), spans + view.spans[end:])


def _unescape(found: re.Match[str]) -> str | None:
    match found.lastgroup:
        case "percent":
            return chr(int(found[0][1:], 16))  # UTF-8 as Latin-1, which `_learn` knows
        case "entity":
            return html5.get(found["entity"]) or html5.get(found["entity"].lower())
        case "escaped":
            return _CONTROL.get(found["escaped"], found["escaped"])
        case "pair":  # of surrogates
            high, low = (int(found["pair"][at : at + 4], 16) for at in (2, 8))
            code = 0x10000 + ((high - 0xD800) << 10) + low - 0xDC00
        case "decimal":
            code = int(found["decimal"])
        case group:
            code = int(found[group or 0], 16)
    return chr(code) if code < 0x110000 else None


def _unpacked(
    view: _View,
    found: re.Match[str],
    offset: int,
    group: int,
    size: int,
    unpack: Callable[[str], bytes],
) -> _View:
    """Decode a run of characters, `group` of which stand for `size` bytes, from an offset on."""
    first, end = found.start() + offset, found.end()
    data = _bytes(unpack, view.text[first : end - (0 if group > 2 else (end - first) % group)])
    spans = []
    for number in range(len(data)):
        start = first + number // size * group
        spans.append((view.spans[start][0], view.spans[min(start + group, end) - 1][1]))
    return _View(data.decode("latin-1"), spans)


def _base64(text: str) -> bytes:
    """Decode Base64 that may have been cut: the last bytes may be missing, not the ones before."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    rest = len(plain) % 4
    decoded = base64.b64decode(plain + "A" * (-rest % 4))
    return decoded[: len(plain) * 3 // 4]


def _bytes(unpack: Callable[[str], bytes], packed: str) -> bytes:
    try:
        return unpack(packed)
    except (binascii.Error, ValueError):
        return b""


def _replaced(text: str, marked: bytearray) -> str:
    """Replace each marked run with the word around it."""
    parts: list[str] = []
    end = 0
    for found in re.finditer(b"\x01+", marked):
        start, stop = found.span()
        while start > end and not _is_edge(text[start - 1]):
            start -= 1
        while stop < len(text) and not _is_edge(text[stop]):
            stop += 1
        if start > end or not parts:
            parts += (text[end:start], REDACTED)
        end = max(end, stop)
    return "".join((*parts, text[end:]))


def _is_edge(character: str) -> bool:
    return character.isspace() or character in _EDGES


KNOWN: Final = Redactor(
    public=["application/json", "application/x-www-form-urlencoded", "client_credentials"]
)
"""The secrets that this process has seen in declarations, settings and answers."""
