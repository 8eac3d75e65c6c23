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
from .routing import Target
from .trail import DELIVERED, FAILED, REFUSED
from .walk import Undeliverable, Walk

UNAUTHORISED, TAKEN = 401, 200


class Courier:
    """Delivers; raises Undeliverable (or Stopped, by the authentication) when it cannot."""

    def __init__(self, authorizations: Authorizations) -> None:
        self._authorizations = authorizations

    async def deliver(self, walk: Walk, target: Target, payload: Body, limits: Limits) -> None:
        """Returns once the callback has answered 200."""
        role = target.role
        if role.get("callback") == AGENT_DESKTOP:
            walk.note("deliver", DELIVERED, "taken by eGain's own agent desktop")
            return
        if role.get("version") != "v3":
            why = "only role version v3 is delivered: the payload of others is not documented"
            walk.note("deliver", FAILED, why)
            raise Undeliverable(why)
        for _ in range(2):
            header = await self._authorizations.header(role, walk, limits)
            walk.about("ClientApplication", target.application)
            taken = await _posted(walk, role, header, payload, limits)
            if taken:
                return
            if not self._authorizations.refused(role, header):
                raise Undeliverable("the callback answered 401")
        raise Undeliverable("the callback answered 401 also to a new token")


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
        why = f"the callback {problem}"
        walk.note("deliver", FAILED, why, to=shown, since=begun)
        raise Undeliverable(why) from None
    status = answer.status
    if status == TAKEN:
        outcome, why = DELIVERED, f"the callback of the role {role['name']} took it"
    elif status == UNAUTHORISED:
        outcome, why = REFUSED, "the callback refused the Authorization"
    elif 300 <= status < 400:
        outcome, why = FAILED, f"the callback answered {status}: redirects are not followed"
    else:
        outcome, why = FAILED, f"the callback answered {status}, and only 200 counts"
    walk.note("deliver", outcome, why, to=shown, status=status, since=begun)
    if outcome == FAILED:
        raise Undeliverable(why)
    return outcome == DELIVERED
