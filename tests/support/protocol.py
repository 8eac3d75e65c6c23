"""The one door to gRPC, protobuf and Pulumi's generated messages.

protobuf and the common protos ship no type information, so the exceptions for the type checker are
here and nowhere else.
"""

from __future__ import annotations

from concurrent import futures
from typing import Any

import grpc
from google.protobuf import (  # type: ignore[import-untyped]  # see above
    empty_pb2,
    struct_pb2,
)
from google.rpc import (  # type: ignore[import-untyped]  # see above
    error_details_pb2,
    status_pb2,
)
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import (
    engine_pb2,
    engine_pb2_grpc,
    provider_pb2,
    provider_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
)

__all__ = [
    "channel",
    "empty_pb2",
    "engine_pb2",
    "engine_pb2_grpc",
    "error_details_pb2",
    "grpc",
    "provider_pb2",
    "provider_pb2_grpc",
    "resource_pb2",
    "resource_pb2_grpc",
    "server",
    "status_pb2",
    "struct_pb2",
]


def channel(address: str) -> Any:
    """A client channel with the message limits that the real engine and the SDK use."""
    return grpc.insecure_channel(address, options=_GRPC_CHANNEL_OPTIONS)


def server(threads: int) -> tuple[Any, int]:
    """A server on a free port of the loopback interface, not yet started, and that port."""
    made = grpc.server(
        futures.ThreadPoolExecutor(max_workers=threads), options=_GRPC_CHANNEL_OPTIONS
    )
    return made, int(made.add_insecure_port("127.0.0.1:0"))
