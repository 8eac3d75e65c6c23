"""What a program asks for: goals of registrations, and resources declared without a program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider

from tests.support.state import Resource
from tests.support.values import UNKNOWN, Properties, Secret, normalise

ProviderClass: TypeAlias = type[ResourceProvider]


@dataclass
class Options:
    """The resource options that this engine knows; the names are the SDK's."""

    delete_before_replace: bool | None = None
    replace_on_changes: list[str] = field(default_factory=list)
    ignore_changes: list[str] = field(default_factory=list)
    additional_secret_outputs: list[str] = field(default_factory=list)
    protect: bool = False
    retain_on_delete: bool = False
    aliases: list[str] = field(default_factory=list)
    """URNs under which the resource was known before."""
    timeouts: dict[str, float] = field(default_factory=dict)
    """Seconds by verb (`create`, `update`, `delete`, `read`)."""


@dataclass
class Goal:
    """One registration as it reaches the engine; with `id` it is a read (`get`)."""

    urn: str
    type: str
    inputs: Properties
    provider: str = ""
    parent: str = ""
    custom: bool = True
    id: Any = ""
    dependencies: list[str] = field(default_factory=list)
    options: Options = field(default_factory=Options)

    def resource(self, inputs: Properties) -> Resource:
        """A new state for this goal, without an id and without outputs yet."""
        return Resource(
            urn=self.urn,
            type=self.type,
            inputs=inputs,
            custom=self.custom,
            provider=self.provider,
            parent=self.parent,
            dependencies=list(self.dependencies),
            additional_secret_outputs=list(self.options.additional_secret_outputs),
            protect=self.options.protect,
            retain_on_delete=self.options.retain_on_delete,
            timeouts=dict(self.options.timeouts),
        )


_texts: dict[str, str] = {}
"""Made once a class: every call of `serialize_provider` patches the pickler a little deeper."""


def provider_text(provider: ProviderClass) -> str:
    """`__provider` of a class, exactly as the SDK makes it."""
    name = f"{provider.__module__}.{provider.__qualname__}"
    if name not in _texts:
        _texts[name] = str(serialize_provider(provider()))
    return _texts[name]


@dataclass(frozen=True)
class Ref:
    """A value of another declared resource: its `id`, or an output by path (`a.b.0`)."""

    name: str
    path: str = "id"
    apply: Callable[[Any], Any] | None = None

    def resolve(self, resource: Resource) -> Any:
        """The value as the program would see it; an output that is not there yet is unknown."""
        if self.path == "id":
            found: Any = resource.id or UNKNOWN
        else:
            found = resource.outputs
            for part in self.path.split("."):
                found = _inner(found, part)
        if self.apply is None or found is UNKNOWN:
            return found
        if isinstance(found, Secret):
            return Secret(normalise(self.apply(found.value)))
        return normalise(self.apply(found))


def _inner(value: Any, part: str) -> Any:
    if value is UNKNOWN:
        return UNKNOWN
    if isinstance(value, Secret):
        return Secret(_inner(value.value, part))
    if isinstance(value, list):
        return value[int(part)]
    return value.get(part, UNKNOWN)


@dataclass(frozen=True)
class Declared:
    """A resource declared without a program: what `dynamic.Resource` would send to the engine.

    `provider` is the provider class (serialized as the SDK does), or a ready text for `__provider`.
    Inputs may hold `Secret`, `Ref` and, for tests of previews, `UNKNOWN`.
    """

    type: str
    name: str
    provider: ProviderClass | str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    id: Any = ""
    options: Options = field(default_factory=Options)
    depends_on: Sequence[str] = ()

    def program_inputs(self, known: Mapping[str, Resource]) -> Properties:
        """The inputs with references resolved and `__provider` added."""
        found = {k: _resolved(v, known) for k, v in self.inputs.items() if v is not None}
        text: Any = self.provider
        if not isinstance(self.provider, str):
            text = provider_text(self.provider)
            # The SDK's default, unless the class says otherwise.
            if getattr(self.provider, "serialize_as_secret_always", True):
                text = Secret(text)
        return {**found, "__provider": text}

    def needs(self) -> list[str]:
        """The names of the resources that this one refers to, each once, in order."""
        return list(dict.fromkeys([*self.depends_on, *_references([self.id, self.inputs])]))


def _resolved(value: Any, known: Mapping[str, Resource]) -> Any:
    if isinstance(value, Ref):
        return value.resolve(known[value.name])
    if isinstance(value, Secret):
        inner = _resolved(value.value, known)
        return Secret(inner.value if isinstance(inner, Secret) else inner)
    if isinstance(value, Mapping):
        return {str(k): _resolved(v, known) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_resolved(item, known) for item in value]
    return normalise(value)


def resolved_id(declared: Declared, known: Mapping[str, Resource]) -> Any:
    """The id of a `get`, which may be a reference or unknown."""
    found = _resolved(declared.id, known)
    return found.value if isinstance(found, Secret) else found


def _references(value: Any) -> list[str]:
    if isinstance(value, Ref):
        return [value.name]
    if isinstance(value, Secret):
        return _references(value.value)
    if isinstance(value, Mapping):
        return [name for inner in value.values() for name in _references(inner)]
    if isinstance(value, list | tuple):
        return [name for inner in value for name in _references(inner)]
    return []
