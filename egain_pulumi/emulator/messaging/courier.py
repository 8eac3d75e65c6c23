"""One delivery: a POST to the callback of a role, with its headers and its Authorization.

No message is posted twice: after a lost or late answer the delivery has failed. The exception is
documented: after a 401 the same message is posted once more, with a new header.
"""

from __future__ import annotations

import json
import time

from .. import addresses
from ..rules import AGENT_DESKTOP
from . import callback
from .authorization import Authorizations
from .bodies import Body, objects_at, text_at
from .callback import Limits, Unreachable
from .codes import Code, Reason
from .routing import Target
from .trail import DELIVERED, FAILED, REFUSED
from .walk import Undeliverable, Walk


class Courier:
    """Delivers messages to callbacks."""

    def __init__(self, authorizations: Authorizations) -> None:
        self._authorizations = authorizations

    async def deliver(self, walk: Walk, target: Target, payload: Body, limits: Limits) -> None:
        """Deliver a message, or raise Undeliverable, or Stopped by the authentication."""
        role = target.role
        if role.get("callback") == AGENT_DESKTOP:
            walk.note("deliver", DELIVERED, Reason(Code.DELIVERED_TO_DESKTOP))
            return
        if role.get("version") != "v3":
            reason = Reason(Code.ROLE_VERSION_UNKNOWN)
            walk.note("deliver", FAILED, reason)
            raise Undeliverable(reason)
        for _ in range(2):
            header = await self._authorizations.header(role, walk, limits)
            walk.focus("ClientApplication", target.application)
            if await _post(walk, role, header, payload, limits):
                return
            if not self._authorizations.drop(role, header):
                raise Undeliverable(Reason(Code.CREDENTIALS_REFUSED))
        raise Undeliverable(Reason(Code.NEW_TOKEN_REFUSED))


async def _post(walk: Walk, role: Body, header: str | None, payload: Body, limits: Limits) -> bool:
    """Return True after a 200, False after a 401; otherwise raise Undeliverable."""
    url = text_at(role, "callback")
    headers = [("Content-Type", "application/json"), ("User-Agent", "egain-pulumi-emulator")]
    headers += [(text_at(h, "name"), text_at(h, "value")) for h in objects_at(role, "headers")]
    if header:
        headers.append(("Authorization", header))
    shown, start = addresses.redact(url), time.perf_counter()
    try:
        answer = await callback.call("POST", url, headers, json.dumps(payload).encode(), limits)
    except Unreachable as problem:
        reason = problem.reason("the callback")
        walk.note("deliver", FAILED, reason, to=shown, since=start)
        raise Undeliverable(reason) from None
    outcome, code = _meaning(answer.status)
    reason = Reason(code, role=role["name"], status=answer.status)
    walk.note("deliver", outcome, reason, to=shown, status=answer.status, since=start)
    if outcome == FAILED:
        raise Undeliverable(reason)
    return outcome == DELIVERED


def _meaning(status: int) -> tuple[str, Code]:
    """Return the outcome of an answer and its code."""
    match status:
        case 200:
            return DELIVERED, Code.DELIVERED
        case 401:
            return REFUSED, Code.CALLBACK_UNAUTHORIZED
        case 403:
            return FAILED, Code.CALLBACK_FORBIDDEN
        case _ if 300 <= status < 400:
            return FAILED, Code.CALLBACK_REDIRECT
        case _:
            return FAILED, Code.CALLBACK_STATUS
