"""Everything that leans on the inside of Pulumi's plugin host (`python -m pulumi.dynamic`).

The host hands a provider neither the name of the resource, nor a logger, nor a way to fail
without a traceback. Each trick here says what it relies on and what happens without it; each
has a test against the oldest and the newest SDK that we support.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import unquote

from ..text import one_line


def urn() -> str | None:
    """The URN of the resource that the engine is asking about, or None without its frame."""
    request = servicer().get("request")
    return getattr(request, "urn", None) or None


def logical_name() -> str | None:
    """The name of that resource in the program: the last part of its URN."""
    found = urn()
    return unquote(found.rsplit("::", 1)[-1]) if found else None


def custom_timeout() -> float | None:
    """Seconds from `ResourceOptions(custom_timeouts=…)`, which the host does not pass on."""
    seconds = getattr(servicer().get("request"), "timeout", 0)
    return float(seconds) if seconds else None


def all_config(config: Any) -> Mapping[str, Any]:
    """Every configuration value with its namespace. The public interface looks up one key at a
    time, and cannot find a misspelled one. Without the private attribute: nothing to check."""
    return cast("Mapping[str, Any]", getattr(config, "_props", {}))


def warn(text: str) -> None:
    """A warning in Pulumi's output, on the row of the current resource.

    Relies on the engine's address being the host's last argument. Without it: standard error,
    which the CLI shows on the stack's row.
    """
    from pulumi.runtime.proto import engine_pb2

    _log(engine_pb2.WARNING, one_line(text, 2_000))


def inform(text: str) -> None:
    """The same, for what is no reason to worry."""
    from pulumi.runtime.proto import engine_pb2

    _log(engine_pb2.INFO, one_line(text, 2_000))


def show(text: str) -> None:
    """A word in the status column of the current resource, until the next one."""
    from pulumi.runtime.proto import engine_pb2

    _log(engine_pb2.INFO, one_line(text, 200), ephemeral=True)


def _log(severity: Any, text: str, *, ephemeral: bool = False) -> None:
    import grpc
    from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

    try:
        engine = engine_pb2_grpc.EngineStub(_engine_channel(sys.argv[-1]))
        message = engine_pb2.LogRequest(
            severity=severity, message=text, urn=urn() or "", ephemeral=ephemeral
        )
        engine.Log(message, timeout=5)
    except (grpc.RpcError, ValueError):
        if not ephemeral:
            sys.stderr.write(f"{text}\n")


@functools.cache
def _engine_channel(address: str) -> Any:
    import grpc

    return grpc.insecure_channel(address)


def servicer() -> dict[str, Any]:
    """The local variables of the host's servicer method that led here, or nothing."""
    frame = sys._getframe()
    found = frame.f_back
    while found is not None:
        if found.f_globals.get("__name__") == "__main__" and "context" in found.f_locals:
            return found.f_locals
        found = found.f_back
    return {}
