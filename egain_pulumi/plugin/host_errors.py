"""How a provider's method fails: with one line and a reason instead of a traceback.

The plugin host answers every exception with its traceback. Trailing metadata with a
`google.rpc.Status` replace it; they are encoded here, because the package that defines them is not
a dependency of every Pulumi SDK.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from ..errors import EgainError, HalfDone, Reason
from .host import servicer, shown

P = ParamSpec("P")
R = TypeVar("R")

UNKNOWN: Final = 2
"""gRPC's code of that name, with which Pulumi's plugin host ends every failed call."""
DOMAIN: Final = "egain-pulumi"
"""Whose reasons they are, in `google.rpc.ErrorInfo`."""


def debugging() -> bool:
    """Return whether the user asked for tracebacks (`EGAIN_DEBUG=1`)."""
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
        except EgainError as error:
            text = shown(str(error))
            if isinstance(error, HalfDone):
                _half_done(text, error)
            else:
                _abort_with(text, error.reason)
            if text == str(error):
                raise
            raise EgainError(text, error.reason) from None
        except Exception as error:
            if debugging():
                raise
            # Only the type: the text of a foreign exception may quote a secret.
            text = (
                f"egain-pulumi failed at {_place(error)} "
                f"({type(error).__name__}). This is a bug: please report it; "
                "EGAIN_DEBUG=1 shows the traceback, which may contain secrets."
            )
            _abort_with(text, Reason.BUG)
            raise EgainError(text, Reason.BUG) from None

    return wrapper


def _place(error: Exception) -> str:
    """Return file and line where an exception was raised; a quiet `traceback` shows neither."""
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    return f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where else "?"


def quiet_tracebacks() -> None:
    """Let the host format tracebacks without frames: the fallback of `clean`."""
    if not debugging():
        sys.tracebacklimit = 0


def _abort_with(text: str, reason: Reason, *details: bytes) -> None:
    context = servicer().get("context")
    if context is not None:
        # Field 1 and 2 of `google.rpc.ErrorInfo`: reason and domain. The engine passes it over.
        info = _field(1, reason.encode()) + _field(2, DOMAIN.encode())
        every = (*details, packed("type.googleapis.com/google.rpc.ErrorInfo", info))
        # `Status {code: UNKNOWN, message: text, details: every}`.
        status = b"\x08" + bytes([UNKNOWN]) + _field(2, text.encode())
        status += b"".join(_field(3, each) for each in every)
        context.set_trailing_metadata((("grpc-status-details-bin", status),))


def _half_done(text: str, error: HalfDone) -> None:
    """Let the engine keep what exists, marked as unfinished: the next `up` updates it.

    Relies on the servicer's frame, as `clean` does. Without it the state stays as it was, and
    the next refresh sees what exists.
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
    _abort_with(text, error.reason, packed(kind, failed.SerializeToString()))


def packed(kind: str, message: bytes) -> bytes:
    """Return `Any {type_url: kind, value: message}`."""
    return _field(1, kind.encode()) + _field(2, message)


def _field(number: int, content: bytes) -> bytes:
    """Return a field that holds bytes, text or a message: tag, length in base 128, content."""
    length, rest = b"", len(content)
    while rest > 0x7F:
        length += bytes([rest & 0x7F | 0x80])
        rest >>= 7
    return bytes([number << 3 | 2]) + length + bytes([rest]) + content
