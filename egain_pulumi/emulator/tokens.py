"""The token endpoint: OAuth 2.0 client credentials
(docs/vendor-api.md#addresses-and-tokens; errors: RFC 6749).
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote_plus

from starlette.responses import Response

from .clock import Clock
from .contract.document import SCOPE_PREFIX
from .errors import json_response
from .settings import Settings
from .wire import Call

LOCAL_ID, LOCAL_SECRET = "local", "local-secret"
TOKEN_PATH = "/oauth2/token"
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True)
class Client:
    secret: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class Grant:
    client: str
    scopes: frozenset[str]
    expires: float


class TokenRefused(Exception):
    """An OAuth error answer: the code of RFC 6749, section 5.2, and a text."""

    def __init__(self, error: str, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.error, self.text, self.status = error, text, status


class Tokens:
    """The clients and their tokens, in memory: a restart forgets them."""

    def __init__(self, clock: Clock, scopes: frozenset[str]) -> None:
        self._clock, self.scopes = clock, scopes
        self.clients: dict[str, Client] = {}
        self._grants: dict[str, Grant] = {}
        self.forget_clients()

    def forget_clients(self) -> None:
        """Remove all clients but the initial one, `local`, with every scope."""
        self.clients = {LOCAL_ID: Client(LOCAL_SECRET, self.scopes)}

    def revoke(self) -> int:
        """Revoke all tokens; return how many there were."""
        count = len(self._grants)
        self._grants.clear()
        return count

    def find_grant(self, authorization: str) -> Grant | None:
        """Return the grant of a token, None if it is missing, unknown or expired."""
        kind, _, token = authorization.partition(" ")
        grant = self._grants.get(token.strip()) if kind.lower() == "bearer" else None
        return grant if grant and grant.expires > self._clock.now() else None

    def answer(self, call: Call, settings: Settings) -> Response:
        """Answer one call of the token endpoint."""
        try:
            return self._issue(call, settings)
        except TokenRefused as refused:
            headers = dict(_NO_STORE)
            if refused.status == 401:
                headers["WWW-Authenticate"] = 'Basic realm="token"'
            body = {"error": refused.error, "error_description": refused.text}
            return json_response(body, refused.status, headers)

    def _issue(self, call: Call, settings: Settings) -> Response:
        if call.method != "POST":
            raise TokenRefused("invalid_request", "The token endpoint accepts POST only.", 405)
        form = _form(call)
        name, secret = _credentials(call, form)
        client = self.clients.get(name)
        if client is None or not secrets.compare_digest(client.secret.encode(), secret.encode()):
            raise TokenRefused("invalid_client", "Unknown client or wrong secret.", 401)
        if form.get("grant_type") != "client_credentials":
            raise TokenRefused("unsupported_grant_type", "Only client_credentials is supported.")
        granted = self._grant_scopes(client, form.get("scope", ""))
        self._drop_expired()
        token = secrets.token_urlsafe(32)
        expires = self._clock.now() + settings.token_lifetime
        self._grants[token] = Grant(name, granted, expires)
        body: dict[str, object] = {"token_type": "Bearer", "access_token": token}
        if settings.send_expires_in:
            body["expires_in"] = settings.token_lifetime
        return json_response(body, headers=_NO_STORE)

    def _grant_scopes(self, client: Client, text: str) -> frozenset[str]:
        """Return the requested scopes that the client has; `.default` requests all of them."""
        wanted = {scope.removeprefix(SCOPE_PREFIX) for scope in text.split()}
        if not wanted:
            raise TokenRefused("invalid_scope", "The scope is missing.")
        unknown = wanted - self.scopes - {".default"}
        if unknown:
            raise TokenRefused("invalid_scope", "A scope is unknown.")
        granted = client.scopes if ".default" in wanted else client.scopes & wanted
        if not granted:
            raise TokenRefused("invalid_scope", "No scope asked for is granted to this client.")
        return granted

    def _drop_expired(self) -> None:
        now = self._clock.now()
        self._grants = {token: g for token, g in self._grants.items() if g.expires > now}


def _form(call: Call) -> dict[str, str]:
    kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise TokenRefused("invalid_request", "The body must be a form (x-www-form-urlencoded).")
    try:
        fields = parse_qs(call.body.decode("utf-8"), keep_blank_values=True)
    except (UnicodeDecodeError, ValueError):
        raise TokenRefused("invalid_request", "The body is not a readable form.") from None
    if any(len(values) > 1 for values in fields.values()):
        raise TokenRefused("invalid_request", "A parameter is given twice.")
    return {name: values[0] for name, values in fields.items()}


def _credentials(call: Call, form: dict[str, str]) -> tuple[str, str]:
    """Return id and secret from the form (vendor) or from HTTP Basic (RFC 6749)."""
    header = call.headers.get("authorization", "")
    if header.lower().startswith("basic "):
        try:
            pair = base64.b64decode(header[6:], validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            raise TokenRefused("invalid_client", "Unreadable Basic header.", 401) from None
        name, _, secret = pair.partition(":")
        return unquote_plus(name), unquote_plus(secret)
    return form.get("client_id", ""), form.get("client_secret", "")
