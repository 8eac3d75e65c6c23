"""Call the callbacks of a stack as eGain calls them, from this machine.

Each delivery has one message of an unknown kind, which recipients drop
(docs/vendor-api.md#deliveries). Tokens are requested as the authentication says and never printed.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from ..api.transport import RequestFailed, Response, Transport
from ..names import LOOPBACK
from .callbacks import Callback, Login, delivery, public_url, token_at
from .report import Check, Log, Outcome

SECONDS: Final = 5.0
"""How long eGain waits for a callback (contract: `hubDelivery`)."""
_LISTENER: Final = "nothing listens there now; egain-pulumi smoke does while it sends messages"


def check(callback: Callback, transport: Transport) -> Check:
    """Check that a callback answers in time, uses TLS and refuses a wrong Authorization."""
    log = Log()
    _Calls(callback, transport, log).run()
    return Check("callback", callback.name, callback.address, tuple(log.steps))


@dataclass(frozen=True, slots=True)
class _Calls:
    callback: Callback
    transport: Transport
    log: Log

    def run(self) -> None:
        """Make all calls; stop after the first one without an answer."""
        parts = urlsplit(public_url(self.callback.url))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            self.log.fail("callback_not_absolute", "the callback is not an absolute URL")
            return
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            self.log.fail(
                "callback_not_https",
                "the callback is plain http: messages and credentials are sent unencrypted",
            )
            return
        login = self.callback.login
        if login is None:
            reply = self._post(None, "no Authorization")
            if reply is not None:
                self.log.add(Outcome.NOTE, "the role has no authentication: anyone can post there")
                self._check_accepted(reply, "a message without an Authorization")
            return
        reply = self._post(login.wrong, "a wrong Authorization")
        if reply is None:
            return
        if reply.status == 401:
            self._ok("refuses a wrong Authorization with 401")
        elif reply.status == 200:
            self.log.fail(
                "wrong_login_accepted",
                "the callback accepts a wrong Authorization: anyone can pose as eGain",
            )
        else:
            self.log.fail(
                "wrong_login_not_401",
                f"the callback answered {reply.status} to a wrong Authorization",
            )
        right = self._authorization(login)
        if right is not None:
            reply = self._post(right, "the right Authorization")
            if reply is not None:
                self._check_accepted(reply, "the right Authorization")

    def _authorization(self, login: Login) -> str | None:
        if login.kind == "basic":
            return login.basic
        if login.kind == "oauth2":
            token = self._token(login)
            return None if token is None else f"Bearer {token}"
        self.log.add(
            Outcome.UNSEEN,
            "this stack does not know the secrets of the authentication",
        )
        return None

    def _token(self, login: Login) -> str | None:
        given = login.given
        url = str(given.get("token_request_url", ""))
        parts = urlsplit(public_url(url))
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            self.log.fail(
                "token_endpoint_not_https",
                "the token endpoint is plain http: the secret is not sent",
            )
            return None
        headers = {str(k): str(v) for k, v in (given.get("headers") or {}).items()}
        body = str(given.get("payload") or "")
        reply = self._call(
            str(given.get("method") or "POST"), url, headers, body, "the token endpoint"
        )
        if reply is None:
            return None
        if reply.status != 200:
            code = "token_refused" if reply.status in (400, 401, 403) else "token_endpoint_status"
            text = f"{login.object.label}: the token endpoint answered {reply.status}"
            self.log.fail(code, text)
            return None
        try:
            found = token_at(json.loads(reply.body), str(given.get("access_token_path", "")))
        except (ValueError, RecursionError):
            self.log.fail("token_answer_not_json", "the token endpoint's answer is not JSON")
            return None
        if found is None or not (found.isascii() and found.isprintable()):
            self.log.fail(
                "token_not_found", "the token endpoint's answer has no token at accessTokenPath"
            )
            return None
        self._ok(f"{login.object.label}: got a token from {login.address}")
        return found

    def _check_accepted(self, reply: Response, what: str) -> None:
        if reply.status == 200:
            self._ok(f"accepts {what}")
        elif reply.status == 401 and self.callback.login and self.callback.login.kind == "oauth2":
            self.log.fail("new_token_refused", "the callback answered 401 to a new token as well")
        elif reply.status == 401:
            self.log.fail("credentials_refused", "the callback answered 401")
        else:
            code = "callback_status"
            if reply.status == 403:
                code = "callback_forbidden"
            elif 300 <= reply.status < 400:
                code = "callback_redirect"
            self.log.fail(code, f"the callback answered {reply.status} instead of 200")

    def _post(self, authorization: str | None, what: str) -> Response | None:
        headers = {**self.callback.headers, "Content-Type": "application/json"}
        if authorization:
            headers["Authorization"] = authorization
        return self._call(
            "POST", self.callback.url, headers, json.dumps(delivery()), "the callback", what
        )

    def _call(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: str,
        who: str,
        what: str = "",
    ) -> Response | None:
        began = time.monotonic()
        try:
            reply = self.transport.send(
                method, url, seconds=SECONDS, headers=headers, content=io.BytesIO(body.encode())
            )
        except UnicodeError:  # from encoding a header; its text may quote the value
            self.log.fail(
                "header_not_ascii", f"{who}: a header has characters that HTTP cannot carry"
            )
            return None
        except RequestFailed as failed:
            here = urlsplit(public_url(url)).hostname in LOOPBACK
            if failed.code == "connection_refused" and here and self.callback.role == "customer":
                self.log.add(Outcome.NOTE, _LISTENER)
            elif failed.code == "timeout":
                self._fail_late(who)
            else:
                self.log.fail(failed.code, f"{who}: {failed.reason}")
            return None
        took = time.monotonic() - began
        if took > SECONDS:  # `requests` restarts its timeout after connecting and after each byte
            self._fail_late(who)
            return None
        words = f" to {what}" if what else ""
        secure = url.startswith("https:")
        tls = "its certificate is trusted" if secure else "plain http on this machine"
        self._ok(f"{who} answers {reply.status}{words} in {took:.2f} s, {tls}")
        return reply

    def _fail_late(self, who: str) -> None:
        self.log.fail("timeout", f"{who} did not answer within {SECONDS:g} seconds")

    def _ok(self, what: str) -> None:
        self.log.add(Outcome.OK, what)
