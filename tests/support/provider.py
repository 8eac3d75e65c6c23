"""The calls of the provider protocol, marshalled as engine 3.259 does it for this plugin host.

Secrets are stripped on the way in and put back by equal keys on the way out, because the host says
`acceptSecrets: false`; a failed call is a `ProviderError`, with what the engine would read from the
trailing metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.difference import Difference, compare
from tests.support.errors import ProviderError, from_rpc, known
from tests.support.host import PluginHost, config_text
from tests.support.protocol import empty_pb2, grpc, provider_pb2, provider_pb2_grpc
from tests.support.values import Properties, annotate_secrets, from_struct, to_struct

_NONE, _SOME = provider_pb2.DiffResponse.DIFF_NONE, provider_pb2.DiffResponse.DIFF_SOME
CALL_SECONDS = 120.0
CANCEL_SECONDS = 5.0


@dataclass(frozen=True)
class CheckResult:
    """Checked inputs, and the failures as (property, reason)."""

    inputs: Properties
    failures: list[tuple[str, str]]


@dataclass(frozen=True)
class DiffResult:
    """A diff after the engine has filled in what the provider left open."""

    changes: bool
    replaces: list[str] = field(default_factory=list)
    delete_before_replace: bool = False
    paths: Difference | None = None
    """The detailed diff; None where the provider said yes or no itself, which comes without."""
    answered: str = "unknown"
    """What the provider itself said: none, some or unknown."""


@dataclass(frozen=True)
class ReadResult:
    """What a read found; a blank id means that it is gone."""

    id: str
    outputs: Properties
    inputs: Properties | None


class Provider:
    """A configured plugin host, one method per call of the protocol."""

    def __init__(self, host: PluginHost, config: Mapping[str, Any], urn: str, id: str) -> None:
        self.host = host
        self._stub = provider_pb2_grpc.ResourceProviderStub(host.channel)
        name = urn.rpartition("::")[2]
        variables = {f"pulumi-python:config:{k}": config_text(v) for k, v in config.items()}
        answer = self._call(
            self._stub.Configure,
            provider_pb2.ConfigureRequest(
                urn=urn,
                name=name,
                type="pulumi:providers:pulumi-python",
                id=id,
                acceptSecrets=True,
                acceptResources=True,
                sends_old_inputs=True,
                sends_old_inputs_to_delete=True,
                variables=variables,
                args=to_struct(config, keep_secrets=True),
            ),
        )
        if answer.acceptSecrets or answer.supportsPreview:
            raise RuntimeError("this host takes secrets or previews; the harness does not know how")

    def check(self, urn: str, olds: Properties | None, news: Properties) -> CheckResult:
        """Validate a program's inputs. `olds` are the old *inputs*."""
        request = provider_pb2.CheckRequest(
            **_named(urn), olds=to_struct(olds or {}), news=to_struct(news), randomSeed=b"\0" * 32
        )
        answer = self._call(self._stub.Check, request)
        inputs = from_struct(answer.inputs)
        annotate_secrets(inputs, news)
        return CheckResult(inputs, [(f.property, f.reason) for f in answer.failures])

    def diff(
        self, urn: str, id: str, old_inputs: Properties, olds: Properties, news: Properties
    ) -> DiffResult:
        """Compare. `olds` are the old *outputs*, `news` checked inputs."""
        request = provider_pb2.DiffRequest(
            **_named(urn),
            id=id,
            old_inputs=to_struct(old_inputs),
            olds=to_struct(olds),
            news=to_struct(news),
        )
        answer = self._call(self._stub.Diff, request)
        replaces, first = list(answer.replaces), bool(answer.deleteBeforeReplace)
        if answer.changes == _SOME:
            return DiffResult(True, replaces, first, None, "some")
        if answer.changes == _NONE:
            return DiffResult(False, replaces, first, None, "none")
        paths = compare(old_inputs, news)
        return DiffResult(bool(paths), replaces, first, paths or None)

    def create(self, urn: str, inputs: Properties, timeout: float = 0) -> tuple[str, Properties]:
        """Create; the id and the outputs."""
        request = provider_pb2.CreateRequest(
            **_named(urn), properties=to_struct(inputs), timeout=timeout
        )
        answer = self._call(self._stub.Create, request, secrets=inputs)
        if not answer.id:
            raise ProviderError(
                f"plugin returned empty resource.ID from create '{urn}'", "UNKNOWN", [], None
            )
        return answer.id, known(answer.properties, inputs)

    def read(
        self, urn: str, id: str, inputs: Properties | None, properties: Properties
    ) -> ReadResult:
        """Read. A refresh passes old inputs and old outputs, a `get` the program's inputs twice."""
        request = provider_pb2.ReadRequest(
            **_named(urn),
            id=id,
            properties=to_struct(properties),
            inputs=None if inputs is None else to_struct(inputs),
        )
        answer = self._call(self._stub.Read, request, secrets=properties)
        outputs = known(answer.properties, properties)
        found = known(answer.inputs, inputs or {}) if answer.HasField("inputs") else None
        return ReadResult(answer.id, outputs, found)

    def update(
        self,
        urn: str,
        id: str,
        old_inputs: Properties,
        olds: Properties,
        news: Properties,
        timeout: float = 0,
    ) -> Properties:
        """Update; the new outputs. `olds` are the old *outputs*."""
        request = provider_pb2.UpdateRequest(
            **_named(urn),
            id=id,
            old_inputs=to_struct(old_inputs),
            olds=to_struct(olds),
            news=to_struct(news),
            timeout=timeout,
        )
        answer = self._call(self._stub.Update, request, secrets=news)
        return known(answer.properties, news)

    def delete(
        self, urn: str, id: str, old_inputs: Properties, olds: Properties, timeout: float = 0
    ) -> None:
        """Delete; the provider class comes from the old *outputs*."""
        request = provider_pb2.DeleteRequest(
            **_named(urn),
            id=id,
            properties=to_struct(olds),
            old_inputs=to_struct(old_inputs),
            timeout=timeout,
        )
        self._call(self._stub.Delete, request)

    def cancel(self) -> None:
        """What the engine calls at a first Ctrl-C; running calls are to end by themselves."""
        self._stub.Cancel(empty_pb2.Empty(), timeout=CANCEL_SECONDS)

    def _call(
        self,
        method: Callable[..., Any],
        request: Any,
        *,
        secrets: Properties | None = None,
    ) -> Any:
        try:
            return method(request, timeout=CALL_SECONDS)
        except grpc.RpcError as failure:
            raise from_rpc(failure, secrets or {}) from None


def _named(urn: str) -> dict[str, Any]:
    """The fields by which every request names its resource."""
    *_, qualified, name = urn.split("::")
    return {"urn": urn, "name": name, "type": qualified.rpartition("$")[2]}
