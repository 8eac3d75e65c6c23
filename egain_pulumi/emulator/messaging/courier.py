"""One delivery: the callback of a role, with its headers and its Authorization, once.

A message is never posted twice: a lost or late answer is a failed delivery. The one exception is
documented: a callback that answers 401 gets the same message again, with a new header.
"""

from __future__ import annotations

import json
import time

from ..rules import AGENT_DESKTOP
from . import callback
from .authorization import Authorizations
from .bodies import Body, objects_at, shown_url, text_at
from .callback import Limits, Unreachable
from .codes import Code, Reason
from .routing import Target
from .trail import DELIVERED, FAILED, REFUSED
from .walk import Undeliverable, Walk


class Courier:
    """Delivers; raises Undeliverable (or Stopped, by the authentication) when it cannot."""

    def __init__(self, authorizations: Authorizations) -> None:
        self._authorizations = authorizations

    async def deliver(self, walk: Walk, target: Target, payload: Body, limits: Limits) -> None:
        """Returns once the callback has answered 200."""
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
            walk.about("ClientApplication", target.application)
            taken = await _posted(walk, role, header, payload, limits)
            if taken:
                return
            if not self._authorizations.refused(role, header):
                raise Undeliverable(Reason(Code.CREDENTIALS_REFUSED))
        raise Undeliverable(Reason(Code.NEW_TOKEN_REFUSED))


async def _posted(
    walk: Walk, role: Body, header: str | None, payload: Body, limits: Limits
) -> bool:
    """True when the callback took it, False when it refused the Authorization."""
    url = text_at(role, "callback")
    headers = [("Content-Type", "application/json"), ("User-Agent", "egain-pulumi-emulator")]
    headers += [(text_at(h, "name"), text_at(h, "value")) for h in objects_at(role, "headers")]
    if header:
        headers.append(("Authorization", header))
    shown, begun = shown_url(url), time.perf_counter()
    try:
        answer = await callback.call("POST", url, headers, json.dumps(payload).encode(), limits)
    except Unreachable as problem:
        reason = problem.reason("the callback")
        walk.note("deliver", FAILED, reason, to=shown, since=begun)
        raise Undeliverable(reason) from None
    outcome, code = _meaning(answer.status)
    reason = Reason(code, role=role["name"], status=answer.status)
    walk.note("deliver", outcome, reason, to=shown, status=answer.status, since=begun)
    if outcome == FAILED:
        raise Undeliverable(reason)
    return outcome == DELIVERED


def _meaning(status: int) -> tuple[str, Code]:
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
