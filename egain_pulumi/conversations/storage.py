"""Upload the bytes of assets to another host, which gets neither our token nor a cookie."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from ..api import outcome
from ..api.limits import Deadline
from ..api.outcome import Outcome
from ..api.retry import attempt_error, call_with_retries
from ..api.settings import Settings
from ..api.transport import RequestFailed, Transport
from ..api.waits import retry_after
from ..errors import TransportError
from ..names import LOOPBACK
from .files import Reader

_LATE: Final = (
    "the upload did not finish within EGAIN_OPERATION_TIMEOUT_SECONDS; raise it, or send a smaller "
    "file"
)


class Storage:
    """Uploads files to signed addresses; thread-safe. Retries only what was certainly not taken."""

    def __init__(self, settings: Settings) -> None:
        self._here = urlsplit(str(settings.base_url)).hostname in LOOPBACK
        # A transport of its own, so that no cookie of eGain's is sent.
        self._transport = Transport(settings.max_concurrency)

    def is_safe(self, url: str) -> bool:
        """Return whether an address uses TLS, or leads from this machine to itself."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            return False
        if parts.scheme == "http":
            return self._here and host in LOOPBACK
        return parts.scheme == "https" and bool(host)

    def upload(self, url: str, reader: Reader, content_type: str, deadline: Deadline) -> None:
        """POST a whole file. Raises ApiError, TransportError and the reader's EgainError."""
        call_with_retries(lambda: self._once(url, reader, content_type, deadline), deadline)

    def _once(self, url: str, reader: Reader, content_type: str, deadline: Deadline) -> None:
        deadline.check("the upload")
        reader.rewind()
        request = outcome.Request("POST", urlsplit(url).hostname or "", str(uuid.uuid4()))
        try:
            response = self._transport.send(
                "POST",
                url,
                # Not egain:requestTimeoutSeconds, which is meant for small requests.
                seconds=deadline.seconds(float("inf")),
                headers={
                    "Accept": "*/*",
                    "Content-Type": content_type,
                    "X-Correlation-Id": request.correlation,
                },
                content=reader,
            )
        except RequestFailed as failed:
            reason = _LATE if failed.code == "timeout" else failed.reason
            step = failed.next_step or "Check the network and any proxy."
            error = TransportError(f"{request.path}: {reason}", in_doubt=False, next_step=step)
            raise attempt_error(outcome.classify("POST", failed.failure), error) from None
        result = outcome.classify("POST", response.status)
        if result is Outcome.SUCCESS:
            return
        refusal = outcome.refusal(request, response.status, response.body)
        wait = retry_after(response.headers, datetime.now(UTC))
        raise attempt_error(result, refusal, wait)
