"""The real plugin host as a process of its own, and the `Engine` service that it may log to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.process import Child, base_env
from tests.support.protocol import channel, empty_pb2, engine_pb2, engine_pb2_grpc, server
from tests.support.values import Secret

START_SECONDS = 20.0
_SEVERITY = {0: "debug", 1: "info", 2: "warning", 3: "error"}


@dataclass(frozen=True)
class LogLine:
    """One `Log` request as the engine gets it."""

    severity: str
    message: str
    urn: str
    ephemeral: bool


class EngineService(engine_pb2_grpc.EngineServicer):
    """The engine's side of logging, for hosts and programs alike: it records, and shows nothing."""

    def __init__(self) -> None:
        self.logs: list[LogLine] = []
        self._root = ""
        self._server, port = server(threads=8)
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        self._server.start()
        self.address = f"127.0.0.1:{port}"

    def stop(self) -> None:
        """End the service; calls that are under way are cut off."""
        self._server.stop(None).wait()

    def Log(self, request: Any, context: Any) -> Any:
        """Record one line."""
        severity = _SEVERITY[request.severity]
        line = LogLine(severity, request.message, request.urn, request.ephemeral)
        self.logs.append(line)
        return empty_pb2.Empty()

    def GetRootResource(self, request: Any, context: Any) -> Any:
        """The URN of the stack resource, which older SDKs keep here."""
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    def SetRootResource(self, request: Any, context: Any) -> Any:
        """Remember the URN of the stack resource."""
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()


class PluginHost:
    """`python -u -m pulumi.dynamic <engine address>`, started as the engine's wrapper script does.

    `env` is added to the fewest variables that a Python process needs; `cwd` is the program's
    folder, from which by-reference providers can be imported too.
    """

    def __init__(
        self, engine: str, *, cwd: Path, env: Mapping[str, str], project: str, python: str
    ) -> None:
        self.child = Child(
            [python, "-u", "-m", "pulumi.dynamic", engine],
            cwd=cwd,
            env=base_env({"PULUMI_PROJECT": project, **env}),
        )
        self._port = self.child.next_line(START_SECONDS)
        self.channel = channel(f"127.0.0.1:{self._port}")

    @property
    def pid(self) -> int:
        """The process id, for tests that kill the host."""
        return self.child.popen.pid

    @property
    def output(self) -> str:
        """What the host has written, without the line that tells its port."""
        return self.child.output.replace(f"{self._port}\n", "", 1)

    def stop(self) -> None:
        """Close the connection and end the process."""
        self.channel.close()
        self.child.end()


def config_text(value: Any) -> str:
    """A configuration value as the engine sends it to a dynamic provider: always text."""
    found = value.value if isinstance(value, Secret) else value
    if not isinstance(found, str):
        raise TypeError(f"configuration values are text on the wire, not {type(found).__name__}")
    return found
