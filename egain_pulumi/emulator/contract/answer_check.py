"""`--strict`: the check of each answer against the contract before it is sent."""

from __future__ import annotations

import json
from collections.abc import Set

from starlette.responses import Response

from .. import errors
from ..errors import ApiError
from ..settings import Settings
from ..wire import Call
from .document import Contract, Operation
from .shapes import dotted
from .validation import Problem, problems

KEPT = 100
DELIVERY = "/components/schemas/HubDelivery"


class Checker:
    """Replaces an answer that breaks the contract by a 500-999 and records the violation.

    Not checked: a status that a setting selects (412), and answers with an object that was edited
    through the control surface, because such an edit may break any rule.
    """

    def __init__(self, contract: Contract, edited: Set[str], *, strict: bool) -> None:
        """`edited`: the ids of those objects, a set that the tenant updates."""
        self.contract, self.strict = contract, strict
        self._edited = edited
        self.violations: list[str] = []

    def check(
        self,
        operation: Operation,
        call: Call,
        response: Response,
        settings: Settings,
        *,
        configured: bool,
    ) -> Response:
        if not self.strict or not self._edited.isdisjoint(call.notes.get("shown", ())):
            return response
        if configured and response.status_code not in operation.answers:
            return response
        found = self._problems(operation, response, settings)
        if not found:
            return response
        text = f"{call.method} {operation.template} {response.status_code}: {'; '.join(found)}"
        self.record(text)
        return ApiError(
            500, errors.OUTSIDE_CONTRACT, f"The emulator's own answer breaks the contract: {text}"
        ).response()

    def check_delivery(self, body: object, settings: Settings) -> None:
        """Record a delivery that breaks the contract."""
        if not self.strict or settings.validation != "contract":
            return
        found = problems(self.contract.validator(DELIVERY), body)
        if found:
            rules = "; ".join(f"{dotted(p.path) or 'body'} {p.rule}" for p in found)
            self.record(f"delivery: {rules}")

    def record(self, text: str) -> None:
        if len(self.violations) < KEPT:
            self.violations.append(text)

    def _problems(self, operation: Operation, response: Response, settings: Settings) -> list[str]:
        if response.status_code not in operation.answers:
            return [f"status {response.status_code} is not in the contract"]
        pointer = operation.answers[response.status_code]
        if pointer is None:
            return ["a body where the contract has none"] if response.body else []
        if settings.rewrites:
            return []
        body = json.loads(bytes(response.body))
        found = problems(self.contract.validator(pointer), body)
        if settings.secrets_on_read == "absent" or settings.validation != "contract":
            found = [p for p in found if not _expected(p, settings)]
        return [f"{dotted(p.path) or 'body'} {p.rule}" for p in found]


def _expected(problem: Problem, settings: Settings) -> bool:
    """Whether a setting makes the answer break this rule."""
    return settings.validation != "contract" or problem.number == errors.MISSING
