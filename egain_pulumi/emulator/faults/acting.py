"""What each fault does to one call."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from ..clock import Clock
from ..errors import json_response
from ..tokens import TOKEN_PATH
from ..visibility import Visibility
from ..wire import Call, Wire
from .registry import AFTER, Fault

HTML = (
    "<!DOCTYPE html><html><head><title>Gateway</title></head>"
    "<body><h1>The service is being looked after</h1></body></html>"
)


async def act(
    fault: Fault,
    call: Call,
    response: Response,
    wire: Wire,
    clock: Clock,
) -> Response | None:
    """The answer to send instead of `response`, or None when this was the end of the connection.

    `response` is what the API answered, or for a fault before any change a made-up success.
    """
    options = fault.options
    match fault.action:
        case "status":
            return _status(call, options)
        case "close":
            await wire.abort(reset=options["reset"])
        case "hang":
            return response if await _hung(options, wire, clock) else None
        case "html":
            return Response(HTML, options["status"], media_type="text/html")
        case "empty":
            return Response(b"", options["status"], media_type="application/json")
        case "redirect":
            return Response(b"", options["status"], {"Location": options["location"]})
        case "big_body":
            await wire.stream(json_response({}, options["status"]), options["bytes"])
        case "truncated":
            await wire.cut(_with_body(response))
        case "invalid_json":
            whole = _with_body(response)
            half = bytes(whole.body)[: len(bytes(whole.body)) // 2]
            return Response(half, whole.status_code, media_type="application/json")
        case "wrong_content_type":
            return Response(
                response.body,
                response.status_code,
                {"Content-Type": options["content_type"]} if response.body else None,
            )
        case _:
            return response
    return None


def alter(
    fault: Fault,
    call: Call,
    response: Response,
    hidden: Visibility,
    again: Callable[[Call], Response],
) -> Response:
    """Faults that keep the answer's form but not its truth; `again` asks the API once more."""
    if fault.action == "late_visibility":
        key = call.notes.get("created")
        if key:
            hidden.hide(key, fault.options["seconds"], fault.options["reads"])
        return response
    if fault.action not in ("short_list", "repeat_page", "duplicate_ids"):
        return response
    if fault.action == "repeat_page":
        asked = dict(call.query)
        response = again(call.with_query(**{**asked, "$pagenum": "1"}))
        body = json.loads(bytes(response.body))
        if "paginationInfo" in body and "$pagenum" in asked:
            body["paginationInfo"]["pagenum"] = int(asked["$pagenum"])
        return json_response(body, response.status_code)
    body = json.loads(bytes(response.body)) if response.body else {}
    for rows in (value for value in body.values() if isinstance(value, list)):
        if fault.action == "short_list":
            del rows[max(0, len(rows) - fault.options["missing"]) :]
        elif rows:
            rows.append(rows[0])
    return json_response(body, response.status_code)


def made_up(call: Call) -> Response:
    """The success that a broken server pretends, where the call itself was never carried out."""
    if (call.method, call.template) == ("POST", "/conversations/messages"):
        message = {"id": str(uuid.uuid4()), "conversation": {"id": str(uuid.uuid4())}}
        return json_response({"messages": {"message": [message]}}, 202)
    if (call.method, call.template) == ("POST", "/assets"):
        return json_response({"id": str(uuid.uuid4())}, 200)
    return json_response({"id": str(uuid.uuid4())}, 201 if call.method == "POST" else 200)


def needs_answer(fault: Fault) -> bool:
    """Whether, after the fault, the call goes on as if nothing had been (a hang that ended)."""
    return fault.action == "hang" and fault.when != AFTER


def _status(call: Call, options: dict[str, Any]) -> Response:
    status, body = options["status"], options["body"]
    headers = {str(key): str(value) for key, value in options["headers"].items()}
    if body is None and status >= 400:
        body = (
            {
                "code": f"{status}-100",
                "developerMessage": "Failure made by a fault of the emulator.",
            }
            if call.path != TOKEN_PATH
            else {"error": "temporarily_unavailable"}
        )
    if body is None or status in (204, 304):
        return Response(b"", status, headers)
    if isinstance(body, str):
        return Response(body, status, headers)
    return json_response(body, status, headers)


async def _hung(options: dict[str, Any], wire: Wire, clock: Clock) -> bool:
    """Wait; False when the client gave up first."""
    seconds = options["seconds"]
    wait = asyncio.sleep(seconds) if options["clock"] == "real" else clock.sleep(seconds)
    over, left = asyncio.ensure_future(wait), asyncio.ensure_future(wire.until_gone())
    try:
        await asyncio.wait((over, left), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (over, left):
            task.cancel()
    return not wire.gone


def _with_body(response: Response) -> Response:
    """A 204 has nothing to cut; an object then stands in for it."""
    return response if len(bytes(response.body)) > 1 else json_response({"id": str(uuid.uuid4())})
