"""The errors of messages and assets: one line each, without credentials or people's texts.

EgainError
├── InDoubt      the message may have been delivered and was not sent again
├── Refused      eGain refused it: nothing was delivered
└── any other    nothing was sent
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..errors import ApiError, ConfigurationError, EgainError, NotFound, TransportError
from ..redaction import redact
from ..text import LONGEST_SENTENCE, one_line

_OVER: Final = "400-630"
"""For a message to a known conversation; observed only (docs/vendor-api.md#error-codes)."""


class Refused(EgainError):
    """eGain refused a call, with its error `code` (`400-143`) and this HTTP `status`.

    `gone`: eGain itself, not a gateway's 404 page, says that no object has this id. `keys` are the
    attributes that eGain names as wrong.
    """

    def __init__(
        self, text: str, code: str, status: int, *, gone: bool = False, keys: Sequence[str] = ()
    ) -> None:
        super().__init__(text)
        self.code, self.status, self.gone, self.keys = code, status, gone, tuple(keys)


class InDoubt(EgainError):
    """eGain may have carried it out; it is not sent again automatically.

    `message_ids` are those of the messages and `conversation` is their destination, which is None
    for a new conversation or an asset.
    """

    def __init__(
        self, text: str, message_ids: Sequence[str] = (), conversation: str | None = None
    ) -> None:
        super().__init__(text)
        self.message_ids, self.conversation = tuple(message_ids), conversation


@dataclass(frozen=True, slots=True)
class Attempt:
    """An operation, described for its errors."""

    verb: str
    """`send`, `read`, …"""
    thing: str
    """`message 96ea…`, `asset "bird.jpg"`, …"""
    client_id: str | None
    scope: str
    """The scope that the vendor requires."""
    secrets: Sequence[str]
    """Texts that no error may repeat: the client's secret and people's texts."""
    in_doubt: str = ""
    """The next step if eGain may have carried it out."""
    hint: str = ""
    """The next step if eGain refuses it, unless scopes or settings are the cause."""
    message_ids: Sequence[str] = ()
    conversation: str | None = None

    def error(self, error: EgainError) -> EgainError:
        """Return an error that names the operation and the next step."""
        if isinstance(error, ApiError):
            return self._refusal(error)
        text = redact(one_line(str(error), LONGEST_SENTENCE), self.secrets).rstrip(".")
        if isinstance(error, TransportError) and error.in_doubt:
            return self.doubt(text)
        text = f"cannot {self.verb} {self.thing}: {text}."
        if isinstance(error, ConfigurationError):
            return ConfigurationError(text)
        if isinstance(error, TransportError):
            if self.verb not in ("read", "delete"):
                text += " Nothing was sent."
            text += f" {error.next_step}"
            return TransportError(text.rstrip(), in_doubt=False)
        return EgainError(text)

    def doubt(self, reason: str) -> InDoubt:
        """Return the error for an operation that eGain may have carried out."""
        text = f"cannot tell what became of {self.thing}: {reason}. {self.in_doubt}"
        return InDoubt(one_line(text, LONGEST_SENTENCE), self.message_ids, self.conversation)

    def _refusal(self, error: ApiError) -> Refused:
        words = redact(error.words, self.secrets)
        what = f"{words.rstrip('.')} {error.call}."
        if error.status >= 500 or error.status == 429:
            text = (
                f"cannot {self.verb} {self.thing}: eGain answered {error.code}: {what} "
                "Try again later; EGAIN_OPERATION_TIMEOUT_SECONDS sets how long calls are retried."
            )
        else:
            start = f"eGain refused to {self.verb} {self.thing} ({error.code}): "
            text = f"{start}{what}{self._next_step(error)}"
        return Refused(
            one_line(text, LONGEST_SENTENCE),
            error.code,
            error.status,
            gone=isinstance(error, NotFound),
            keys=error.keys,
        )

    def _next_step(self, error: ApiError) -> str:
        """Return the next step that eGain's own words do not name."""
        if self.hint:
            return f" {self.hint}"
        if error.status == 403:
            return (
                f' Client "{self.client_id}" lacks scope {self.scope} or may not do this. Add the '
                "scope to the client application in the eGain console."
            )
        if error.status == 401:
            return f" Check EGAIN_CLIENT_ID and EGAIN_SCOPE; the call needs scope {self.scope}."
        if error.code == _OVER:
            return " The conversation has probably ended. Start a new one."
        if error.status == 413:
            return " Send less at once."
        if not error.code.startswith(f"{error.status}-"):  # not an error of eGain's
            return " Check EGAIN_BASE_URL and any proxy."
        return ""
