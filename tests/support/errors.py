"""A failed call, as the engine reads it: the status, or the details in the trailing metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support.protocol import error_details_pb2, provider_pb2, status_pb2
from tests.support.values import Properties, annotate_secrets, from_struct, has_unknown


@dataclass(frozen=True)
class InitFailed:
    """`ErrorResourceInitFailed`: the object exists, but is not finished."""

    id: str
    properties: Properties
    reasons: list[str]


class ProviderError(Exception):
    """A failed call. `message` is what the CLI shows: of the details if there are any."""

    def __init__(self, message: str, code: str, details: list[Any], init: InitFailed | None):
        super().__init__(message)
        self.message = message
        self.code = code
        self.details = details
        self.init_failed = init
        self.reason: str | None = None
        """Of `ErrorInfo`, which the CLI passes over."""
        self.status = message
        """What the host ended the call with, which the CLI shows where there are no details."""


def known(struct: Any, asked: Properties) -> Properties:
    """Properties of an answer with their secret marks put back; nothing in it may be unknown."""
    found = from_struct(struct)
    if has_unknown(found):
        raise RuntimeError("the host answered with unknown values outside a preview")
    annotate_secrets(found, asked)
    return found


def from_rpc(failure: Any, secrets: Properties) -> ProviderError:
    """The error of a failed gRPC call; `secrets` are the properties that it was called with."""
    message, details, init = failure.details(), [], None
    metadata = dict(failure.trailing_metadata() or ())
    if "grpc-status-details-bin" in metadata:
        status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
        # grpc-go uses the details only when their code is the call's own.
        if status.code == failure.code().value[0]:
            message, details = status.message, list(status.details)
    for detail in details:
        if detail.Is(provider_pb2.ErrorResourceInitFailed.DESCRIPTOR):
            body = provider_pb2.ErrorResourceInitFailed.FromString(detail.value)
            init = InitFailed(body.id, known(body.properties, secrets), list(body.reasons))
    error = ProviderError(message, failure.code().name, details, init)
    for detail in details:
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            error.reason = error_details_pb2.ErrorInfo.FromString(detail.value).reason
    error.status = failure.details()
    return error
