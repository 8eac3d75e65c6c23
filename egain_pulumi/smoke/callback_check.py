"""The callbacks of a stack, called as eGain calls them, from where this runs.

What is posted is one message of a kind that nobody knows, which a recipient drops
(docs/vendor-api.md#deliveries). Tokens are asked for as the authentication says, and never printed.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from ..api.transport import NoReply, Reply, Transport
from ..names import LOOPBACK
from .advice import change
from .callbacks import Caller, Login, delivery, shown, token_at
from .report import Check, Log, Outcome

SECONDS: Final = 5.0
"""What eGain waits for a callback (contract: `hubDelivery`)."""


def check(caller: Caller, transport: Transport) -> Check:
    """One callback: reachable, its TLS fine, fast enough, and careful about who calls."""
    began = time.monotonic()
    log = Log(lambda: time.monotonic() - began)
    _Calls(caller, transport, log).run()
    return Check("callback", caller.name, caller.address, tuple(log.steps))


@dataclass(frozen=True, slots=True)
class _Calls:
    caller: Caller
    transport: Transport
    log: Log

    def run(self) -> None:
        """Step after step; where nobody answers, the others would say nothing more."""
        parts = urlsplit(shown(self.caller.callback))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            self._ended("the callback is no absolute URL", "write https://…")
            return
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            self._ended(
                "the callback is plain http: messages and credentials travel unencrypted",
                "serve it under https",
            )
            return
        login = self.caller.login
        if login is None:
            reply = self._post(None, "no Authorization")
        else:
            reply = self._post(login.wrong, "a wrong Authorization")
        if reply is None:
            return
        if login is None:
            self.log.add(Outcome.NOTE, "the role has no authentication: anybody may post there")
            self._taken(reply, "a message without an Authorization")
            return
        if reply.status == 401:
            self._ok("refuses a wrong Authorization with 401")
        elif reply.status == 200:
            self._ended(
                "the callback took a wrong Authorization: anybody may speak as eGain",
                "let it compare the Authorization, and answer 401 where it is wrong",
            )
        else:
            self._ended(f"the callback answered {reply.status} to a wrong Authorization", _401)
        right = self._right(login)
        if right is not None:
            reply = self._post(right, "the right Authorization")
            if reply is not None:
                self._taken(reply, "the right Authorization")

    def _right(self, login: Login) -> str | None:
        if login.kind == "basic":
            return login.basic
        if login.kind == "oauth2":
            token = self._token(login)
            return None if token is None else f"Bearer {token}"
        self.log.add(
            Outcome.UNSEEN, "the authentication is not this stack's: its secrets are not known here"
        )
        return None

    def _token(self, login: Login) -> str | None:
        given = login.given
        url = str(given.get("token_request_url", ""))
        parts = urlsplit(shown(url))
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            self._ended("the token endpoint is plain http: the secret is not sent", "use https")
            return None
        headers = {str(k): str(v) for k, v in (given.get("headers") or {}).items()}
        body = str(given.get("payload") or "")
        reply = self._call(
            str(given.get("method") or "POST"), url, headers, body, "the token endpoint"
        )
        if reply is None:
            return None
        if reply.status != 200:
            self._ended(f"{login.object.label}: the token endpoint answered {reply.status}")
            return None
        try:
            found = token_at(json.loads(reply.body), str(given.get("access_token_path", "")))
        except (ValueError, RecursionError):
            self._ended("the token endpoint answered with what is no JSON")
            return None
        if found is None or not (found.isascii() and found.isprintable()):
            self._ended("the token endpoint answered without a token at accessTokenPath")
            return None
        self._ok(f"{login.object.label}: a token from {login.address}")
        return found

    def _taken(self, reply: Reply, what: str) -> None:
        if reply.status == 200:
            self._ok(f"takes {what}")
        elif reply.status == 401 and self.caller.login and self.caller.login.kind == "oauth2":
            self._ended("the callback answered 401 also to a new token")
        elif reply.status == 401:
            self._ended("the callback answered 401")
        else:
            self._ended(f"the callback answered {reply.status}, and only 200 counts")

    def _post(self, authorization: str | None, what: str) -> Reply | None:
        headers = {**self.caller.headers, "Content-Type": "application/json"}
        if authorization:
            headers["Authorization"] = authorization
        return self._call(
            "POST", self.caller.callback, headers, json.dumps(delivery()), "the callback", what
        )

    def _call(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: str,
        who: str,
        what: str = "",
    ) -> Reply | None:
        began = time.monotonic()
        try:
            reply = self.transport.send(
                method, url, seconds=SECONDS, headers=headers, content=io.BytesIO(body.encode())
            )
        except UnicodeError:  # of the header's encoding; its text may quote the value
            self._ended(f"{who}: a header has letters that HTTP cannot carry", "write ASCII")
            return None
        except NoReply as none:
            reason = none.reason
            if self._our_part(url, reason):
                self.log.add(Outcome.NOTE, _OURS)
                return None
            if reason in ("it timed out", "connecting timed out"):
                self._late(who)
            else:
                self._ended(f"{who}: {reason}")
            return None
        took = time.monotonic() - began
        if took > SECONDS:  # `requests` counts connecting, and each byte of the headers, anew
            self._late(who)
            return None
        words = f" to {what}" if what else ""
        self._ok(f"{who} answers {reply.status}{words} in {took:.2f} s, {_tls(url)}")
        return reply

    def _our_part(self, url: str, reason: str) -> bool:
        """Whether it is the customer's application that a test plays itself."""
        here = urlsplit(shown(url)).hostname in LOOPBACK
        return self.caller.role == "customer" and here and reason == "nobody listens there"

    def _late(self, who: str) -> None:
        self._ended(f"{who}: did not answer within {SECONDS:g} seconds")

    def _ok(self, what: str) -> None:
        self.log.add(Outcome.OK, what)

    def _ended(self, what: str, advice: str = "") -> None:
        self.log.add(Outcome.ENDED, what, advice or change(what))


_OURS: Final = "nobody listens there now; while it writes, egain-pulumi smoke does"
_401: Final = "answer 401: only then does eGain get a new one when it has expired"


def _tls(url: str) -> str:
    return "its TLS is trusted" if url.startswith("https:") else "plain http on this machine"
