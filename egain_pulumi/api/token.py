"""The bearer token: OAuth 2.0 client credentials, fetched once for all threads
(docs/vendor-api.md#addresses-and-tokens).

It is renewed before it expires, and once after a 401. A second 401 is an error.
"""

from __future__ import annotations

import json
import re
import threading
import time
from datetime import UTC, datetime
from typing import Any, Final

from ..errors import ConfigurationError, TransportError
from ..redaction import redact
from ..text import one_line
from . import outcome
from .limits import Deadline
from .outcome import Failure
from .retry import Retryable, call_with_retries
from .settings import Settings
from .transport import RequestFailed, Transport
from .waits import retry_after

_RENEW_AHEAD: Final = 60.0  # seconds before expiry; a tenth of the lifetime if that is less
_DEFAULT_LIFETIME: Final = 300.0  # seconds, if the answer has none
_VALID: Final = re.compile(r"[!-~]+")  # what a header can carry; wider than RFC 6750
_LONGEST: Final = 2**14  # characters; no server takes longer headers
_MAX_ANSWER: Final = 2**16  # bytes
_CALL: Final = "the request for a token"


class Token:
    """The token of one scope for all threads of a process. Not printed by `repr`."""

    def __init__(self, settings: Settings, transport: Transport, scope: str) -> None:
        self._settings, self._transport, self._scope = settings, transport, scope
        self._lock = threading.Lock()
        self._text: str | None = None
        self._renew_at = 0.0

    def get(self, deadline: Deadline) -> str:
        """Return a token that is not about to expire."""
        with deadline.hold(self._lock, _CALL):
            if self._text is None or time.monotonic() >= self._renew_at:
                self._fetch(deadline)
            return str(self._text)

    def renew(self, refused: str, deadline: Deadline) -> str:
        """Return another token than the refused one. Threads refused together fetch it once."""
        with deadline.hold(self._lock, _CALL):
            if self._text == refused:
                self._fetch(deadline)
            return str(self._text)

    def _fetch(self, deadline: Deadline) -> None:
        answer = call_with_retries(lambda: self._attempt(deadline), deadline)
        text, lifetime = answer.get("access_token"), _seconds(answer.get("expires_in"))
        if not isinstance(text, str) or not _VALID.fullmatch(text):
            raise self._wrong(f"the answer of {self._settings.token_url} has no access_token")
        if len(text) > _LONGEST:
            raise self._wrong(
                f"the token of {self._settings.token_url} has {len(text):,} characters; servers "
                f"take at most {_LONGEST:,}"
            )
        self._text = text
        self._renew_at = time.monotonic() + lifetime - min(_RENEW_AHEAD, lifetime / 10)

    def _wrong(self, text: str) -> ConfigurationError:
        return ConfigurationError(f"{text}; check {self._settings.name('token_url')}")

    def _attempt(self, deadline: Deadline) -> dict[str, Any]:
        settings, url = self._settings, str(self._settings.token_url)
        deadline.check(_CALL)
        secret = settings.client_secret.get_secret_value() if settings.client_secret else ""
        try:
            response = self._transport.send(
                "POST",
                url,
                seconds=deadline.seconds(settings.request_timeout_seconds),
                largest=_MAX_ANSWER,
                form={
                    "grant_type": "client_credentials",
                    "client_id": settings.client_id or "",
                    "client_secret": secret,
                    "scope": self._scope,
                },
            )
        except RequestFailed as failed:
            if failed.code == "answer_too_large":
                raise self._wrong(f"no token from {url}: {failed.reason}") from None
            final = failed.failure is Failure.UNUSABLE
            error = self._no_token(failed.reason, failed.next_step, final=final)
            raise (error if final else Retryable(error)) from None
        status = response.status
        answer = _parse(response.body)
        if status == 429 or status >= 500:
            wait = retry_after(response.headers, datetime.now(UTC)) or None
            raise Retryable(self._no_token(f"it answered {status}"), wait)
        if status != 200 or answer is None:
            raise ConfigurationError(self._refusal(url, status, answer))
        return answer

    def _no_token(self, reason: str, next_step: str = "", *, final: bool = False) -> TransportError:
        settings = self._settings
        return TransportError(
            f"no token from {settings.token_url}: {reason}",
            in_doubt=False,
            next_step=next_step or settings.advice("token_url", final=final),
        )

    def _refusal(self, url: str, status: int, answer: dict[str, Any] | None) -> str:
        if answer is None:
            return f"{url} answered {status} without JSON; check {self._settings.name('token_url')}"
        secret = self._settings.client_secret
        code = outcome.text_of(answer.get("error") or answer.get("code")) or str(status)
        code = redact(one_line(code, 60), [secret.get_secret_value()] if secret else [])
        suspects = [self._settings.name(f) for f in ("client_id", "client_secret", "scope")]
        other = self._scope != self._settings.scope
        return (
            f"eGain gave no token to client {self._settings.client_id} ({code})"
            f"{f' for scope {self._scope}' if other else ''}: check {', '.join(suspects)}."
        )


def _seconds(lifetime: Any) -> float:
    # Some servers send the number as text.
    try:
        seconds = float(lifetime)
    except (TypeError, ValueError, OverflowError):
        return _DEFAULT_LIFETIME
    return seconds if 0 < seconds < 10**9 else _DEFAULT_LIFETIME


def _parse(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
