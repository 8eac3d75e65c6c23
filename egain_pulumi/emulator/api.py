"""The operations of the contract: authorize, validate, perform, check the answer.

Checks run in this order: path and method, token, scope, parameters, body, other objects.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import Response

from . import errors, jsontext
from .contract import rewriting, shapes
from .contract.answer_check import Checker
from .contract.document import Contract, Operation
from .contract.parameters import check_parameters
from .contract.validation import Problem, beyond_schema, problems, refusal
from .errors import ApiError, json_response
from .messaging.endpoints import Messaging
from .rules import Noun
from .settings import Settings
from .tenant import Tenant, not_found
from .tokens import Tokens
from .wire import Call

Handler = Callable[[Noun, Operation, Call, Settings], Response]


class Api:
    """Answers calls below the base path, without any network access of its own."""

    def __init__(
        self,
        contract: Contract,
        nouns: Sequence[Noun],
        tenant: Tenant,
        tokens: Tokens,
        checker: Checker,
        messaging: Messaging,
    ) -> None:
        self.messaging = messaging
        self.contract, self.tenant, self.tokens, self.checker = contract, tenant, tokens, checker
        self.shapes = tenant.shapes
        self._verbs: dict[tuple[str, str], tuple[Noun, Handler]] = {}
        for noun in nouns:
            one = noun.path + "/{id}"
            self._verbs["POST", noun.path] = noun, self._create
            self._verbs["GET", noun.path] = noun, self._list
            self._verbs["GET", one] = noun, self._read
            self._verbs["PUT", one] = noun, self._replace
            self._verbs["DELETE", one] = noun, self._delete

    def answer(self, call: Call, settings: Settings) -> Response:
        """Answer a call whose path is in the contract. On return its change is stored."""
        operation = self.contract.operations.get((call.method, str(call.template)))
        if operation is None:
            allowed = [m for m, t in self.contract.operations if t == call.template]
            return ApiError(
                405,
                errors.WRONG_METHOD,
                f"This path accepts {', '.join(allowed)} only.",
                headers={"Allow": ", ".join(allowed)},
            ).response()
        try:
            self._authorize(operation, call)
            response = self.perform(operation, call, settings)
            configured = False
        except ApiError as refused:
            asked = call.headers.get("x-egain-error-message", "").lower() == "yes"
            response = refused.response(user_message=asked)
            configured = refused.configured
        return self.checker.check(operation, call, response, settings, configured=configured)

    def perform(self, operation: Operation, call: Call, settings: Settings) -> Response:
        """Answer a call that is authorized. Raises ApiError."""
        key = call.method, operation.template
        other = self.messaging.operations.get(key)
        if key not in self._verbs and other is None:
            raise ApiError(
                501,
                errors.NOT_BUILT,
                f"The emulator does not offer {operation.name} yet.",
                configured=True,
            )
        try:
            check_parameters(operation, call, paging=settings.paging_parameters)
        except ApiError:
            if 400 in operation.answers:
                raise
            # The vendor's page of deleteAsset lists no 400.
            raise not_found(call.params["id"]) from None
        if other:
            return other(operation, call, settings, self._plain_body)
        noun, handler = self._verbs[key]
        return handler(noun, operation, call, settings)

    def _authorize(self, operation: Operation, call: Call) -> None:
        grant = self.tokens.find_grant(call.headers.get("authorization", ""))
        if grant is None:
            text = "Invalid or missing 'Authorization' header value."
            raise ApiError(401, errors.UNAUTHORIZED, text, headers={"WWW-Authenticate": "Bearer"})
        call.notes["client"] = grant.client
        if operation.scopes and not grant.scopes.intersection(operation.scopes):
            # The vendor's page of createAsset lists no 403.
            known = 403 in operation.answers
            raise ApiError(
                403 if known else 401,
                errors.FORBIDDEN if known else errors.UNAUTHORIZED,
                "Not authorized to perform this action.",
                [("scope", " or ".join(operation.scopes))],
            )

    def _create(self, noun: Noun, operation: Operation, call: Call, settings: Settings) -> Response:
        body = self._body(noun, operation, call, settings)
        key = self.tenant.create(noun, body, settings)
        call.notes["created"] = key
        return json_response({"id": key}, 201)

    def _read(self, noun: Noun, operation: Operation, call: Call, settings: Settings) -> Response:
        key = call.params["id"]
        body = self.tenant.get(noun, key)
        if not self.tenant.hidden.read(key):
            raise not_found(key)
        call.notes["shown"] = [key]
        return json_response(self._view(noun, body, settings))

    def _list(self, noun: Noun, operation: Operation, call: Call, settings: Settings) -> Response:
        query = dict(call.query)
        page = int(query.get("$pagenum", 1))
        size = int(query.get("$pagesize", settings.page_size))
        hidden = self.tenant.hidden
        visible = [
            body
            for body in self.tenant.objects[noun.collection].values()
            if hidden.read(body["id"])
        ]
        rows = visible[(page - 1) * size : page * size]
        call.notes["shown"] = [body["id"] for body in rows]
        call.notes["page"] = page
        answer: dict[str, Any] = {}
        if settings.pagination_info:
            answer["paginationInfo"] = {"count": len(visible), "pagenum": page, "pagesize": size}
        answer[noun.list_key] = [self._view(noun, body, settings) for body in rows]
        return json_response(answer)

    def _replace(
        self, noun: Noun, operation: Operation, call: Call, settings: Settings
    ) -> Response:
        old = self.tenant.get(noun, call.params["id"])
        body = self._body(noun, operation, call, settings)
        if settings.type_immutable and "type" in old and operation.body:
            body["type"] = old["type"]
            # Keep what the old type requires, otherwise the stored object breaks the contract.
            missing = problems(self.contract.validator(operation.body), body)
            kept = [p.path[0] for p in missing if len(p.path) == 1 and p.path[0] in old]
            body.update({str(name): old[name] for name in kept})
        self.tenant.replace(noun, call.params["id"], body, settings)
        return Response(status_code=204)

    def _delete(self, noun: Noun, operation: Operation, call: Call, settings: Settings) -> Response:
        self.tenant.delete(noun, call.params["id"], settings)
        return Response(status_code=204)

    def _body(
        self, noun: Noun, operation: Operation, call: Call, settings: Settings
    ) -> dict[str, Any]:
        """Return the checked body of a noun, with the texts as the tenant stores them."""
        shape = self.shapes[noun.collection]
        body = self._check_body(operation, call, settings, shape)
        stored: dict[str, Any] = rewriting.normalize(shape, body, settings.texts_on_write)
        return stored

    def _plain_body(self, operation: Operation, call: Call, settings: Settings) -> dict[str, Any]:
        """Return a body that only its schema checks."""
        return self._check_body(operation, call, settings, shapes.Shape())

    def _check_body(
        self, operation: Operation, call: Call, settings: Settings, shape: shapes.Shape
    ) -> dict[str, Any]:
        if call.too_large:
            raise ApiError(400, errors.INVALID, "The request body is larger than 4 MiB.")
        kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise ApiError(400, errors.UNREADABLE, "The content type must be application/json.")
        try:
            body = jsontext.parse(call.body)
        except ValueError as problem:
            raise ApiError(400, errors.UNREADABLE, f"Unreadable request body: {problem}.") from None
        if not isinstance(body, dict):
            raise refusal([Problem((), "must be a JSON object")])
        if settings.validation != "off" and operation.body:
            found = problems(self.contract.validator(operation.body, settings.validation), body)
            found += beyond_schema(shape, body)
            if found:
                raise refusal(found)
        return body

    def _view(self, noun: Noun, body: dict[str, Any], settings: Settings) -> Any:
        shape, shown = self.shapes[noun.collection], body
        if settings.unset_on_read == "null":
            shown = rewriting.with_nulls(shape, shown)
        if settings.secrets_on_read != "plain":
            shown = shapes.without_secrets(shape, shown, settings.secrets_on_read)
        return rewriting.as_text(shown) if settings.values_on_read == "text" else shown


def body_of(response: Response) -> Any:
    """Return the JSON of an answer of ours, None without a body."""
    return json.loads(bytes(response.body)) if response.body else None
