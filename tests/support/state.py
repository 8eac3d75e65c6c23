"""What the engine remembers between two operations, and how a state export would show it."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.support.values import SECRET_SIGNATURE, SIGNATURE_KEY, Properties, Secret


def make_urn(stack: str, project: str, type: str, name: str, parent: str = "") -> str:
    """The URN of a resource; a parent other than the stack shows its types in it."""
    qualified = type
    if parent:
        above = parent.split("::")[2]
        if above != "pulumi:pulumi:Stack":
            qualified = f"{above}${type}"
    return f"urn:pulumi:{stack}::{project}::{qualified}::{name}"


@dataclass
class Resource:
    """One resource of the state. `inputs` are checked inputs, `outputs` the provider's answer."""

    urn: str
    type: str
    inputs: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)
    id: str = ""
    custom: bool = True
    external: bool = False
    delete: bool = False
    """Replaced already; what is left to do is the deletion."""
    pending_replacement: bool = False
    """Deleted already; what is left to do is the creation."""
    init_errors: list[str] = field(default_factory=list)
    provider: str = ""
    parent: str = ""
    dependencies: list[str] = field(default_factory=list)
    additional_secret_outputs: list[str] = field(default_factory=list)
    protect: bool = False
    retain_on_delete: bool = False
    timeouts: dict[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def kind(self) -> str:
        """The last part of the type token (`Channel`)."""
        return self.type.rpartition(":")[2]

    @property
    def provider_token(self) -> Any:
        """The `__provider` of the inputs, marked as secret or not."""
        return self.inputs.get("__provider")

    def copy(self) -> Resource:
        """A deep copy, as the engine makes one before it changes a state."""
        return copy.deepcopy(self)

    def mark_secrets(self) -> None:
        """The last pass over the outputs of a step: declared secret outputs, secret inputs."""
        for key, value in self.outputs.items():
            secret_input = isinstance(self.inputs.get(key), Secret)
            declared = key in self.additional_secret_outputs
            if not isinstance(value, Secret) and (secret_input or declared):
                self.outputs[key] = Secret(value)


@dataclass
class State:
    """All resources, in the order in which they were made."""

    resources: list[Resource] = field(default_factory=list)

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources)

    def __len__(self) -> int:
        return len(self.resources)

    def __getitem__(self, name: str) -> Resource:
        """The managed resource with this logical name; an error if there are none or several."""
        found = [r for r in self.managed() if r.name == name and not r.delete]
        if len(found) != 1:
            raise KeyError(f"{len(found)} resources are called {name!r}")
        return found[0]

    def __contains__(self, name: object) -> bool:
        return any(r.name == name and not r.delete for r in self.managed())

    def managed(self) -> list[Resource]:
        """The resources of dynamic providers; not the stack, not the providers, no components."""
        return [r for r in self.resources if r.custom and not is_provider(r.type)]

    def find(self, urn: str) -> Resource | None:
        """The live resource with this URN."""
        return next((r for r in self.resources if r.urn == urn and not r.delete), None)

    def put(self, new: Resource, old: Resource | None = None) -> None:
        """Record a state in the place of the old one, or at the end."""
        if old is not None and any(r is old for r in self.resources):
            self.resources = [new if r is old else r for r in self.resources]
        else:
            self.resources.append(new)

    def drop(self, old: Resource) -> None:
        """Forget a resource."""
        self.resources = [r for r in self.resources if r is not old]

    def copy(self) -> State:
        """A deep copy, for previews, which change nothing."""
        return copy.deepcopy(self)

    def export(self) -> dict[str, Any]:
        """As `pulumi stack export`: secret values are ciphertext, everything else is as stored."""
        number = itertools.count(1)
        return {
            "version": 3,
            "deployment": {"resources": [_exported(r, number) for r in self.resources]},
        }


def is_provider(type: str) -> bool:
    """Whether a type token is that of a provider resource."""
    return type.startswith("pulumi:providers:")


def _exported(resource: Resource, number: Iterator[int]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "urn": resource.urn,
        "type": resource.type,
        "custom": resource.custom,
        "id": resource.id,
        "inputs": sealed(resource.inputs, number),
        "outputs": sealed(resource.outputs, number),
        "provider": resource.provider,
        "parent": resource.parent,
        "dependencies": resource.dependencies,
        "initErrors": resource.init_errors,
        "external": resource.external,
        "delete": resource.delete,
        "pendingReplacement": resource.pending_replacement,
        "protect": resource.protect,
        "retainOnDelete": resource.retain_on_delete,
        "additionalSecretOutputs": resource.additional_secret_outputs,
        "customTimeouts": resource.timeouts,
    }
    return {key: value for key, value in shown.items() if value not in ("", [], {}, False)}


def sealed(value: Any, number: Iterator[int]) -> Any:
    """The value with every secret replaced by a numbered stand-in for its ciphertext."""
    if isinstance(value, Secret):
        return {SIGNATURE_KEY: SECRET_SIGNATURE, "ciphertext": f"sealed-{next(number)}"}
    if isinstance(value, dict):
        return {key: sealed(inner, number) for key, inner in value.items()}
    if isinstance(value, list):
        return [sealed(inner, number) for inner in value]
    return value
