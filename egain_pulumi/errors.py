"""What can go wrong, as seen by the person at the terminal.

    EgainError                one line: what was attempted, on what, what to do
    ├── ConfigurationError    a setting is missing, malformed or contradicts another
    ├── TransportError        eGain did not answer, or not readably
    ├── HalfDone              carried out in part; the state keeps what is there
    └── ApiError              eGain answered and refused
        └── NotFound          404 on an object

A class exists because some code catches it. Everything else is the message.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

_LONGEST = 300  # characters of a server's own words that we repeat
LONGEST_SENTENCE = 2_000  # characters: a list of conflicts may be long
_SHORTEST = 4


class EgainError(Exception):
    """Anything that this package refuses or fails at. Its text is one line."""

    # The plugin host prints the class with its module; without this line the person at the
    # terminal would read `egain_pulumi.errors.EgainError` in front of the message.
    __module__ = "builtins"


class Cancelled(EgainError):
    """A Ctrl-C ended a wait: nothing was sent meanwhile."""


class ConfigurationError(EgainError):
    """A setting is missing, malformed, or contradicts another one."""

    __module__ = "builtins"


class TransportError(EgainError):
    """eGain did not answer, or with something that is not an answer of this API.

    `in_doubt` says that the request may have been carried out all the same.
    """

    __module__ = "builtins"

    def __init__(self, text: str, *, in_doubt: bool) -> None:
        super().__init__(one_line(text, len(text) + 1))
        self.in_doubt = in_doubt


class HalfDone(EgainError):
    """Carried out in part: `properties` is what object `id` has now, and goes into the state."""

    __module__ = "builtins"

    def __init__(self, text: str, id: str, properties: Mapping[str, Any]) -> None:
        super().__init__(text)
        self.id, self.properties = id, dict(properties)


class ApiError(EgainError):
    """eGain answered with a status of 400 or more (contract: `ErrorResponse`).

    `code` is the vendor's own (`400-143`), or the bare status where there was none;
    `words` are the vendor's message and details, `keys` those of the details; `correlation` is
    the id we sent.
    """

    __module__ = "builtins"

    def __init__(
        self,
        *,
        method: str,
        path: str,
        status: int,
        code: str,
        words: str,
        correlation: str,
        keys: Iterable[str] = (),
    ) -> None:
        self.method, self.path, self.status = method, path, status
        # Not cut off here: a secret must be found before a part of it is all that is left.
        self.words = one_line(words, len(words) + 1)
        self.code, self.correlation, self.keys = one_line(code, 40), correlation, tuple(keys)
        super().__init__(
            f"{method} {path}: {self.code}: {self.words} (correlation id {correlation})"
        )

    def without(self, secrets: Iterable[str]) -> ApiError:
        """The same with words that can be shown: one line, not too long, and no secret."""
        return type(self)(
            method=self.method,
            path=self.path,
            status=self.status,
            code=self.code,
            words=both_ends(without(self.words, secrets)),
            correlation=self.correlation,
            keys=self.keys,
        )


class NotFound(ApiError):
    """404: there is no object with this id."""

    __module__ = "builtins"


def one_line(text: str, longest: int = _LONGEST) -> str:
    """The text without line breaks and control characters, cut at `longest` characters."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def both_ends(text: str) -> str:
    """Words of a server, cut in the middle where they are too long: one that repeats what it was
    sent says its reason before or after it."""
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[: half - 1]}…{text[-half:]}"


def without(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret replaced by `[secret]`, however a server may have quoted it.

    Servers echo what they were sent: as it was or with other blanks, escaped as JSON, HTML, URL
    or form, in base64. So do they with a part of it, so the texts inside a JSON secret are
    secrets too. Texts of fewer than four characters are left: replacing every `a` would hide
    the message, not the secret. Call it before anything is cut off.
    """
    forms = {form for secret in secrets for part in _parts(secret) for form in _forms(part)}
    patterns = [
        r"\s+".join(map(re.escape, words))
        for words in (form.split() for form in sorted(forms, key=len, reverse=True))
        if words
    ]
    return re.sub("|".join(patterns), "[secret]", text) if patterns else text


def _parts(secret: str) -> Iterator[str]:
    """A secret, and every text inside it where it is a JSON document."""
    yield secret
    try:
        inner = json.loads(secret)
    except (ValueError, RecursionError):
        return
    found = [inner]
    for each in found:
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict | list):
            found += each.values() if isinstance(each, dict) else each


def _forms(secret: str) -> Iterator[str]:
    if len(secret) < _SHORTEST:
        return
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield from (quote(secret), quote(secret, safe=""), quote_plus(secret))
    yield from (html.escape(secret), html.escape(secret, quote=False))
    encoded = base64.b64encode(secret.encode(errors="surrogatepass")).decode()
    yield from (encoded, encoded.rstrip("="))


def pairs_of(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The details of an error as (key, value), as far as they have the contract's shape."""
    listed = answer.get("details")
    return [
        (str(item["key"]), str(item.get("value", "")))
        for item in (listed if isinstance(listed, list) else ())
        if isinstance(item, Mapping) and "key" in item
    ]


def details(answer: Mapping[str, Any]) -> str:
    """The vendor's message with its details, as one text: `message (key: value; key: value)`."""
    message = answer.get("developerMessage")
    pairs = [f"{key}: {value}" for key, value in pairs_of(answer)]
    text = message if isinstance(message, str) and message else "no message"
    return f"{text} ({'; '.join(pairs)})" if pairs else text
