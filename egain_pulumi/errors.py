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

from collections.abc import Iterable, Mapping
from typing import Any

from .text import both_ends, one_line, without


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
