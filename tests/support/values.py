"""Property values as the engine holds them, and their form on the wire.

A value is None, bool, float, str, list, dict, a `Secret` around one of them, or `UNKNOWN`. The
rules are the engine's: numbers are floats, the plugin host gets no secret marks (it answers
`acceptSecrets: false`), and the marks are put back by equal keys: objects recurse, anything else,
an array among them, becomes secret as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.support.protocol import struct_pb2

SIGNATURE_KEY: Final = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"
RESOURCE_SIGNATURE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

Properties = dict[str, Any]


@dataclass(frozen=True)
class Secret:
    """A secret value; its text form hides it, so that no failing assertion prints one."""

    value: Any

    def __repr__(self) -> str:
        return "Secret(…)"


class Unknown:
    """A value that a preview cannot know yet. There is one, `UNKNOWN`, and it equals itself."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __deepcopy__(self, memo: object) -> Unknown:
        return self


UNKNOWN: Final = Unknown()


def normalise(value: Any) -> Any:
    """What the program's SDK makes of a plain Python value: floats, no None in mappings, lists."""
    if isinstance(value, Secret):
        return Secret(normalise(value.value))
    if isinstance(value, bool) or value is None or isinstance(value, str | Unknown):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, Mapping):
        return {str(k): normalise(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [normalise(item) for item in value]
    raise TypeError(f"no property value: {type(value).__name__}")


def to_value(value: Any, *, keep_secrets: bool) -> Any:
    """One value as a protobuf `Value`."""
    if isinstance(value, Secret):
        if not keep_secrets:
            return to_value(value.value, keep_secrets=False)
        marked = {SIGNATURE_KEY: SECRET_SIGNATURE, "value": value.value}
        return to_value(marked, keep_secrets=True)
    if isinstance(value, Unknown):
        return struct_pb2.Value(string_value=UNKNOWN_TEXT)
    if value is None:
        return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, float | int):
        return struct_pb2.Value(number_value=float(value))
    if isinstance(value, str):
        return struct_pb2.Value(string_value=value)
    if isinstance(value, list):
        items = [to_value(item, keep_secrets=keep_secrets) for item in value]
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=items))
    if value.get(SIGNATURE_KEY) == RESOURCE_SIGNATURE and not keep_secrets:
        # The plugin host takes no resource references either; it gets the id, or the URN.
        return to_value(value.get("id") or value["urn"], keep_secrets=False)
    return struct_pb2.Value(struct_value=to_struct(value, keep_secrets=keep_secrets))


def to_struct(properties: Mapping[str, Any], *, keep_secrets: bool = False) -> Any:
    """Properties as a protobuf `Struct`, without the secret marks unless they are asked for."""
    fields = {k: to_value(v, keep_secrets=keep_secrets) for k, v in properties.items()}
    return struct_pb2.Struct(fields=fields)


def from_value(value: Any) -> Any:
    """One protobuf `Value`, with secret marks and the sign for unknown values recognised."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = from_struct(value.struct_value)
        if fields.get(SIGNATURE_KEY) == SECRET_SIGNATURE:
            return Secret(fields.get("value"))
        return fields
    if kind == "list_value":
        return [from_value(item) for item in value.list_value.values]
    if kind == "string_value":
        return UNKNOWN if value.string_value == UNKNOWN_TEXT else value.string_value
    if kind in ("number_value", "bool_value"):
        return getattr(value, kind)
    return None


def from_struct(struct: Any) -> Properties:
    """A protobuf `Struct` as properties."""
    return {key: from_value(struct.fields[key]) for key in sorted(struct.fields)}


def plain(value: Any) -> Any:
    """The value without its secret marks, at any depth."""
    if isinstance(value, Secret):
        return plain(value.value)
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def leaves(value: Any) -> Iterator[Any]:
    """Every value inside this one, itself first: wrappers, containers and leaves."""
    yield value
    inner: Any = ()
    if isinstance(value, Secret):
        inner = (value.value,)
    elif isinstance(value, dict):
        inner = value.values()
    elif isinstance(value, list):
        inner = value
    for item in inner:
        yield from leaves(item)


def has_secret(value: Any) -> bool:
    """Whether there is a secret in the value, at any depth."""
    return any(isinstance(item, Secret) for item in leaves(value))


def has_unknown(value: Any) -> bool:
    """Whether there is an unknown in the value, at any depth."""
    return any(isinstance(item, Unknown) for item in leaves(value))


def go_text(value: Any) -> str:
    """The value as the engine prints it in a check failure: a secret's text is in it, in clear."""
    if isinstance(value, Secret):
        return f"&{{{{{go_text(value.value)}}}}}"
    if isinstance(value, dict):
        return f"map[{' '.join(f'{k}:{{{go_text(v)}}}' for k, v in sorted(value.items()))}]"
    if isinstance(value, list):
        return f"[{' '.join(f'{{{go_text(item)}}}' for item in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    return "<nil>" if value is None else str(value)


def annotate_secrets(answer: Properties, asked: Mapping[str, Any]) -> None:
    """Put the secret marks of what was sent back on what came, by equal keys, in place."""
    for key, sent in asked.items():
        if key not in answer:
            continue
        came = answer[key]
        if isinstance(came, dict) and isinstance(sent, dict):
            annotate_secrets(came, sent)
        elif not isinstance(came, Secret) and has_secret(sent):
            answer[key] = Secret(came)
