"""Everything that leans on the inside of Pulumi's plugin host (`python -m pulumi.dynamic`).

The host hands a provider neither the name of the resource, nor a logger, nor a way to fail
without a traceback. Each trick here says what it relies on and what happens without it; each
has a test against the oldest and the newest SDK that we support.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import unquote

from . import status
from .errors import LONGEST_SENTENCE, EgainError, HalfDone, one_line

P = ParamSpec("P")
R = TypeVar("R")


def debugging() -> bool:
    """Whether the user asked for tracebacks (`EGAIN_DEBUG=1`)."""
    return os.environ.get("EGAIN_DEBUG") == "1"


def clean(method: Callable[P, R]) -> Callable[P, R]:
    """Make a provider method fail with one line instead of a traceback.

    Relies on the servicer's frame (`context`): its trailing metadata replace what the host
    aborts with. Without it: `sys.tracebacklimit`, which leaves `EgainError: <the line>`.
    """

    @functools.wraps(method)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except HalfDone as error:
            _half_done(one_line(str(error), LONGEST_SENTENCE), error)
            raise
        except EgainError as error:
            _abort_with(one_line(str(error), LONGEST_SENTENCE))
            raise
        except Exception as error:
            if debugging():
                raise
            # Only the type: the text of a foreign exception may quote a secret.
            text = (
                f"egain-pulumi failed at {_place(error)} "
                f"({type(error).__name__}). This is a bug: please report it; "
                "EGAIN_DEBUG=1 shows the traceback, which may contain secrets."
            )
            _abort_with(text)
            raise EgainError(text) from None

    return wrapper


def _place(error: Exception) -> str:
    """File and line where an exception was raised; `traceback` shows none once it is quiet."""
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    return f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where else "?"


def quiet_tracebacks() -> None:
    """The fallback of `clean`: the host formats its tracebacks without frames."""
    if not debugging():
        sys.tracebacklimit = 0


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


def secret(value: Any) -> dict[str, Any]:
    """A value as the engine itself marks a secret: encrypted in the state, hidden in every diff.

    Relies on the host handing a mapping on as it is. Without it the engine still marks what it
    knows as a secret under the same key; a read may find more than that.
    """
    return {_SIGNATURE: _SECRET, "value": value}


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


_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"


def _abort_with(text: str, details: bytes = b"") -> None:
    context = servicer().get("context")
    if context is not None:
        context.set_trailing_metadata((("grpc-status-details-bin", status.encoded(text, details)),))


def _half_done(text: str, error: HalfDone) -> None:
    """Let the engine keep what is there, marked as unfinished: the next `up` updates it.

    Relies on the servicer's frame, as `clean` does. Without it the state stays as it was, and
    the next refresh sees what is there.
    """
    from google.protobuf import struct_pb2  # type: ignore[import-untyped]  # has no stubs
    from pulumi.runtime.proto import provider_pb2

    request = servicer().get("request")
    kept = struct_pb2.Struct()
    kept.update(error.properties)
    if request is not None:  # an import is a create, with its own name for the new inputs
        news = request.news if hasattr(request, "news") else request.properties
        kept.update({"__provider": news["__provider"]})
    failed = provider_pb2.ErrorResourceInitFailed(
        id=error.id, properties=kept, inputs=kept, reasons=[text]
    )
    kind = "type.googleapis.com/pulumirpc.ErrorResourceInitFailed"
    _abort_with(text, status.packed(kind, failed.SerializeToString()))
