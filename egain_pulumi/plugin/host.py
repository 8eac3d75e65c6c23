"""What a provider needs of Pulumi's plugin host (`python -m pulumi.dynamic`) and is not given.

The host passes a provider neither the name of the resource nor a logger. Each workaround here says
which internals it relies on and what happens without them; each has a test against the oldest and
the newest SDK that we support. Errors and threads: `host_errors`, `host_process`.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import unquote

from ..redaction import KNOWN
from ..text import LONGEST_SENTENCE, one_line


def urn() -> str | None:
    """Return the URN of the resource that this call is about, or None without its frame."""
    return getattr(servicer().get("request"), "urn", None) or None


def logical_name() -> str | None:
    """Return the name of that resource in the program: the last part of its URN."""
    found = urn()
    return unquote(found.rsplit("::", 1)[-1]) if found else None


def custom_timeout() -> float | None:
    """Return the seconds of `custom_timeouts`, which the host does not pass on."""
    seconds = getattr(servicer().get("request"), "timeout", 0)
    return float(seconds) if seconds else None


def all_config(config: Any) -> Mapping[str, Any]:
    """Return every configuration value with its namespace.

    The public interface looks up one key at a time, and so cannot find a misspelled one. Relies
    on a private attribute. Without it: no value, and nothing to check.
    """
    return cast("Mapping[str, Any]", getattr(config, "_props", {}))


def shown(text: str) -> str:
    """Return a sentence as it may leave this process: one line, and no known secret in it."""
    return KNOWN.redact(one_line(text, LONGEST_SENTENCE), short=False)


def warn(text: str) -> None:
    """Log a warning on the row of the current resource.

    Relies on the engine's address being the host's last argument. Without it: standard error,
    which the CLI shows on the stack's row.
    """
    _log("WARNING", shown(text))


def info(text: str) -> None:
    """Log at info level; see `warn`."""
    _log("INFO", shown(text))


def status(text: str) -> None:
    """Show a text in the status column of the current resource, until the next one."""
    _log("INFO", shown(text), ephemeral=True)


def _log(severity: str, text: str, *, ephemeral: bool = False) -> None:
    import grpc
    from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

    try:
        engine = engine_pb2_grpc.EngineStub(_engine_channel(sys.argv[-1]))
        level = engine_pb2.LogSeverity.Value(severity)
        message = engine_pb2.LogRequest(
            severity=level, message=text, urn=urn() or "", ephemeral=ephemeral
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
    """Return the local variables of the host's servicer method that led here, or nothing."""
    found = sys._getframe().f_back
    while found is not None:
        if found.f_globals.get("__name__") == "__main__" and "context" in found.f_locals:
            return found.f_locals
        found = found.f_back
    return {}
