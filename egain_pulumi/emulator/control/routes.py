"""The control surface below `/_emulator/`: JSON, for this machine only.

Its answers show no secret without `?secrets=plain`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from .. import jsontext
from ..errors import ApiError, json_response
from ..faults import parsing
from ..gateway import CONTROL_PATH, Gateway
from ..messaging.pages import MessagingPages
from ..tokens import TOKEN_PATH, Client
from . import page
from .objects import ObjectPages

NO_CONTENT = 204


class Control:
    """The routes. A ValueError becomes a 400, a LookupError a 404, with its text."""

    def __init__(self, gateway: Gateway, *, strict: bool) -> None:
        self.gateway, self.strict = gateway, strict
        self.instance = str(uuid.uuid4())
        self._started_with = gateway.settings
        objects = ObjectPages(gateway.api.tenant)
        messaging = MessagingPages(gateway.api.messaging)
        calls = page.Calls(gateway)
        self.app: ASGIApp = Router(
            [
                *page.routes(CONTROL_PATH),
                self._route("/", self.overview),
                self._route("/reset", self.reset, "POST"),
                self._route("/settings", self.settings, "GET", "PATCH"),
                self._route("/clock", self.clock, "GET", "POST"),
                self._route("/log", self.log, "GET", "DELETE"),
                self._route("/faults", self.faults, "GET", "POST", "DELETE"),
                self._route("/faults/{id}", self.fault, "GET", "DELETE"),
                self._route("/clients", self.clients, "GET", "POST"),
                self._route("/clients/{id}", self.client, "DELETE"),
                self._route("/tokens", self.tokens, "DELETE"),
                self._route("/conversations", messaging.conversations),
                self._route("/conversations/{id}", messaging.conversation),
                self._route("/messages", calls.messages, "POST"),
                self._route("/hops", messaging.hops),
                self._route("/undeliverable", messaging.undeliverable),
                self._route("/connections", calls.connections),
                self._route("/objects", objects.everything),
                self._route("/objects/{collection}", objects.collection, "GET", "POST"),
                self._route("/objects/{collection}/{id}", objects.one, "GET", "PATCH", "DELETE"),
            ],
            redirect_slashes=False,
            default=_not_found,
        )

    def _route(
        self, path: str, page: Callable[[str, Request, Any], object], *methods: str
    ) -> Route:
        async def endpoint(request: Request) -> Response:
            raw = await request.body()
            try:
                answer = page(request.method, request, jsontext.parse(raw) if raw else None)
            except ValueError as problem:
                return json_response({"error": str(problem)}, 400)
            except LookupError as problem:
                return json_response({"error": str(problem.args[0])}, 404)
            except ApiError as refused:
                return refused.response()
            if answer is None:
                return Response(status_code=NO_CONTENT)
            return json_response(
                answer, 201 if request.method == "POST" and path in _CREATES else 200
            )

        return Route(CONTROL_PATH + path, endpoint, methods=list(methods) or ["GET"])

    def overview(self, method: str, request: Request, body: Any) -> object:
        gateway = self.gateway
        tenant = gateway.api.tenant
        return {
            "name": "egain-pulumi emulator",
            "instance": self.instance,
            "database": tenant.store.database,
            "generation": tenant.store.generation,
            "strict": self.strict,
            "base_path": gateway.api.contract.base_path,
            "token_path": TOKEN_PATH,
            "now": gateway.clock.stamp(),
            "objects": {name: len(rows) for name, rows in tenant.objects.items()},
            "settings": gateway.settings.as_json(),
            "conversations": len(gateway.api.messaging.conversations.all),
            "deliveries": gateway.api.messaging.deliveries.counts(),
            "faults": len(gateway.faults.all),
            "violations": gateway.api.checker.violations,
        }

    def reset(self, method: str, request: Request, body: Any) -> object:
        """Reset all but settings, clock and clients; with {"settings": true} those too."""
        if body is not None and (not isinstance(body, dict) or set(body) - {"settings"}):
            raise ValueError('the body of reset must be empty or {"settings": true}')
        gateway = self.gateway
        gateway.api.tenant.reset()
        gateway.api.messaging.reset()
        gateway.faults.all.clear()
        gateway.requests.clear()
        gateway.api.checker.violations.clear()
        if body and body.get("settings"):
            gateway.configure(self._started_with)
            gateway.clock.set_offset(0)
            gateway.api.tokens.forget_clients()
        return None

    def settings(self, method: str, request: Request, body: Any) -> object:
        if method == "PATCH":
            self.gateway.configure(self.gateway.settings.apply(body))
        return self.gateway.settings.as_json()

    def clock(self, method: str, request: Request, body: Any) -> object:
        clock = self.gateway.clock
        if method == "POST":
            if not isinstance(body, dict) or len(body) != 1 or set(body) - {"advance", "offset"}:
                raise ValueError('the body must be {"advance": seconds} or {"offset": seconds}')
            [(key, seconds)] = body.items()
            if isinstance(seconds, bool) or not isinstance(seconds, int | float):
                raise ValueError(f"{key} must be a number of seconds")
            offset = seconds + (clock.offset if key == "advance" else 0)
            if abs(offset) > 10**9:
                raise ValueError(f"{key} may move the clock by at most 1,000,000,000 seconds")
            clock.set_offset(offset)
        return {"now": clock.stamp(), "offset": clock.offset}

    def log(self, method: str, request: Request, body: Any) -> object:
        if method == "DELETE":
            self.gateway.requests.clear()
            return None
        since = request.query_params.get("since", "0")
        if not since.isdecimal():
            raise ValueError("since must be the number of a request")
        return self.gateway.requests.as_json(int(since))

    def faults(self, method: str, request: Request, body: Any) -> object:
        faults = self.gateway.faults
        if method == "POST":
            base = self.gateway.api.contract.base_path
            return faults.add(parsing.read(body, base)).as_json()
        if method == "DELETE":
            faults.all.clear()
            return None
        return {"faults": [fault.as_json() for fault in faults.all.values()]}

    def fault(self, method: str, request: Request, body: Any) -> object:
        key, faults = request.path_params["id"], self.gateway.faults.all
        if key not in faults:
            raise LookupError(f"fault {key} does not exist")
        if method == "DELETE":
            del faults[key]
            return None
        return faults[key].as_json()

    def clients(self, method: str, request: Request, body: Any) -> object:
        tokens = self.gateway.api.tokens
        if method == "POST":
            new = body if isinstance(body, dict) else {}
            name, secret = new.get("client_id"), new.get("client_secret")
            scopes = new.get("scopes", sorted(tokens.scopes))
            if not (isinstance(name, str) and name and isinstance(secret, str) and secret):
                raise ValueError("client_id and client_secret must be text that is not empty")
            if not isinstance(scopes, list) or not set(map(str, scopes)) <= tokens.scopes:
                raise ValueError(f"scopes must be a list of {', '.join(sorted(tokens.scopes))}")
            tokens.clients[name] = Client(secret, frozenset(scopes))
        return {"clients": {name: sorted(c.scopes) for name, c in tokens.clients.items()}}

    def client(self, method: str, request: Request, body: Any) -> object:
        key = request.path_params["id"]
        if self.gateway.api.tokens.clients.pop(key, None) is None:
            raise LookupError(f"client {key} does not exist")
        return None

    def tokens(self, method: str, request: Request, body: Any) -> object:
        return {"revoked": self.gateway.api.tokens.revoke()}


_CREATES = ("/faults", "/clients", "/objects/{collection}")


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    text = f"this path does not exist; docs/emulator.md lists what is below {CONTROL_PATH}/"
    await json_response({"error": text}, 404)(scope, receive, send)
