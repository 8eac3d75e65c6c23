"""The base class of models, the markers on their fields, and their JSON types.

A model describes what a *program* writes (snake_case, keyed lists as mappings, references as
`{"id": …}`); `tree` converts that to eGain's JSON. Pure: no I/O, no Pulumi.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, Literal, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict

Path = tuple[str | int, ...]

Problem = tuple[Path, str]
"""Path and text."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Encrypted in state, never compared with eGain's answers, never shown."""


@dataclass(frozen=True, slots=True)
class Unique:
    """eGain refuses a second object of this kind with the same value (contract: `x-unique`)."""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """An update may not be able to change it, so it is read back after the PUT
    (docs/rules.md#replacement)."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """The contract guesses the limits of this field, so breaking one is only a warning.

    The JSON type is never assumed, nor is the key of a keyed list.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Keyed:
    """A mapping in programs and state, a list of objects on the wire.

    `by` is the wire name of the key. With `value`, each item has only that one other field.
    `caseless` keys compare without case (header names).
    """

    by: str
    value: str | None = None
    caseless: bool = False


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A list in programs and state, an object with this one key on the wire."""

    key: str


@dataclass(frozen=True, slots=True)
class Words:
    """A list of words whose order and repetitions have no meaning."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Identifies an item of a list, so that an update keeps its unmodelled attributes with it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The id of another object. `to` is its resource class, or None if eGain's console creates it.

    `bare` references are text on the wire, the others `{"id": …}`.
    """

    to: str | None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Icon:
    """Base64 text, or `{"path", "sha256"}` made by `icon_file`."""


def _whole(value: Any) -> Any:
    # The engine sends every number as a float: 5 arrives as 5.0.
    return int(value) if isinstance(value, float) and value.is_integer() else value


Text = Annotated[str, Strict()]
Flag = Annotated[bool, Strict()]
Integer = Annotated[int, Strict(), BeforeValidator(_whole)]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]


class JsonType(Enum):
    """The contract's type of a value."""

    TEXT = "text"
    WORD = "word"
    """Text of a fixed set."""
    NUMBER = "number"
    BOOLEAN = "boolean"
    ANY = "any"


def json_type(annotation: Any) -> JsonType:
    """Return the JSON type of a field's type, without its markers."""
    if get_origin(annotation) is Literal:
        return JsonType.WORD
    return _TYPES.get(annotation, JsonType.ANY)


_TYPES: Final = {
    str: JsonType.TEXT,
    int: JsonType.NUMBER,
    float: JsonType.NUMBER,
    bool: JsonType.BOOLEAN,
}


class Part(BaseModel):
    """An object inside a resource. An unknown field is a mistake, as it would be lost silently."""

    # Values are hidden in pydantic's messages, since any of them may be a secret. The validator is
    # built at the first validation, since most processes use only some of the kinds.
    model_config = ConfigDict(
        extra="forbid", hide_input_in_errors=True, frozen=True, defer_build=True
    )

    @classmethod
    def mistakes(cls, value: Mapping[str, Any]) -> Iterator[Problem]:
        """Yield what can never be sent, whatever `egain:validation` says; see `errors`."""
        yield from ()

    @classmethod
    def errors(cls, value: Mapping[str, Any]) -> Iterator[Problem]:
        """Yield broken rules across fields. A field of `value` may be `complaint.UNKNOWN`;
        problems of such a field are ignored."""
        yield from ()

    @classmethod
    def advice(cls, value: Mapping[str, Any]) -> Iterator[Problem]:
        """Yield what is probably a mistake, but may be accepted by eGain."""
        yield from ()


ObjectId = Annotated[Text, Field(min_length=36, max_length=36)]


class Link(Part):
    """A reference to another object as eGain writes it (contract: `ObjectId`)."""

    id: ObjectId = Field(description="Identifier of the object.")


class AssumedLink(Part):
    """The same, if the contract only assumes the length of the id."""

    id: Annotated[ObjectId, Assumed("length taken from other identifiers")] = Field(
        description="Identifier of the object."
    )


class ConsoleLink(Part):
    """A reference to something created in eGain's console, outside this API."""

    id: Text = Field(description="Identifier shown in the console.")


class Model(Part):
    """One kind of eGain object: the fields that a program may declare."""

    label: ClassVar[str]
    """Its name in messages: `client application`."""
    vendor_page: ClassVar[str]
    find_by: ClassVar[tuple[str, ...]] = ()
    """What `find` accepts: `role`, `name` or `type`."""
    find_words: ClassVar[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
    """The values that a criterion of `find` may have, if they are listed."""
    write_scope: ClassVar[str] = "app.conversation.conversationmgr.manage"
    read_scope: ClassVar[str] = "app.conversation.conversationmgr.read"
    undeclared_secrets: ClassVar[tuple[str, ...]] = ()
    """Wire names of secret attributes that are not modelled (`extra` carries them)."""


Name = Annotated[Text, Field(min_length=1, max_length=255)]
Description = Annotated[
    Text,
    Field(min_length=1, max_length=1023, description="Purpose, for people. Not empty."),
]
Active = Annotated[
    Flag, Field(description="Whether it is switched on. Always managed; True if left out.")
]
