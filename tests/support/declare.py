"""Runs resources that were declared without a program: in order of their references."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from tests.support.deployment import Deployment
from tests.support.execution import Stopped
from tests.support.goal import Declared, Goal, resolved_id
from tests.support.state import Resource

if TYPE_CHECKING:
    from tests.support.engine import Engine


class DeclaredProgram:
    """A list of declared resources as something that an engine can run."""

    def __init__(self, declared: Sequence[Declared]) -> None:
        self._declared = _ordered(declared)

    def run(self, engine: Engine, deployment: Deployment, parallel: int) -> None:
        """Register every resource once what it refers to is there."""
        reference = engine.default_provider(deployment)
        known: dict[str, Future[Resource]] = {}

        def register(declared: Declared) -> Resource:
            values = {name: known[name].result() for name in declared.needs()}
            goal = Goal(
                urn=engine.urn(declared.type, declared.name),
                type=declared.type,
                inputs=declared.program_inputs(values),
                provider=reference,
                id=resolved_id(declared, values),
                dependencies=[resource.urn for resource in values.values()],
                options=declared.options,
            )
            return deployment.register(goal)

        # One thread is one after the other; otherwise each waits for what it refers to.
        threads = 1 if parallel == 1 else max(1, len(self._declared))
        with ThreadPoolExecutor(threads) as pool:
            for declared in self._declared:
                known[declared.name] = pool.submit(register, declared)
        for future in known.values():
            error = future.exception()
            if error is not None and not isinstance(error, Stopped):
                raise error


def _ordered(declared: Sequence[Declared]) -> list[Declared]:
    by_name = {each.name: each for each in declared}
    if len(by_name) != len(declared):
        raise ValueError("declared resources need names of their own")
    ordered: list[Declared] = []

    def visit(each: Declared, above: tuple[str, ...]) -> None:
        if each.name in above:
            raise ValueError(f"{each.name} refers to itself")
        for name in each.needs():
            visit(by_name[name], (*above, each.name))
        if each not in ordered:
            ordered.append(each)

    for each in declared:
        visit(each, ())
    return ordered
