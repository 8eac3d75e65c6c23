"""The Authorization header of a delivery, made from the role's Authentication.

oauth2: the token is fetched once and kept until the callback answers 401 (contract,
OAuth2CallbackAuth), also when the Authentication is changed meanwhile. Tokens live in the process.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections import defaultdict
from typing import Any

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError

from .. import jsontext
from ..tenant import Tenant
from . import callback
from .bodies import Body, at, objects_at, shown_url, text_at
from .callback import Limits, Unreachable
from .codes import Code, Reason
from .trail import FAILED, PASSED
from .walk import Undeliverable, Walk

_RFC_9535 = JSONPathEnvironment(strict=True)


class Authorizations:
    """The headers in use, by authentication."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._tokens: dict[str, str] = {}
        # One conversation fetches a token, the others wait for it.
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def clear(self) -> None:
        """Forget every token."""
        self._tokens.clear()
        self._locks.clear()

    async def header(self, role: Body, walk: Walk, limits: Limits) -> str | None:
        """The header for this role, None when the role names no authentication."""
        if "authentication" not in role:
            walk.note("authorization", PASSED, Reason(Code.NO_AUTHENTICATION))
            return None
        key = text_at(role, "authentication", "id")
        place = Reason(Code.AUTHENTICATION_OF_ROLE)
        body = walk.take("Authentication", key, place, "authorization")
        if body.get("type") == "basic":
            user, password = at(body, "basicAuth", "username"), at(body, "basicAuth", "password")
            if not isinstance(user, str) or not isinstance(password, str):
                walk.stop("authorization", Reason(Code.BASIC_AUTH_INCOMPLETE))
            return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
        if body.get("type") != "oauth2":
            walk.stop("authorization", Reason(Code.AUTHENTICATION_TYPE_UNKNOWN))
        async with self._locks[key]:
            if key not in self._tokens:
                self._tokens[key] = await _fetched(at(body, "oauth2"), walk, limits)
            else:
                walk.note("authorization", PASSED, Reason(Code.TOKEN_REUSED))
            return f"Bearer {self._tokens[key]}"

    def refused(self, role: Body, header: str | None) -> bool:
        """The callback answered 401: drop the token, unless another one is there already.

        True if the next `header` may differ.
        """
        key = text_at(role, "authentication", "id")
        if key not in self._tokens:
            return header is not None and header.startswith("Bearer ")
        if header == f"Bearer {self._tokens[key]}":
            del self._tokens[key]
        return True


async def _fetched(oauth2: Any, walk: Walk, limits: Limits) -> str:
    """A new token, as the authentication says."""
    url, method = text_at(oauth2, "tokenRequestUrl"), at(oauth2, "method") or "POST"
    path = text_at(oauth2, "accessTokenPath")
    place = _place(path)
    if place is None:
        code = Code.TOKEN_PATH_UNUSABLE if path else Code.TOKEN_PATH_NOT_SET
        walk.stop("authorization", Reason(code))
    headers = [(text_at(h, "name"), text_at(h, "value")) for h in objects_at(oauth2, "headers")]
    begun = time.perf_counter()
    try:
        answer = await callback.call(
            str(method), url, headers, text_at(oauth2, "payload").encode(), limits
        )
    except Unreachable as problem:
        raise _failed(walk, url, begun, problem.reason("the token endpoint")) from None
    if answer.status != 200:
        refused = answer.status in (400, 401, 403)
        code = Code.TOKEN_REFUSED if refused else Code.TOKEN_ENDPOINT_STATUS
        reason = Reason(code, status=answer.status)
        raise _failed(walk, url, begun, reason, answer.status)
    try:
        jsontext.parse(answer.body)
    except ValueError:
        raise _failed(walk, url, begun, Reason(Code.TOKEN_ANSWER_NOT_JSON), 200) from None
    # The text, not its value: the library takes any text for JSON that is still to be read.
    [token] = place.findall(answer.body.decode()) or [None]
    if not (isinstance(token, str) and token and token.isascii() and token.isprintable()):
        raise _failed(walk, url, begun, Reason(Code.TOKEN_NOT_FOUND), 200)
    reason = Reason(Code.TOKEN_FETCHED)
    walk.note("authorization", PASSED, reason, to=shown_url(url), status=200, since=begun)
    return token


def _place(path: str) -> JSONPath | None:
    """The compiled `accessTokenPath`, None if it does not name one value."""
    try:
        place = _RFC_9535.compile(path)
    except JSONPathError:
        return None
    if not isinstance(place, JSONPath) or not place.singular_query():
        return None
    # A longer path finds nothing in an answer, and the library recurses once for each step.
    return place if len(place.segments) <= jsontext.DEEPEST else None


def _failed(
    walk: Walk, url: str, begun: float, reason: Reason, status: int | None = None
) -> Undeliverable:
    walk.note("authorization", FAILED, reason, to=shown_url(url), status=status, since=begun)
    return Undeliverable(reason)
