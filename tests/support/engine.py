"""A small, honest engine: the real plugin host, the real wire, the engine's rules.

    with Engine(cwd=tmp_path, config={"egain:baseUrl": url}) as engine:
        engine.up([Declared("pulumi-python:dynamic/egain:Channel", "chat", ChannelProvider, {...})])
        assert engine.refresh().changes == {}

Unlike the CLI, `up` is not preceded by a preview, and the hosts stay between operations until
`restart`. Not modelled: targets, policies, plans, hooks, `import_`, the deletion of dependants
before a delete-first replacement, provider configuration that is unknown in a preview.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from tests.support.declare import DeclaredProgram
from tests.support.deployment import Deployment
from tests.support.execution import Execution, Stopped
from tests.support.goal import Declared, Goal
from tests.support.host import EngineService, LogLine
from tests.support.hosts import HostPool
from tests.support.provider import Provider
from tests.support.refresh import refresh
from tests.support.state import State, is_provider, make_urn
from tests.support.steps import DeploymentError, Result
from tests.support.values import Properties, Secret, normalise

PROVIDER_TYPE = "pulumi:providers:pulumi-python"


class Runnable(Protocol):
    """Something that registers resources: declared ones, or a program in its own process."""

    def run(self, engine: Engine, deployment: Deployment, parallel: int) -> None:
        """Register everything; raise `Stopped` once something has failed."""


class Engine:
    """State, plugin hosts and operations of one stack."""

    def __init__(
        self,
        *,
        cwd: Path,
        config: Mapping[str, Any] | None = None,
        env: Mapping[str, str] | None = None,
        project: str = "conversation-hub",
        stack: str = "test",
        python: str = sys.executable,
    ) -> None:
        """`env` is added to the few variables of hosts and programs; `python` runs both, so that
        another version of the SDK can be tried."""
        self.cwd = cwd
        self.project = project
        self.stack = stack
        self.config: dict[str, Any] = dict(config or {})
        """The stack's configuration, all namespaces, texts (objects as JSON) or `Secret` texts.
        As with the CLI, refresh and destroy use what it was at the last `up`."""
        self.state = State()
        self.service = EngineService()
        self.hosts = HostPool(self.service, cwd=cwd, env=env or {}, project=project, python=python)

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.stop()

    def up(
        self,
        program: Runnable | Sequence[Declared],
        *,
        check: bool = True,
        parallel: int = 1,
        refresh: bool = False,
    ) -> Result:
        """Bring everything to what the program says; with `check`, a failure raises."""
        return self._run(program, self.state, check, parallel, refresh, preview=False)

    def preview(
        self,
        program: Runnable | Sequence[Declared],
        *,
        check: bool = True,
        parallel: int = 1,
        refresh: bool = False,
    ) -> Result:
        """What `up` would do; the state stays as it is."""
        return self._run(program, self.state.copy(), check, parallel, refresh, preview=True)

    def refresh(self, *, check: bool = True, preview: bool = False) -> Result:
        """Take what is really there into the state (with `preview`, only show it).

        By new hosts, as each CLI command has them: what an old one has listed may be outdated.
        """
        self.restart()
        execution = Execution(self._loaded(preview), self.hosts, preview=preview)
        self._guard(execution, lambda: refresh(execution))
        return _finished(execution.result, check)

    def destroy(self, *, check: bool = True, preview: bool = False, parallel: int = 1) -> Result:
        """Delete everything in the state."""
        deployment = Deployment(
            self._loaded(preview), self.hosts, preview=preview, parallel=parallel
        )
        self._guard(deployment, deployment.delete_leftovers)
        return _finished(deployment.result, check)

    def urn(self, type: str, name: str) -> str:
        """The URN of a resource of this stack."""
        return make_urn(self.stack, self.project, type, name)

    @property
    def provider(self) -> Provider:
        """The configured default host, for tests that make single calls."""
        deployment = Deployment(self.state.copy(), self.hosts, preview=True)
        return self.hosts.provider(self.default_provider(deployment))

    def default_provider(self, deployment: Deployment) -> str:
        """Register the default provider with the whole configuration; its reference."""
        inputs = {key: _text(value) for key, value in self.config.items()}
        return self.register_provider(deployment, "default", inputs)

    def register_provider(self, deployment: Deployment, name: str, inputs: Properties) -> str:
        """Register a provider resource of the dynamic package; its reference."""
        goal = Goal(self.urn(PROVIDER_TYPE, name), PROVIDER_TYPE, inputs)
        made = deployment.register_provider(goal)
        return f"{made.urn}::{made.id}"

    @property
    def logs(self) -> list[LogLine]:
        """The lines that hosts and programs have sent to the engine, as far as the CLI shows them
        (all, the debugging ones too, are `service.logs`)."""
        return [line for line in self.service.logs if line.severity != "debug"]

    @property
    def output(self) -> str:
        """What the hosts have written to standard output and error."""
        return self.hosts.output

    def export(self) -> dict[str, Any]:
        """The state as `pulumi stack export` would show it, secrets sealed."""
        return self.state.export()

    def restart(self) -> None:
        """End the plugin hosts; the next operation starts new ones, as each CLI command does."""
        self.hosts.stop()

    def stop(self) -> None:
        """End everything that the engine has started."""
        self.hosts.close()
        self.service.stop()

    def _run(
        self,
        program: Runnable | Sequence[Declared],
        state: State,
        check: bool,
        parallel: int,
        with_refresh: bool,
        *,
        preview: bool,
    ) -> Result:
        runnable = DeclaredProgram(program) if isinstance(program, Sequence) else program
        refreshed = Result()
        if with_refresh:
            self._load(state)
            execution = Execution(state, self.hosts, preview=preview)
            self._guard(execution, lambda: refresh(execution))
            refreshed = execution.result
        deployment = Deployment(state, self.hosts, preview=preview, parallel=parallel)
        deployment.result.refresh = refreshed.steps
        deployment.result.failures += refreshed.failures
        self._load(state)

        def work() -> None:
            deployment.stop_if_failed()
            runnable.run(self, deployment, parallel)
            deployment.stop_if_failed()
            deployment.delete_leftovers()

        self._guard(deployment, work)
        return _finished(deployment.result, check)

    def _guard(self, execution: Execution, work: Callable[[], None]) -> None:
        before = len(self.logs)
        try:
            work()
        except Stopped:
            if execution.result.ok:
                raise
        execution.result.logs += self.logs[before:]

    def _loaded(self, preview: bool) -> State:
        state = self.state.copy() if preview else self.state
        self._load(state)
        return state

    def _load(self, state: State) -> None:
        for resource in state:
            if is_provider(resource.type):
                self.hosts.configure(f"{resource.urn}::{resource.id}", resource.inputs)


def _finished(result: Result, check: bool) -> Result:
    if check and not result.ok:
        raise DeploymentError(result)
    return result


def _text(value: Any) -> Any:
    text = value.value if isinstance(value, Secret) else value
    if not isinstance(text, str):
        raise TypeError("configuration values are texts (objects as JSON), as in a stack file")
    return normalise(value)
