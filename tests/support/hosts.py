"""The plugin hosts of an engine: one process per provider resource, as the engine loads them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.difference import same
from tests.support.host import EngineService, PluginHost
from tests.support.provider import Provider
from tests.support.values import Properties


class HostPool:
    """Starts a host when it is first needed, and again when its configuration has changed."""

    def __init__(
        self,
        service: EngineService,
        *,
        cwd: Path,
        env: Mapping[str, str],
        project: str,
        python: str,
    ) -> None:
        self._home = TemporaryDirectory(prefix="pulumi-home-")
        self.env = {"PULUMI_HOME": self._home.name, **env}
        self.python = python
        self.start: Callable[..., PluginHost] = PluginHost
        """What starts a host, with the keywords of `PluginHost`."""
        self._service = service
        self._cwd = cwd
        self._project = project
        self._inputs: dict[str, Properties] = {}
        self._running: dict[str, tuple[Properties, Provider]] = {}
        self._lock = threading.Lock()
        self._written: list[str] = []

    def configure(self, reference: str, inputs: Properties) -> None:
        """Say what a provider resource (`urn::id`) is configured with from now on."""
        self._inputs[reference] = inputs

    def provider(self, reference: str) -> Provider:
        """The configured host of a provider resource."""
        with self._lock:
            inputs = self._inputs[reference]
            running = self._running.get(reference)
            if running is not None:
                if same(running[0], inputs):
                    return running[1]
                self._stop(reference)
            host = self.start(
                self._service.address,
                cwd=self._cwd,
                env=self.env,
                project=self._project,
                python=self.python,
            )
            urn, _, id = reference.rpartition("::")
            provider = Provider(host, inputs, urn, id)
            self._running[reference] = inputs, provider
            return provider

    @property
    def running(self) -> list[PluginHost]:
        """The hosts that were started and not yet stopped."""
        return [provider.host for _, provider in self._running.values()]

    @property
    def output(self) -> str:
        """What all hosts so far have written to standard output and error."""
        return "".join(self._written + [host.output for host in self.running])

    def stop(self) -> None:
        """End every host; the next call starts new ones."""
        with self._lock:
            for reference in list(self._running):
                self._stop(reference)

    def close(self) -> None:
        """End every host for good, and remove their `PULUMI_HOME`."""
        self.stop()
        self._home.cleanup()

    def _stop(self, reference: str) -> None:
        _, provider = self._running.pop(reference)
        provider.host.stop()
        self._written.append(provider.host.output)
