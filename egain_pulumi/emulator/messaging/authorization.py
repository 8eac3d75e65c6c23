"""The Authorization header of a delivery, made from the role's Authentication.

oauth2: the token is fetched once and kept until the callback answers 401, even if the
Authentication changes (contract, OAuth2CallbackAuth). Tokens are in memory.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections import defaultdict
from typing import Any

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError

from .. import addresses, jsontext
from ..tenant import Tenant
from . import callback
from .bodies import Body, at, objects_at, text_at
from .callback import Limits, Unreachable
from .codes import Code, Reason
from .trail import FAILED, PASSED
from .walk import Undeliverable, Walk

_RFC_9535 = JSONPathEnvironment(strict=True)


class Authorizations:
    """The tokens in use, by authentication."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._tokens: dict[str, str] = {}
        # One conversation fetches a token; the others wait for it.
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def clear(self) -> None:
        """Forget all tokens."""
        self._tokens.clear()
        self._locks.clear()

    async def header(self, role: Body, walk: Walk, limits: Limits) -> str | None:
        """Return the header for a role, None if it has no authentication."""
        if "authentication" not in role:
            walk.note("authorization", PASSED, Reason(Code.NO_AUTHENTICATION))
            return None
        key = text_at(role, "authentication", "id")
        place = Reason(Code.AUTHENTICATION_OF_ROLE)
        body = walk.follow("Authentication", key, place, "authorization")
        if body.get("type") == "basic":
            user, password = at(body, "basicAuth", "username"), at(body, "basicAuth", "password")
            if not isinstance(user, str) or not isinstance(password, str):
                walk.stop("authorization", Reason(Code.BASIC_AUTH_INCOMPLETE))
            return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
        if body.get("type") != "oauth2":
            walk.stop("authorization", Reason(Code.AUTHENTICATION_TYPE_UNKNOWN))
        async with self._locks[key]:
            if key not in self._tokens:
                self._tokens[key] = await _fetch_token(at(body, "oauth2"), walk, limits)
            else:
                walk.note("authorization", PASSED, Reason(Code.TOKEN_REUSED))
            return f"Bearer {self._tokens[key]}"

    def drop(self, role: Body, header: str | None) -> bool:
        """Forget a token that the callback refused, unless it was replaced meanwhile.

        Return whether the next `header` may differ.
        """
        key = text_at(role, "authentication", "id")
        if key not in self._tokens:
            return header is not None and header.startswith("Bearer ")
        if header == f"Bearer {self._tokens[key]}":
            del self._tokens[key]
        return True


async def _fetch_token(oauth2: Any, walk: Walk, limits: Limits) -> str:
    """Fetch a new token."""
    url, method = text_at(oauth2, "tokenRequestUrl"), at(oauth2, "method") or "POST"
    path = text_at(oauth2, "accessTokenPath")
    place = _compile(path)
    if place is None:
        code = Code.TOKEN_PATH_UNUSABLE if path else Code.TOKEN_PATH_NOT_SET
        walk.stop("authorization", Reason(code))
    headers = [(text_at(h, "name"), text_at(h, "value")) for h in objects_at(oauth2, "headers")]
    start = time.perf_counter()
    try:
        answer = await callback.call(
            str(method), url, headers, text_at(oauth2, "payload").encode(), limits
        )
    except Unreachable as problem:
        raise _failure(walk, url, start, problem.reason("the token endpoint")) from None
    if answer.status != 200:
        refused = answer.status in (400, 401, 403)
        code = Code.TOKEN_REFUSED if refused else Code.TOKEN_ENDPOINT_STATUS
        reason = Reason(code, status=answer.status)
        raise _failure(walk, url, start, reason, answer.status)
    try:
        jsontext.parse(answer.body)
    except ValueError:
        raise _failure(walk, url, start, Reason(Code.TOKEN_ANSWER_NOT_JSON), 200) from None
    # The JSON text, not its value: the library parses every text that it is given.
    [token] = place.findall(answer.body.decode()) or [None]
    if not (isinstance(token, str) and token and token.isascii() and token.isprintable()):
        raise _failure(walk, url, start, Reason(Code.TOKEN_NOT_FOUND), 200)
    reason = Reason(Code.TOKEN_FETCHED)
    walk.note("authorization", PASSED, reason, to=addresses.redact(url), status=200, since=start)
    return token


def _compile(path: str) -> JSONPath | None:
    """Compile `accessTokenPath`; return None if it does not name one value."""
    try:
        place = _RFC_9535.compile(path)
    except JSONPathError:
        return None
    if not isinstance(place, JSONPath) or not place.singular_query():
        return None
    # A longer path finds nothing in an answer, and the library recurses once for each step.
    return place if len(place.segments) <= jsontext.DEEPEST else None


def _failure(
    walk: Walk, url: str, start: float, reason: Reason, status: int | None = None
) -> Undeliverable:
    walk.note("authorization", FAILED, reason, to=addresses.redact(url), status=status, since=start)
    return Undeliverable(reason)
