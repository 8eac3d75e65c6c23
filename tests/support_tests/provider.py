"""A small by-reference dynamic provider with a server made of one JSON file.

The provider is told by its inputs what to do, so that one class serves every scenario. What the
methods were called with is appended to `calls.jsonl` beside the server's file.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import any_pb2  # type: ignore[import-untyped]  # no type information
from google.rpc import status_pb2  # type: ignore[import-untyped]  # nor here
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.output import Unknown
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2
from pulumi.runtime.rpc import serialize_properties

FOLDER = "SAMPLE_FOLDER"
_lock = threading.Lock()


class Sample(ResourceProvider):
    """Records what it is called with, keeps objects in a file, and does what its inputs tell it.

    `refuse`: keys that check complains about; `changes`, `keys`, `first`: what diff answers;
    `fail`, `stuck`: errors of create and update, of delete; `half`: the object is made, then the
    call fails; `say`: a log line; `meet`: how many creates wait for one another; `silent`: read
    returns no inputs.
    """

    serialize_as_secret_always = False

    def configure(self, req: ConfigureRequest) -> None:
        """Record the configuration."""
        _record("configure", config={k: req.config.get(k) for k in ("sample:one", "sample:key")})

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Refuse what `refuse` says, tell nothing else."""
        _record("check", olds=_olds, news=news)
        failures = [CheckFailure(key, "refused") for key in news.get("refuse", [])]
        return CheckResult(news, failures)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Leave the comparison to the engine, unless told what to say."""
        _record("diff", olds=_olds, news=_news)
        replaces = [k for k in _news.get("keys", []) if _olds.get(k) != _news.get(k)]
        return DiffResult(
            changes=_news.get("changes"),
            replaces=replaces or None,
            delete_before_replace=_news.get("first"),
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Store the object; with `fail`, fail before, with `half`, after it."""
        _record("create", props=props)
        id = _next_id()
        _log(props.get("say"))
        _meet(id, int(props.get("meet", 0)))
        if props.get("fail"):
            raise ValueError(props["fail"])
        outs = {**_plain(props), "made": "create"}
        _objects({id: outs})
        if props.get("half"):
            _init_failed(id, outs, props["half"])
        return CreateResult(id, outs)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """What the file holds; inputs are the outputs without what the server adds."""
        _record("read", id=id_, props=props)
        found = _objects({}).get(id_)
        if found is None:
            return ReadResult(None, {})
        inputs = {k: v for k, v in found.items() if k != "made"}
        return ReadResult(id_, dict(found), None if props.get("silent") else inputs)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Store the new object; `half` as in create."""
        _record("update", olds=_olds, news=_news)
        outs = {**_plain(_news), "made": "update"}
        _objects({_id: outs})
        if _news.get("fail"):
            raise ValueError(_news["fail"])
        if _news.get("half") and _news["half"] != _olds.get("half"):
            _init_failed(_id, outs, _news["half"])
        return UpdateResult(outs)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Forget the object."""
        _record("delete", id=_id, props=_props)
        if _props.get("stuck"):
            raise ValueError(_props["stuck"])
        _objects({_id: None})


def _plain(props: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in props.items() if k != "__provider"}


def _folder() -> Path:
    return Path(os.environ[FOLDER])


def _meet(id: str, count: int) -> None:
    """Return once so many creates are under way at the same time; fail if they never are."""
    folder = Path(os.environ[FOLDER])
    (folder / f"here-{id}").touch()
    for _ in range(1_000):
        if len(list(folder.glob("here-*"))) >= count:
            return
        time.sleep(0.02)
    raise ValueError(f"fewer than {count} creates at once")


def _next_id() -> str:
    """Ids in order of creation, so that two runs of one program can be compared."""
    with _lock:
        file = _folder() / "last-id"
        last = int(file.read_text()) + 1 if file.exists() else 1
        file.write_text(str(last))
        return f"id-{last}"


def _objects(change: dict[str, Any]) -> dict[str, Any]:
    """The objects of the server, after a change (None removes one)."""
    with _lock:
        file = _folder() / "server.json"
        held: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
        held |= change
        held = {k: v for k, v in held.items() if v is not None}
        if change:
            file.write_text(json.dumps(held))
        return held


def _record(method: str, **seen: Any) -> None:
    with _lock, (_folder() / "calls.jsonl").open("a") as file:
        file.write(json.dumps({"method": method, **seen}, default=_typed, sort_keys=True) + "\n")


def _typed(value: object) -> str:
    return "<unknown>" if isinstance(value, Unknown) else f"<{type(value).__name__}>"


def _log(text: str | None) -> None:
    if text:
        frame = _servicer()
        with grpc.insecure_channel(sys.argv[-1], options=_GRPC_CHANNEL_OPTIONS) as channel:
            engine_pb2_grpc.EngineStub(channel).Log(
                engine_pb2.LogRequest(
                    severity=engine_pb2.WARNING, message=text, urn=frame["request"].urn
                )
            )


def _init_failed(id: str, outs: dict[str, Any], reason: str) -> None:
    """Fail as `ErrorResourceInitFailed`, in the trailing metadata of the call under way."""
    import asyncio

    frame = _servicer()
    loop = asyncio.new_event_loop()
    props = {**outs, "__provider": frame["props" if "props" in frame else "news"]["__provider"]}
    struct = loop.run_until_complete(serialize_properties(props, {}))
    loop.close()
    packed = any_pb2.Any()
    packed.Pack(provider_pb2.ErrorResourceInitFailed(id=id, properties=struct, reasons=[reason]))
    status = status_pb2.Status(code=2, message=reason, details=[packed])
    metadata = (("grpc-status-details-bin", status.SerializeToString()),)
    frame["context"].set_trailing_metadata(metadata)
    raise ValueError(reason)


def _servicer() -> dict[str, Any]:
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_globals.get("__name__") == "__main__" and "context" in frame.f_locals:
            found = dict(frame.f_locals)
            if "news" in found or "props" in found:
                return found
    raise LookupError("no servicer above")
