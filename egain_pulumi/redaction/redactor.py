"""Redact secrets from words that a server said, whatever it did to them.

Servers echo requests or parts of them: cut, in another case, with other blanks, or encoded. So the
unit is not the secret but each run of 8 of its characters, compared without case and blanks, in the
text as it is and after undoing the usual encodings: JSON, HTML, percent signs, Base64 and
hexadecimal digits, one inside the other. Time and memory are linear in text and secrets.

Names in JSON, a form or the query of a URL are no secrets: `clientSecret is missing` stays
readable.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl

from .views import View, decoded, of_text, unpack_base64, views

REDACTED: Final = "[secret]"
RUN: Final = 8
"""Characters of a secret that must not be shown in a row. Shorter secrets count as whole words."""
_SHORTEST: Final = 4
"""Characters; redacting each `a` would hide the message, not the secret."""
_FORM_NAMES: Final = frozenset(
    ["grant_type", "client_id", "client_secret", "scope", "username", "password", "assertion"]
)
"""OAuth parameters (RFC 6749): a text with one of these names is a form."""
_URL: Final = re.compile(r"https?://[^\s?]+\?[^\s]+=", re.I)
_EDGES: Final = frozenset("\"'<>()[]{},;&=`")
"""What ends the word around a redacted run, besides blanks."""


class Redactor:
    """The secrets that are known, and texts without them. Thread-safe."""

    def __init__(self, secrets: Iterable[str] = (), public: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._secrets: dict[str, None] = {}
        self._words: dict[str, None] = {}
        self._learned = (0, 0)
        """How many of them are in the sets below, which only an error needs."""
        self._runs: set[str] = set()
        self._short: set[str] = set()
        self._public: set[str] = set()
        self.publish(public)
        self.know(secrets)

    def know(self, secrets: Iterable[str]) -> None:
        """Redact these from now on."""
        self._secrets.update((each, None) for each in secrets if len(each) >= _SHORTEST)

    def publish(self, words: Iterable[str]) -> None:
        """Never take these words for a part of a secret."""
        self._words.update((each, None) for each in words if len(each) >= _SHORTEST)

    def redact(self, text: str, *, short: bool = True) -> str:
        """Return the text with `[secret]` in place of known secrets and what touches them.

        Without `short`, secrets of less than a run stay: in a sentence of ours they may be words.
        """
        with self._lock:
            self._learn_all()
        if not self._runs and not self._short:
            return text
        marked = bytearray(len(text))
        for view in views(of_text(text)):
            for start, end in self._found(view, text, short=short):
                marked[start:end] = b"\x01" * (end - start)
        return _replaced(text, marked) if any(marked) else text

    def _learn_all(self) -> None:
        secrets, words = list(self._secrets), list(self._words)
        done, self._learned = self._learned, (len(secrets), len(words))
        if done == self._learned:
            return
        for secret in secrets[done[0] :]:
            self._learn(secret)
        for word in words[done[1] :]:
            folded = "".join(word.casefold().split())
            self._public |= {folded, *_runs(folded)}
        self._runs -= self._public
        self._short -= self._public

    def _learn(self, secret: str) -> None:
        for part in _parts(secret):
            for form in {part, part.encode(errors="surrogatepass").decode("latin-1")}:
                for view in decoded(of_text(form)):
                    for dropped in ("", "+"):  # a form has a plus sign for a blank
                        folded = view.folded(dropped).text
                        self._runs.update(_runs(folded))
                        if _SHORTEST <= len(folded) < RUN:
                            self._short.add(folded)

    def _found(self, view: View, text: str, *, short: bool) -> Iterator[tuple[int, int]]:
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
        yield unpack_base64(credentials).decode("latin-1")


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
