"""How one operation carries out its steps: creates, updates, replacements, reads, deletes.

In a preview create and update are not called: the checked inputs are the outputs. After
the first failure nothing new begins.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from tests.support.difference import Difference
from tests.support.errors import ProviderError
from tests.support.goal import Goal
from tests.support.provider import Provider
from tests.support.state import Resource, State
from tests.support.steps import Failure, Result, Step
from tests.support.values import UNKNOWN, Properties

T = TypeVar("T")


class Stopped(Exception):
    """The operation has failed elsewhere, or just now; the failure is in the result."""


class Hosts(Protocol):
    """Where the plugin hosts come from: one per provider resource."""

    def provider(self, reference: str) -> Provider:
        """The configured host of a provider resource (`urn::id`)."""

    def configure(self, reference: str, inputs: Properties) -> None:
        """Say what a provider resource is configured with from now on."""


class Execution:
    """The working state of one operation, and the steps that change it."""

    def __init__(self, state: State, hosts: Hosts, *, preview: bool) -> None:
        self.state = state
        self.result = Result()
        self.preview = preview
        self.hosts = hosts
        self._saving = threading.Lock()

    def stop_if_failed(self) -> None:
        """Raise if the operation has failed: nothing new begins then."""
        if self.result.failures:
            raise Stopped

    def fail(self, urn: str, message: str, error: Exception | None = None) -> Stopped:
        """Record a failure; the exception to raise."""
        self.result.failures.append(Failure(urn, message, error))
        return Stopped(message)

    def guarded(self, urn: str, work: Callable[[], T]) -> T:
        """Do something that calls a provider; its failure is recorded and stops the operation."""
        try:
            return work()
        except ProviderError as failure:
            raise self.fail(urn, failure.message, failure) from failure

    def logical(self, goal: Goal, old: Resource | None) -> Resource:
        """A component or the stack: no provider, outputs come later."""
        new = goal.resource(goal.inputs)
        if old is not None:
            new.id, new.outputs = old.id, old.outputs
        self.done("create" if old is None else "same", new, old)
        return new

    def same(self, new: Resource, old: Resource) -> Resource:
        new.id, new.outputs = old.id, old.outputs
        self.done("same", new, old)
        return new

    def create(
        self,
        new: Resource,
        old: Resource | None,
        provider: Provider,
        op: str,
        diff_paths: Difference | None = None,
        replaces: tuple[str, ...] = (),
    ) -> Resource:
        failure = None
        if self.preview:
            new.outputs = dict(new.inputs)
        else:
            try:
                new.id, new.outputs = provider.create(
                    new.urn, new.inputs, new.timeouts.get("create", 0)
                )
            except ProviderError as error:
                if error.init_failed is None:
                    raise  # nothing came of it: the old one stays what it was
                failure = _unfinished(error, new)
                new.id = error.init_failed.id
        if op == "create-replacement" and old is not None and not old.pending_replacement:
            old.delete = True
        self.done(op, new, None, diff_paths, replaces, failure=failure)
        return new

    def update(
        self, new: Resource, old: Resource, provider: Provider, diff_paths: Difference
    ) -> Resource:
        new.id, failure = old.id, None
        if self.preview:
            new.outputs = dict(new.inputs)
        else:
            try:
                new.outputs = provider.update(
                    new.urn,
                    old.id,
                    old.inputs,
                    old.outputs,
                    new.inputs,
                    new.timeouts.get("update", 0),
                )
            except ProviderError as error:
                failure = _unfinished(error, new)
        self.done("update", new, old, diff_paths, failure=failure)
        return new

    def replace(
        self,
        new: Resource,
        old: Resource,
        provider: Provider,
        delete_first: bool,
        diff_paths: Difference,
        replaces: tuple[str, ...],
    ) -> Resource:
        if delete_first or old.pending_replacement:
            if not old.pending_replacement:
                self.delete(old, "delete-replaced", keep=True)
                old.pending_replacement = True
            self.note(Step("replace", new.urn, new.type, old.id, diff_paths, replaces, old, new))
            self.create(new, old, provider, "create-replacement", diff_paths, replaces)
            with self._saving:
                self.state.drop(old)
            return new
        self.create(new, old, provider, "create-replacement", diff_paths, replaces)
        self.note(Step("replace", new.urn, new.type, new.id, diff_paths, replaces, old, new))
        return new

    def read(self, goal: Goal, old: Resource | None, provider: Provider) -> Resource:
        """A `get`: it runs in previews too, unless the id is not known."""
        new = goal.resource(goal.inputs)
        new.external = True
        if goal.id is UNKNOWN:
            new.outputs = {}
        else:
            new.id = goal.id
            found = provider.read(goal.urn, goal.id, goal.inputs, goal.inputs)
            new.id, new.outputs = found.id or goal.id, found.outputs
        if old is not None and not old.external:
            old.delete = True
            old = None
        self.done("read", new, old)
        return new

    def delete(self, old: Resource, op: str = "delete", *, keep: bool = False) -> None:
        """Delete a resource; `keep` leaves it in the state, as the first half of a replacement."""
        self.stop_if_failed()
        if old.protect and op == "delete":
            raise self.fail(old.urn, f'resource "{old.urn}" cannot be deleted: protected')
        calls = old.custom and old.provider and not (old.external or old.retain_on_delete)
        if calls and not self.preview and not old.pending_replacement:
            provider = self.hosts.provider(old.provider)
            timeout = old.timeouts.get("delete", 0)
            self.guarded(
                old.urn,
                lambda: provider.delete(old.urn, old.id, old.inputs, old.outputs, timeout),
            )
        self.note(Step("discard" if old.external else op, old.urn, old.type, old.id, old=old))
        if not keep:
            with self._saving:
                self.state.drop(old)

    def done(
        self,
        op: str,
        new: Resource,
        old: Resource | None,
        diff_paths: Difference | None = None,
        replaces: tuple[str, ...] = (),
        *,
        failure: ProviderError | None = None,
    ) -> None:
        if failure is not None and failure.init_failed is None:
            raise failure
        new.mark_secrets()
        if failure is not None and op == "update" and old is not None:
            # A partial update: what exists was not made with the new inputs.
            new.inputs = dict(old.inputs)
        with self._saving:
            self.state.put(new, old)
        self.note(Step(op, new.urn, new.type, new.id, diff_paths or {}, replaces, old, new))
        if failure is not None:
            reasons = "".join(f"\n\t* {reason}" for reason in new.init_errors)
            count = f"{len(new.init_errors)} error{'s' * (len(new.init_errors) != 1)} occurred:"
            raise self.fail(new.urn, count + reasons, failure)

    def note(self, step: Step) -> None:
        with self._saving:
            self.result.steps.append(step)


def _unfinished(error: ProviderError, new: Resource) -> ProviderError:
    if error.init_failed is not None:
        new.outputs = error.init_failed.properties
        new.init_errors = error.init_failed.reasons
    return error
