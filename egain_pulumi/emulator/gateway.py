"""The ASGI application: log, rate limit, latency, faults and headers around each answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import errors, loopback
from .api import Api, body_of
from .clock import Clock
from .errors import ApiError, json_response
from .faults.acting import act, alter, continues, fake_success
from .faults.registry import AFTER, BEFORE, Fault, Faults
from .messaging.assets import DOWNLOAD_PATH, MOST_BYTES, UPLOAD_PATH
from .request_log import CORRELATION_HEADERS, Entry, RequestLog
from .settings import Settings
from .throttle import Throttle
from .tokens import TOKEN_PATH
from .wire import DATABASE_HEADER, MAX_BODY, Call, ClientGone, Wire, query_of, read_body

CONTROL_PATH = "/_emulator"
SIGNED_PATHS = (UPLOAD_PATH, DOWNLOAD_PATH)
# Outside the base path of the API: the rate limit does not count them, and the signed paths need
# no token.
OTHER_PATHS = (TOKEN_PATH, *SIGNED_PATHS)

Answer = Callable[[Call, Settings], Response]


@dataclass
class Gateway:
    """One per process."""

    api: Api
    clock: Clock
    faults: Faults
    requests: RequestLog
    settings: Settings
    control: ASGIApp | None = None

    def configure(self, settings: Settings) -> None:
        """Replace the settings."""
        self.settings = settings
        self.api.messaging.deliveries.configure(settings)

    def __post_init__(self) -> None:
        self.throttle = Throttle(self.clock)
        contract = self.api.contract
        templates = dict.fromkeys(template for _, template in contract.operations)
        # More literal paths first: /conversations/messages before /conversations/{id}.
        self._routes = [
            (Route(contract.base_path + template, self), template)
            for template in sorted(templates, key=lambda text: text.count("{"))
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        send = self._naming(send)
        if loopback.is_foreign(scope):
            await loopback.refusal()(scope, receive, send)
            return
        path = scope["path"]
        if self.control and (path in ("/", CONTROL_PATH) or path.startswith(CONTROL_PATH + "/")):
            await self.control(scope, receive, send)
            return
        start = time.perf_counter()
        call = self._call(scope)
        entry = self._entry(call)
        self.requests.arrive(entry)
        wire = Wire(scope, receive, send)
        try:
            most = MOST_BYTES if call.path == UPLOAD_PATH else MAX_BODY
            body, too_large = await read_body(receive, most)
            call = replace(call, body=body, too_large=too_large)
            response = await self._answer(call, entry, wire)
            if response is not None:
                await self._send(call, entry, wire, response)
        except ClientGone:
            entry.outcome = "client gone"
        finally:
            entry.client = call.notes.get("client")
            self.requests.leave(entry, time.perf_counter() - start)

    def _naming(self, send: Send) -> Send:
        """Return a `send` that adds the database's id to each answer, a fault's too."""
        name = DATABASE_HEADER.encode(), self.api.tenant.store.database.encode()

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start" and self.settings.name_database:
                message = {**message, "headers": [*message.get("headers", ()), name]}
            await send(message)

        return named

    async def _answer(self, call: Call, entry: Entry, wire: Wire) -> Response | None:
        """Return the answer, None if a fault ended the connection."""
        settings = self.settings
        if call.path not in OTHER_PATHS:
            try:
                self.throttle.check(settings)
            except ApiError as refused:
                return refused.response()
        fault = self.faults.take(call, BEFORE)
        if settings.latency:
            await asyncio.sleep(settings.latency)
        if fault:
            entry.fault = fault.id
            response = await self._act(fault, call, fake_success(call), entry, wire)
            if response is None or not continues(fault):
                return response
        # No await until the second `take`: performing a call and hitting it must be atomic.
        response = self._perform(call)
        fault = self.faults.take(call, AFTER) if response.status_code < 400 else None
        if fault is None:
            return response
        entry.fault = fault.id
        response = alter(fault, call, response, self.api.tenant.hidden, self._perform)
        return await self._act(fault, call, response, entry, wire)

    async def _act(
        self, fault: Fault, call: Call, response: Response, entry: Entry, wire: Wire
    ) -> Response | None:
        self._stamp(response)
        answer = await act(fault, call, response, wire, self.clock)
        if answer is None:
            entry.outcome = _OUTCOMES.get(fault.action, "client gone")
        return answer

    def _perform(self, call: Call) -> Response:
        """Return the API's answer; an error of the emulator itself is a 500 that says so."""
        try:
            if call.path == TOKEN_PATH:
                return self.api.tokens.answer(call, self.settings)
            if call.path in SIGNED_PATHS:
                return self.api.messaging.assets.transfer(call)
            if call.template is None:
                return ApiError(
                    404, errors.NO_SUCH_PATH, "No such path in the contract."
                ).response()
            return self.api.answer(call, self.settings)
        except Exception as problem:  # noqa: BLE001 (a bug of ours must not look like eGain's)
            text = f"The emulator itself failed: {_location(problem)}"
            self.api.checker.record(f"{call.method} {call.template}: {text}")
            return ApiError(500, errors.SERVER, text).response()

    async def _send(self, call: Call, entry: Entry, wire: Wire, response: Response) -> None:
        if self.settings.echo_bodies and response.status_code >= 400:
            response = _with_echo(call, response)
        self._stamp(response)
        await wire.reply(response)
        if wire.gone and call.headers.get("connection", "").lower() != "close":
            entry.outcome = "client gone"
        else:
            entry.status, entry.outcome = response.status_code, "answered"

    def _stamp(self, response: Response) -> None:
        response.headers["Date"] = self.clock.http_date()

    def _call(self, scope: Scope) -> Call:
        path = scope["path"]
        template, params = (path, {}) if path in OTHER_PATHS else self._route(scope)
        return Call(
            scope["method"], path, template, params, query_of(scope), Headers(scope=scope), notes={}
        )

    def _route(self, scope: Scope) -> tuple[str | None, dict[str, Any]]:
        for route, template in self._routes:
            match, found = route.matches(scope)
            if match is not Match.NONE:
                return template, found["path_params"]
        return None, {}

    def _entry(self, call: Call) -> Entry:
        names = (call.headers.get(name) for name in CORRELATION_HEADERS)
        known = ("$pagenum", "$pagesize")
        return Entry(
            n=0,
            time=self.clock.stamp(),
            method=call.method,
            path=call.path,
            template=call.template,
            query={name: value for name, value in call.query if name in known},
            in_flight=0,
            user_agent=call.headers.get("user-agent"),
            correlation_id=next((name for name in names if name), None),
        )


_OUTCOMES = {"close": "closed", "truncated": "cut", "big_body": "flooded"}


def _with_echo(call: Call, response: Response) -> Response:
    """Add the request's body to an error (setting `echo_bodies`)."""
    body = body_of(response) if response.headers.get("content-type") == "application/json" else None
    text = call.body.decode("utf-8", errors="replace")
    for key in ("developerMessage", "error_description"):
        if isinstance(body, dict) and key in body:
            body[key] = f"{body[key]} Request body: {text}"
            kept = {k: v for k, v in response.headers.items() if k != "content-length"}
            return json_response(body, response.status_code, kept)
    return response


def _location(problem: Exception) -> str:
    """Return type and line of an exception, without its text, which may quote a body."""
    frame = problem.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else "?"
    return f"{type(problem).__name__} at {place}"
