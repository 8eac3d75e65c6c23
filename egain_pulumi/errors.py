"""What can go wrong, as seen by the person at the terminal.

    EgainError                one line: what was attempted, on what, what to do
    ├── ConfigurationError    a setting is missing, malformed or contradicts another
    ├── TransportError        eGain did not answer, or not readably
    └── ApiError              eGain answered and refused
        └── NotFound          404 on an object

A class exists because some code catches it. Everything else is the message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

_LONGEST = 300  # characters of a server's own words that we repeat


class EgainError(Exception):
    """Anything that this package refuses or fails at. Its text is one line."""

    # The plugin host prints the class with its module; without this line the person at the
    # terminal would read `egain_pulumi.errors.EgainError` in front of the message.
    __module__ = "builtins"


class ConfigurationError(EgainError):
    """A setting is missing, malformed, or contradicts another one."""

    __module__ = "builtins"


class TransportError(EgainError):
    """eGain did not answer, or with something that is not an answer of this API.

    `in_doubt` says that the request may have been carried out all the same.
    """

    __module__ = "builtins"

    def __init__(self, text: str, *, in_doubt: bool) -> None:
        super().__init__(one_line(text))
        self.in_doubt = in_doubt


class ApiError(EgainError):
    """eGain answered with a status of 400 or more (contract: `ErrorResponse`).

    `code` is the vendor's own (`400-143`), or the bare status where there was none;
    `words` are the vendor's message and details; `correlation` is the id we sent.
    """

    __module__ = "builtins"

    def __init__(
        self, *, method: str, path: str, status: int, code: str, words: str, correlation: str
    ) -> None:
        self.method, self.path, self.status = method, path, status
        self.code, self.words, self.correlation = code, one_line(words), correlation
        super().__init__(f"{method} {path}: {code}: {self.words} (correlation id {correlation})")


class NotFound(ApiError):
    """404: there is no object with this id."""

    __module__ = "builtins"


def one_line(text: str, longest: int = _LONGEST) -> str:
    """The text without line breaks and control characters, cut at `longest` characters."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def without(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret replaced by `[secret]`, however a server may have quoted it.

    Servers echo what they were sent, as it was, JSON-escaped or URL-encoded. Texts of fewer
    than four characters are left: replacing every `a` would hide the message, not the secret.
    """
    for secret in sorted({s for s in secrets if len(s) >= 4}, key=len, reverse=True):
        escaped = secret.replace("\\", "\\\\").replace('"', '\\"')
        for form in (secret, escaped, quote(secret), quote(secret, safe="")):
            text = text.replace(form, "[secret]")
    return text


def details(answer: Mapping[str, Any]) -> str:
    """The vendor's message with its details, as one text: `message (key: value; key: value)`."""
    message = str(answer.get("developerMessage") or "no message")
    pairs = [
        f"{item['key']}: {item.get('value', '')}"
        for item in answer.get("details") or ()
        if isinstance(item, Mapping) and "key" in item
    ]
    return f"{message} ({'; '.join(pairs)})" if pairs else message
