"""The bearer token: OAuth 2.0 client credentials, fetched once for all threads
(docs/vendor-api.md#addresses-and-tokens).

Renewed ahead of its expiry, and once after a 401; a second 401 is believed.
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
from .retry import Again, Sleep, repeated
from .settings import Settings
from .transport import NoReply, Transport

_AHEAD: Final = 60.0  # seconds before expiry; a tenth of the lifetime if that is less
_BEARER: Final = re.compile(r"[!-~]+")  # what a header can carry: RFC 6750, and some more
_LIFETIME: Final = 300.0  # seconds, where the answer does not say


class Token:
    """One grant of a scope for every thread of a process. Not printed by `repr`."""

    def __init__(
        self, settings: Settings, transport: Transport, sleep: Sleep, scope: str | None = None
    ) -> None:
        self._settings, self._transport, self._sleep = settings, transport, sleep
        self._scope = scope or settings.scope
        self._lock = threading.Lock()
        self._text: str | None = None
        self._good_until = 0.0

    def current(self, deadline: float) -> str:
        """A token that is good for a while yet."""
        with self._lock:
            if self._text is None or time.monotonic() >= self._good_until:
                self._fetch(deadline)
            return str(self._text)

    def renewed(self, refused: str, deadline: float) -> str:
        """A token other than the refused one: threads that were refused together fetch once."""
        with self._lock:
            if self._text == refused:
                self._fetch(deadline)
            return str(self._text)

    def _fetch(self, deadline: float) -> None:
        answer = repeated(self._ask, deadline, deadline=deadline, sleep=self._sleep)
        text, lifetime = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(text, str) or not _BEARER.fullmatch(text):
            raise ConfigurationError(
                f"the answer of {self._settings.token_url} has no access_token; "
                f"check {self._settings.name('token_url')}"
            )
        seconds = _seconds(lifetime)
        self._text = text
        self._good_until = time.monotonic() + seconds - min(_AHEAD, seconds / 10)

    def _ask(self, deadline: float) -> dict[str, Any]:
        settings, url = self._settings, str(self._settings.token_url)
        secret = settings.client_secret.get_secret_value() if settings.client_secret else ""
        try:
            reply = self._transport.send(
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
        except NoReply as none:
            raise Again(_no_token(url, none.reason), None) from None
        status = reply.status
        answer = _object(reply.body)
        if status == 429 or status >= 500:
            wait = outcome.asked_wait(reply.headers, datetime.now(UTC)) or None
            raise Again(_no_token(url, f"it answered {status}"), wait)
        if status != 200 or answer is None:
            raise ConfigurationError(self._refusal(url, status, answer))
        return answer

    def _refusal(self, url: str, status: int, answer: dict[str, Any] | None) -> str:
        if answer is None:
            return f"{url} answered {status} without JSON; check {self._settings.name('token_url')}"
        secret = self._settings.client_secret
        said = str(answer.get("error") or answer.get("code") or status)
        said = one_line(without(said, [secret.get_secret_value()] if secret else []), 60)
        suspects = [self._settings.name(f) for f in ("client_id", "client_secret", "scope")]
        other = self._scope != self._settings.scope
        return (
            f"eGain gave no token to client {self._settings.client_id} ({said})"
            f"{f' for scope {self._scope}' if other else ''}: check {', '.join(suspects)}."
        )


def _no_token(url: str, reason: str) -> TransportError:
    return TransportError(f"no token from {url}: {reason}", in_doubt=False)


def _seconds(lifetime: Any) -> float:
    # Some servers send the number as text.
    try:
        seconds = float(lifetime)
    except (TypeError, ValueError, OverflowError):
        return _LIFETIME
    return seconds if 0 < seconds < 10**9 else _LIFETIME


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
