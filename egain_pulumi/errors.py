"""The errors that the person at the terminal sees.

    EgainError                one line: what was attempted, on what, what to do
    ├── ConfigurationError    a setting is missing, malformed or contradicts another
    ├── TransportError        no readable answer from eGain
    ├── HalfDone              carried out in part; the state keeps what exists
    └── ApiError              eGain answered with an error
        └── NotFound          404: the object does not exist

A class exists because some code catches it. Code that must tell failures apart reads `reason`,
never the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum, auto
from typing import Any, ClassVar

from .text import both_ends, one_line, sentence, without


class Reason(StrEnum):
    """Why something failed. The plugin host sends it with the text, in `ErrorInfo`."""

    UNSPECIFIED = auto()
    BUG = auto()  # an exception that is not ours
    CANCELLED = auto()  # Ctrl-C, or the CLI has exited
    SETTINGS = auto()  # a setting is missing, malformed or wrong
    OTHER_TENANT = auto()  # the settings lead to another tenant than the state
    NO_ANSWER = auto()  # no readable answer
    LIST_NOT_TRUSTED = auto()  # a list may be incomplete
    NO_TURN = auto()  # the rate limit left no turn before the deadline
    REFUSED = auto()  # eGain answered with an error
    UNAVAILABLE = auto()  # eGain answered 429 or 5xx until the deadline
    NOT_FOUND = auto()  # eGain has no such object
    MALFORMED = auto()  # an object from eGain does not have the contract's shape
    ALREADY_EXISTS = auto()  # another object has the unique value
    EQUAL_EXISTS = auto()  # an equal object exists whose kind has no unique value
    IN_DOUBT = auto()  # a POST may have been carried out
    AMBIGUOUS = auto()  # `find` or an import by name matched no object, or several
    ALREADY_MANAGED = auto()  # the object to import is in this stack
    IMPORT_DIFFERS = auto()  # the object to import has other values
    IMPORT_SENDS = auto()  # an import would send secrets without being asked
    IMPORT_SWITCHES = auto()  # an import would turn the object on or off
    CONFLICT = auto()  # somebody else changed what this stack manages
    GONE = auto()  # the object was deleted in eGain
    SECRET_UNDECLARED = auto()  # an update would have to send a secret that it only read
    NOT_CHANGED = auto()  # eGain accepted an update and kept the old value
    IN_USE = auto()  # other objects refer to the object
    USE_UNKNOWN = auto()  # whether other objects refer to it cannot be determined
    DELETE_NOT_ALLOWED = auto()  # `egain:allowDelete` is false


class EgainError(Exception):
    """Base class of the errors of this package. Its text is one line."""

    # The plugin host prints the class with its module: this hides `egain_pulumi.errors.` from the
    # person at the terminal.
    __module__ = "builtins"
    reason: Reason = Reason.UNSPECIFIED

    def __init__(self, text: str, reason: Reason | None = None) -> None:
        super().__init__(text)
        self.reason = reason or type(self).reason


class Cancelled(EgainError):
    """A Ctrl-C ended a wait; nothing was sent since."""

    reason = Reason.CANCELLED


class ConfigurationError(EgainError):
    """A setting is missing, malformed, or contradicts another one."""

    __module__ = "builtins"
    reason = Reason.SETTINGS


class TransportError(EgainError):
    """eGain did not answer, or not readably.

    If `in_doubt` is set, eGain may have carried the request out all the same.
    """

    __module__ = "builtins"
    reason = Reason.NO_ANSWER
    _NEXT_STEPS: ClassVar[Mapping[Reason, str]] = {
        Reason.NO_ANSWER: "Run it again. If it fails again, check the network, any proxy, "
        "egain:baseUrl and egain:tokenUrl.",
        Reason.LIST_NOT_TRUSTED: "Run it again when nobody else is changing the tenant.",
        Reason.NO_TURN: "Run it again, or raise egain:operationTimeoutSeconds.",
    }

    def __init__(self, text: str, *, in_doubt: bool, reason: Reason | None = None) -> None:
        super().__init__(one_line(text, len(text) + 1), reason)
        self.in_doubt = in_doubt

    @property
    def next_step(self) -> str:
        """What to do, as a sentence; may be empty."""
        return self._NEXT_STEPS.get(self.reason, "")


class HalfDone(EgainError):
    """Carried out in part. The state gets `properties` for the object `id`."""

    __module__ = "builtins"

    def __init__(self, error: EgainError, id: str, properties: Mapping[str, Any]) -> None:
        super().__init__(str(error), error.reason)
        self.id, self.properties = id, dict(properties)


class ApiError(EgainError):
    """eGain answered with a status of 300 or more (contract: `ErrorResponse`).

    `code` is the vendor's (`400-143`), or the status if there is none. `words` are the vendor's
    message and details; `keys` are the keys of the details. `correlation` is the id that we sent.
    """

    __module__ = "builtins"
    reason = Reason.REFUSED

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
        # Not cut here: a secret that is cut would no longer be found.
        self.words = one_line(words, len(words) + 1)
        self.code, self.correlation, self.keys = one_line(code, 40), correlation, tuple(keys)
        super().__init__(
            f"{method} {path}: {self.code}: {self.words} (correlation id {correlation})"
        )

    @property
    def call(self) -> str:
        """The request, in parentheses."""
        return f"({self.method} {self.path}, correlation id {self.correlation})"

    def explain_scope(self, client: str | None, scope: str) -> str:
        """Return the problem of a 403 and the next step: the client may lack a scope."""
        return (
            f'client "{client}" lacks scope {scope}, or may not do this: {sentence(self.words)} '
            "Add the scope to the client application in the eGain console."
        )

    def without(self, secrets: Iterable[str]) -> ApiError:
        """Return the same error with words that can be shown: cut, and without secrets."""
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
    """404: no object has this id."""

    __module__ = "builtins"
    reason = Reason.NOT_FOUND
