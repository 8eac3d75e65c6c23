"""The base of every model, the markers that say what is true of a field, and its JSON types.

Pure: no I/O, and nothing of Pulumi. A model describes what a *program* writes (snake_case,
keyed lists as mappings, references as `{"id": …}`); how that travels is in `shape`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict

Path = tuple[str | int, ...]

Problem = tuple[Path, str]


@dataclass(frozen=True, slots=True)
class Secret:
    """Encrypted in state, never compared with what eGain answers, never shown."""


@dataclass(frozen=True, slots=True)
class Unique:
    """eGain refuses a second object of this kind with the same value (contract: `x-unique`)."""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """An update may not be able to change it: it is read back after the PUT
    (docs/rules.md#replacement)."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """The limits of this field are a guess of the contract: breaking one is a warning.

    The JSON type is never assumed, nor is the key of a keyed list.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Keyed:
    """A mapping in programs and state, a list of objects on the wire.

    `by` is the wire name of the key. With `value`, each item has just that one other field.
    `caseless` keys are the same whatever their case (header names).
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
    """A list of plain words whose order and repetitions mean nothing."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Tells the items of a list apart, so that attributes we do not model stay with theirs."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The id of another object. `to` is its resource class; None: made in eGain's console.

    `bare` references are plain text on the wire, the others `{"id": …}`.
    """

    to: str | None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Icon:
    """Base64 text, or `{"path", "sha256"}` made by `icon_file`."""


def _whole(value: Any) -> Any:
    # The engine carries every number as a float: 5 arrives as 5.0.
    return int(value) if isinstance(value, float) and value.is_integer() else value


Text = Annotated[str, Strict()]
Flag = Annotated[bool, Strict()]
Integer = Annotated[int, Strict(), BeforeValidator(_whole)]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]


class Part(BaseModel):
    """An object inside a resource. Unknown fields are mistakes: they would be lost silently."""

    # Values stay out of pydantic's messages: any of them may be a secret.
    # Built at the first validation: most processes meet only some of the kinds.
    model_config = ConfigDict(
        extra="forbid", hide_input_in_errors=True, frozen=True, defer_build=True
    )

    @classmethod
    def mistakes(cls, value: Mapping[str, Any]) -> Iterator[Problem]:
        """What cannot be sent at all, whatever a tenant may know; like `errors`, below."""
        yield from ()

    @classmethod
    def errors(cls, value: Mapping[str, Any]) -> Iterator[Problem]:
        """Rules across fields, as (path, text). A field of `value` may be `complaints.UNKNOWN`;
        what is said about such a field is dropped."""
        yield from ()

    @classmethod
    def advice(cls, value: Mapping[str, Any]) -> Iterator[Problem]:
        """What is probably a mistake, but eGain may accept."""
        yield from ()


ObjectId = Annotated[Text, Field(min_length=36, max_length=36)]


class Link(Part):
    """How eGain writes a reference to another object (contract: `ObjectId`)."""

    id: ObjectId = Field(description="Identifier of the object.")


class AssumedLink(Part):
    """The same where the contract only assumes the length of the id."""

    id: Annotated[ObjectId, Assumed("length taken from other identifiers")] = Field(
        description="Identifier of the object."
    )


class ConsoleLink(Part):
    """A reference to something made in eGain's console, outside this API."""

    id: Text = Field(description="Identifier shown in the console.")


class Model(Part):
    """One kind of eGain object: everything that a program may say about it."""

    label: ClassVar[str]
    """What people call it, in messages: `client application`."""
    vendor_page: ClassVar[str]
    find_by: ClassVar[tuple[str, ...]] = ()
    """What `find` accepts: `role`, `name` or `type`."""
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
