"""What the engine decides for each registration, and for what was not registered.

Check and Diff run one resource at a time, as in the engine's step generator; creates, updates and
reads run in up to `parallel` slots.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.support import paths
from tests.support.difference import same, top_level
from tests.support.execution import Execution, Hosts, Stopped
from tests.support.goal import Goal
from tests.support.provider import DiffResult, Provider
from tests.support.state import Resource, State
from tests.support.values import Properties, go_text

Action = Callable[[], Resource]


class Deployment(Execution):
    """One `up` or preview: registrations come in, in any number of threads."""

    def __init__(self, state: State, hosts: Hosts, *, preview: bool, parallel: int = 1) -> None:
        super().__init__(state, hosts, preview=preview)
        self.seen: set[str] = set()
        self._before = list(state)
        self._planning = threading.Lock()
        self._parallel = parallel
        self._slots = threading.Semaphore(parallel)

    def register(self, goal: Goal) -> Resource:
        """Bring one resource to its goal; its new state."""
        with self._planning:
            self.stop_if_failed()
            action = self.guarded(goal.urn, lambda: self._plan(goal))
        with self._slots:
            self.stop_if_failed()
            return self.guarded(goal.urn, action)

    def _plan(self, goal: Goal) -> Action:
        if goal.urn in self.seen:
            raise self.fail(
                goal.urn, f"Duplicate resource URN '{goal.urn}'; try giving it a unique name"
            )
        self.seen.add(goal.urn)
        old = self._old(goal)
        if not goal.custom or goal.provider == "":
            return lambda: self.logical(goal, old)
        provider = self.hosts.provider(goal.provider)
        if goal.id:
            return lambda: self.read(goal, old, provider)
        managed = None if old is None or old.external else old
        asked = goal.inputs
        if old is not None:
            asked = paths.ignore(asked, old.inputs, goal.options.ignore_changes)
        new = goal.resource(self._check(goal, provider, managed.inputs if managed else None, asked))
        if old is None:
            return lambda: self.create(new, None, provider, "create")
        if managed is None:
            # A resource that was only read becomes ours: the engine replaces the read one.
            return lambda: self.replace(new, old, provider, False, {}, ())
        diff = provider.diff(goal.urn, old.id, old.inputs, old.outputs, new.inputs)
        diff_paths = diff.paths or {}
        replaces = _replaces(diff, goal.options.replace_on_changes)
        if old.pending_replacement or (diff.changes and replaces):
            if old.protect and goal.options.protect:
                raise self.fail(goal.urn, f'unable to replace resource "{goal.urn}": protected')
            new.inputs = self._check(goal, provider, None, goal.inputs)
            first = diff.delete_before_replace
            if goal.options.delete_before_replace is not None:
                first = goal.options.delete_before_replace
            return lambda: self.replace(new, old, provider, first, diff_paths, replaces)
        if diff.changes or old.init_errors:
            return lambda: self.update(new, old, provider, diff_paths)
        return lambda: self.same(new, old)

    def _old(self, goal: Goal) -> Resource | None:
        for urn in (goal.urn, *goal.options.aliases):
            found = self.state.find(urn)
            if found is not None:
                self.seen.add(urn)
                return found
        return None

    def _check(
        self, goal: Goal, provider: Provider, olds: Properties | None, news: Properties
    ) -> Properties:
        checked = provider.check(goal.urn, olds, news)
        name = goal.urn.rpartition("::")[2]
        for property, reason in checked.failures:
            text = f"{goal.type} resource '{name}'"
            if property:
                text += f": property {property} value {{{go_text(news.get(property))}}}"
            self.fail(goal.urn, f"{text} has a problem: {reason}")
        if checked.failures:
            raise Stopped
        return checked.inputs

    def register_provider(self, goal: Goal) -> Resource:
        """Record a provider resource: its host has no say in it (CheckConfig, DiffConfig: none).

        Its id follows from its URN, so that a preview and the `up` after it can share a host.
        """
        with self._planning:
            self.seen.add(goal.urn)
            old = self.state.find(goal.urn)
            new = goal.resource(goal.inputs)
            new.id = old.id if old is not None else str(uuid.uuid5(uuid.NAMESPACE_URL, goal.urn))
            new.outputs = dict(goal.inputs)
            changed = old is None or not same(old.inputs, new.inputs)
            op = "create" if old is None else "update" if changed else "same"
            self.hosts.configure(f"{new.urn}::{new.id}", new.inputs)
            self.done(op, new, old)
        return new

    def delete_leftovers(self) -> None:
        """Delete what was replaced and what was not registered: users before what they use."""
        left = [r for r in self._before if r.delete or r.urn not in self.seen]
        for layer in _layers(left):
            with ThreadPoolExecutor(self._parallel) as pool:
                futures = [
                    pool.submit(self.delete, old, "delete-replaced" if old.delete else "delete")
                    for old in layer
                ]
            for future in futures:
                future.result()


def _replaces(diff: DiffResult, on_changes: list[str]) -> tuple[str, ...]:
    """The provider's replace keys, and those of `replace_on_changes` that the diff touches."""
    found = dict.fromkeys(diff.replaces)
    wanted = [paths.parse(text) for text in on_changes]
    for path in diff.paths or {}:
        if any(paths.contains(outer, paths.parse(path)) for outer in wanted):
            found |= dict.fromkeys(top_level({path: "update"}))
    return tuple(found)


def _layers(resources: list[Resource]) -> list[list[Resource]]:
    """Layers that may go at once. The engine counts from below: what depends on nothing that is to
    go is the last layer, what depends on that alone the one before, and so on."""
    left, layers = list(resources), list[list[Resource]]()
    while left:
        urns = {r.urn for r in left}
        layer = [r for r in left if not urns & (_needs(r) - {r.urn})] or left
        layers.insert(0, layer[::-1])
        left = [r for r in left if not any(r is each for each in layer)]
    return layers


def _needs(resource: Resource) -> set[str]:
    return {*resource.dependencies, resource.parent, resource.provider.rpartition("::")[0]}
