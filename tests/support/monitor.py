"""The `ResourceMonitor` service: what a running program talks to, answered by our engine.

Like the real one it says which features it has, registers, reads, and shuts down; a program whose
deployment has failed gets "unavailable" for whatever it asks next.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.support.deployment import Deployment
from tests.support.execution import Stopped
from tests.support.goal import Goal, Options
from tests.support.protocol import (
    empty_pb2,
    grpc,
    resource_pb2,
    resource_pb2_grpc,
    server,
)
from tests.support.state import Resource, is_provider, make_urn
from tests.support.values import UNKNOWN, UNKNOWN_TEXT, from_struct, to_struct

if TYPE_CHECKING:
    from tests.support.engine import Engine

THREADS = 64
"""Registrations wait in the call, so there must be more threads than a program has resources
that do not depend on each other; the rest queue, as they do in the engine's step workers."""

PACKAGE = "pulumi-python:"
FEATURES = (
    "SECRETS",
    "RESOURCE_REFERENCES",
    "OUTPUT_VALUES",
    "ALIAS_SPECS",
    "REPLACEMENT_TRIGGER",
    "DELETED_WITH",
    "REPLACE_WITH",
    "TRANSFORMS",
    "INVOKE_TRANSFORMS",
    "PARAMETERIZATION",
    "RESOURCE_HOOKS",
    "ERROR_HOOKS",
    "SENDS_OPTIONS_TO_HOOKS",
)
"""What engine 3.259 says that it has; using a transform or a hook fails here as unimplemented."""


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """One program's registrations."""

    def __init__(self, engine: Engine, deployment: Deployment) -> None:
        self.engine = engine
        self.deployment = deployment
        self.errors: list[Exception] = []
        """A failure of the harness itself; the runner of the program raises it again."""
        self._default = ""
        self._lock = threading.Lock()
        self._server, port = server(THREADS)
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(self, self._server)
        self._server.start()
        self.address = f"127.0.0.1:{port}"

    def stop(self) -> None:
        """End the service."""
        self._server.stop(None).wait()

    def SupportsFeature(self, request: Any, context: Any) -> Any:
        """The way in which older SDKs ask."""
        name = re.sub(r"([A-Z])", r"_\1", request.id).upper()
        return resource_pb2.SupportsFeatureResponse(hasSupport=name in FEATURES)

    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:
        """The way in which newer SDKs ask."""
        numbers = resource_pb2.ResourceMonitorFeature
        features = [numbers.Value(f"RESOURCE_MONITOR_FEATURE_{name}") for name in FEATURES]
        return resource_pb2.DeploymentInfo(
            project=self.engine.project,
            stack=self.engine.stack,
            organization="organization",
            dryRun=self.deployment.preview,
            supportedFeatures=features,
        )

    def RegisterResource(self, request: Any, context: Any) -> Any:
        """Bring one resource to its goal and answer with its id and outputs."""
        made = self._guarded(context, lambda: self._register(request))
        return resource_pb2.RegisterResourceResponse(
            urn=made.urn, id=made.id, object=to_struct(made.outputs, keep_secrets=True)
        )

    def ReadResource(self, request: Any, context: Any) -> Any:
        """Read an existing resource (`get`)."""
        made = self._guarded(context, lambda: self._read(request))
        return resource_pb2.ReadResourceResponse(
            urn=made.urn, properties=to_struct(made.outputs, keep_secrets=True)
        )

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:
        """Outputs of a component; those of the stack are the result's."""
        outputs = from_struct(request.outputs)
        resource = self.deployment.state.find(request.urn)
        if resource is not None:
            resource.outputs = outputs
            if resource.type == "pulumi:pulumi:Stack":
                self.deployment.result.outputs = outputs
        return empty_pb2.Empty()

    def SignalAndWaitForShutdown(self, request: Any, context: Any) -> Any:
        """The program has registered everything."""
        return empty_pb2.Empty()

    def _guarded(self, context: Any, work: Callable[[], Resource]) -> Resource:
        try:
            return work()
        except Stopped:
            context.abort(grpc.StatusCode.UNAVAILABLE, "resource monitor shut down")
        except Exception as error:
            self.errors.append(error)
            raise
        raise AssertionError("abort raises")

    def _register(self, request: Any) -> Resource:
        urn = self._urn(request.parent, request.type, request.name)
        goal = Goal(
            urn=urn,
            type=request.type,
            inputs=from_struct(request.object),
            provider=request.provider,
            parent=request.parent,
            custom=request.custom,
            dependencies=list(request.dependencies),
            options=self._options(request, urn),
        )
        if is_provider(request.type):
            return self.deployment.register_provider(goal)
        if request.custom:
            goal.provider = goal.provider or self._default_provider(request.type)
        if request.importId:
            return self._import(goal, request.importId)
        return self.deployment.register(goal)

    def _read(self, request: Any) -> Resource:
        goal = Goal(
            urn=self._urn(request.parent, request.type, request.name),
            type=request.type,
            inputs=from_struct(request.properties),
            provider=request.provider or self._default_provider(request.type),
            parent=request.parent,
            id=UNKNOWN if request.id == UNKNOWN_TEXT else request.id,
            dependencies=list(request.dependencies),
            options=Options(additional_secret_outputs=list(request.additionalSecretOutputs)),
        )
        return self.deployment.register(goal)

    def _import(self, goal: Goal, id: str) -> Resource:
        """The engine reads with the id alone, which this plugin host cannot answer: it fails."""
        provider = self.deployment.hosts.provider(goal.provider)
        self.deployment.guarded(goal.urn, lambda: provider.read(goal.urn, id, None, {}))
        raise NotImplementedError("the plugin host has learnt to import; the harness has not")

    def _default_provider(self, type: str) -> str:
        """The default provider is registered when the first resource needs it."""
        if not type.startswith(PACKAGE):
            raise NotImplementedError(f"{type}: only dynamic resources can be registered here")
        with self._lock:
            self._default = self._default or self.engine.default_provider(self.deployment)
            return self._default

    def _urn(self, parent: str, type: str, name: str) -> str:
        return make_urn(self.engine.stack, self.engine.project, type, name, parent)

    def _options(self, request: Any, urn: str) -> Options:
        timeouts = request.customTimeouts
        seconds = {verb: _seconds(getattr(timeouts, verb)) for verb in ("create", "update")}
        seconds["delete"] = _seconds(timeouts.delete)
        defined = request.deleteBeforeReplaceDefined
        return Options(
            delete_before_replace=request.deleteBeforeReplace if defined else None,
            replace_on_changes=list(request.replaceOnChanges),
            ignore_changes=list(request.ignoreChanges),
            additional_secret_outputs=list(request.additionalSecretOutputs),
            protect=request.protect,
            retain_on_delete=request.retainOnDelete,
            aliases=[*request.aliasURNs, *(self._alias(each, request) for each in request.aliases)],
            timeouts={verb: number for verb, number in seconds.items() if number},
        )

    def _alias(self, alias: Any, request: Any) -> str:
        if alias.urn:
            return str(alias.urn)
        spec = alias.spec
        parent = "" if spec.noParent else spec.parentUrn or request.parent
        return make_urn(
            spec.stack or self.engine.stack,
            spec.project or self.engine.project,
            spec.type or request.type,
            spec.name or request.name,
            parent,
        )


def _seconds(text: str) -> float:
    """A duration as options give it (`1m30s`)."""
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
    return sum(float(n) * units[u] for n, u in re.findall(r"([\d.]+)(ms|h|m|s)", text))
