"""What can go wrong with a message or an asset, in one line that repeats nobody's words.

EgainError
├── InDoubt      the message may have been delivered, and was not sent again
├── Refused      eGain answered and said no: nothing was delivered
└── any other    nothing was sent
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..errors import ApiError, ConfigurationError, EgainError, NotFound, TransportError
from ..text import LONGEST_SENTENCE, one_line, without

_OVER: Final = "400-630"
"""Observed only (docs/vendor-api.md#error-codes): on a message to a known conversation."""


class Refused(EgainError):
    """eGain said no, in its own `code` (`400-143`), with this HTTP `status`.

    `gone`: there is nothing with that id, by eGain's own word (and not by a gateway's 404 page).
    """

    def __init__(self, text: str, code: str, status: int, *, gone: bool = False) -> None:
        super().__init__(text)
        self.code, self.status, self.gone = code, status, gone


class InDoubt(EgainError):
    """It may have been carried out, and is not sent again by itself.

    For messages `message_ids` are those that were sent, `conversation` where they went to; it is
    None where a new one was to begin, or where no message was sent.
    """

    def __init__(
        self, text: str, message_ids: Sequence[str] = (), conversation: str | None = None
    ) -> None:
        super().__init__(text)
        self.message_ids, self.conversation = tuple(message_ids), conversation


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is being done, for the error that may come of it."""

    verb: str
    """`send`, `read`, …"""
    thing: str
    """`message 96ea…`, `asset "bird.jpg"`, …"""
    client_id: str | None
    scope: str
    """The one that the vendor wants for it."""
    secrets: Sequence[str]
    """What no error may repeat: the client's secret, and what people have written."""
    in_doubt: str = ""
    """What to say where it may have been carried out."""
    hint: str = ""
    """What to do where it is refused, if that is not a matter of scopes and settings."""
    message_ids: Sequence[str] = ()
    conversation: str | None = None

    def failed(self, error: EgainError) -> EgainError:
        """The error as it is shown."""
        if isinstance(error, ApiError):
            return self._refused(error.without(self.secrets))
        text = one_line(without(str(error), self.secrets), LONGEST_SENTENCE).rstrip(".")
        if isinstance(error, TransportError) and error.in_doubt:
            return self.doubted(text)
        if isinstance(error, ConfigurationError):
            return ConfigurationError(f"cannot {self.verb} {self.thing}: {text}.")
        if isinstance(error, TransportError):
            again = "" if self.verb in ("read", "delete") else " Nothing was sent."
            again += (
                " Try again; if it still fails, check the network, any proxy and EGAIN_BASE_URL."
            )
            return TransportError(
                f"cannot {self.verb} {self.thing}: {text}.{again}", in_doubt=False
            )
        return EgainError(f"cannot {self.verb} {self.thing}: {text}.")

    def doubted(self, reason: str) -> InDoubt:
        """The error of something that may have been carried out, for a reason."""
        return InDoubt(
            one_line(
                f"cannot tell what became of {self.thing}: {reason}. {self.in_doubt}",
                LONGEST_SENTENCE,
            ),
            self.message_ids,
            self.conversation,
        )

    def _refused(self, error: ApiError) -> Refused:
        call = f"({error.method} {error.path}, correlation id {error.correlation})"
        words = error.words.rstrip(".")
        if error.status >= 500 or error.status == 429:
            text = (
                f"cannot {self.verb} {self.thing}: eGain answered {error.code}: {words} {call}. "
                "Try again later; EGAIN_OPERATION_TIMEOUT_SECONDS sets how long calls are retried."
            )
        else:
            text = (
                f"eGain refused to {self.verb} {self.thing} ({error.code}): {words} {call}."
                f"{self._next_step(error)}"
            )
        gone = isinstance(error, NotFound)
        return Refused(one_line(text, LONGEST_SENTENCE), error.code, error.status, gone=gone)

    def _next_step(self, error: ApiError) -> str:
        """What to do where eGain's own words cannot say it."""
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
        if not error.code.startswith(f"{error.status}-"):  # the words are ours: no error of eGain's
            return " Check EGAIN_BASE_URL and any proxy."
        return ""
