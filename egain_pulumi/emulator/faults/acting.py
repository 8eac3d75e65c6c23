"""The effect of each fault on a call."""

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
    """Return the answer to send instead of `response`, None if the fault ended the connection.

    `response` is the API's answer, or a fake success if the call was not carried out.
    """
    options = fault.options
    match fault.action:
        case "status":
            return _status(call, options)
        case "close":
            await wire.abort(reset=options["reset"])
        case "hang":
            return response if await _hang(options, wire, clock) else None
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
    """Apply a fault that changes an answer's content; `again` performs another call."""
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


def fake_success(call: Call) -> Response:
    """Return the answer of a call that succeeds, without carrying it out."""
    if (call.method, call.template) == ("POST", "/conversations/messages"):
        message = {"id": str(uuid.uuid4()), "conversation": {"id": str(uuid.uuid4())}}
        return json_response({"messages": {"message": [message]}}, 202)
    if (call.method, call.template) == ("POST", "/assets"):
        return json_response({"id": str(uuid.uuid4())}, 200)
    return json_response({"id": str(uuid.uuid4())}, 201 if call.method == "POST" else 200)


def continues(fault: Fault) -> bool:
    """Whether the call is carried out after the fault: after a hang that has ended."""
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


async def _hang(options: dict[str, Any], wire: Wire, clock: Clock) -> bool:
    """Wait; return False if the client closed the connection first."""
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
    """Replace a response without a body, such as a 204, by one that can be cut."""
    return response if len(bytes(response.body)) > 1 else json_response({"id": str(uuid.uuid4())})
