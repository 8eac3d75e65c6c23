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
from ..text import one_line, without
from . import outcome
from .retry import Retryable, Sleep, call_with_retries
from .settings import Settings
from .transport import RequestFailed, Transport

_RENEW_AHEAD: Final = 60.0  # seconds before expiry; a tenth of the lifetime if that is less
_DEFAULT_LIFETIME: Final = 300.0  # seconds, if the answer has none
_VALID: Final = re.compile(r"[!-~]+")  # what a header can carry; wider than RFC 6750


class Token:
    """The token of one scope for all threads of a process. Not printed by `repr`."""

    def __init__(self, settings: Settings, transport: Transport, sleep: Sleep, scope: str) -> None:
        self._settings, self._transport, self._sleep = settings, transport, sleep
        self._scope = scope
        self._lock = threading.Lock()
        self._text: str | None = None
        self._renew_at = 0.0

    def get(self, deadline: float) -> str:
        """Return a token that is not about to expire."""
        with self._lock:
            if self._text is None or time.monotonic() >= self._renew_at:
                self._fetch(deadline)
            return str(self._text)

    def renew(self, refused: str, deadline: float) -> str:
        """Return another token than the refused one. Threads refused together fetch it once."""
        with self._lock:
            if self._text == refused:
                self._fetch(deadline)
            return str(self._text)

    def _fetch(self, deadline: float) -> None:
        answer = call_with_retries(lambda: self._attempt(deadline), deadline, self._sleep)
        text, lifetime = answer.get("access_token"), _seconds(answer.get("expires_in"))
        if not isinstance(text, str) or not _VALID.fullmatch(text):
            raise ConfigurationError(
                f"the answer of {self._settings.token_url} has no access_token; "
                f"check {self._settings.name('token_url')}"
            )
        self._text = text
        self._renew_at = time.monotonic() + lifetime - min(_RENEW_AHEAD, lifetime / 10)

    def _attempt(self, deadline: float) -> dict[str, Any]:
        settings, url = self._settings, str(self._settings.token_url)
        secret = settings.client_secret.get_secret_value() if settings.client_secret else ""
        try:
            response = self._transport.send(
                "POST",
                url,
                seconds=settings.seconds_until(deadline),
                form={
                    "grant_type": "client_credentials",
                    "client_id": settings.client_id or "",
                    "client_secret": secret,
                    "scope": self._scope,
                },
            )
        except RequestFailed as failed:
            raise Retryable(_no_token(url, failed.reason)) from None
        status = response.status
        answer = _parse(response.body)
        if status == 429 or status >= 500:
            wait = outcome.retry_after(response.headers, datetime.now(UTC)) or None
            raise Retryable(_no_token(url, f"it answered {status}"), wait)
        if status != 200 or answer is None:
            raise ConfigurationError(self._refusal(url, status, answer))
        return answer

    def _refusal(self, url: str, status: int, answer: dict[str, Any] | None) -> str:
        if answer is None:
            return f"{url} answered {status} without JSON; check {self._settings.name('token_url')}"
        secret = self._settings.client_secret
        code = str(answer.get("error") or answer.get("code") or status)
        code = one_line(without(code, [secret.get_secret_value()] if secret else []), 60)
        suspects = [self._settings.name(f) for f in ("client_id", "client_secret", "scope")]
        other = self._scope != self._settings.scope
        return (
            f"eGain gave no token to client {self._settings.client_id} ({code})"
            f"{f' for scope {self._scope}' if other else ''}: check {', '.join(suspects)}."
        )


def _no_token(url: str, reason: str) -> TransportError:
    return TransportError(f"no token from {url}: {reason}", in_doubt=False)


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
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
