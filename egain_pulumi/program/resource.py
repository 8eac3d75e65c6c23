"""PROGRAM SIDE: the base of the resource classes, with all that their constructors do.

Mistakes that the program itself can see are listed all at once, before Pulumi is called. The engine
stops at the first resource whose `check` fails, so `check` then only says how many problems there
are.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, ParamSpec, Self, TypeAlias, TypedDict, cast

import pulumi

from ..provider import EgainProvider
from ..schema import complaint, state
from ..schema.arguments import duplicate, validate, validate_find, validate_import
from ..schema.complaint import Complaint, Weight
from ..schema.declared import Declared, Origin
from ..schema.declared import criteria as criteria_of
from ..schema.model import Model
from ..schema.secrets import mark_secrets
from ..schema.state import PROVIDER
from .inputs import is_pending, to_declaration, with_unknowns
from .options import kept, refused_options, split_import, without_id
from .problems import current_report
from .second_tenant import Home, foreign_references, home, misnamed_providers, setting
from .secrets import secret_paths

P = ParamSpec("P")


class ReferenceArgs(TypedDict):
    """A reference as eGain writes it."""

    id: pulumi.Input[str]


ReferenceInput: TypeAlias = "EgainResource | pulumi.Input[str] | pulumi.Input[ReferenceArgs]"


def declares(signature: Callable[P, None]) -> Callable[P, None]:
    """Return a constructor that declares its arguments. Unknown and missing arguments join the
    report of all mistakes."""
    parameters = inspect.signature(signature).parameters
    defaults = {
        name: None if p.default is p.empty else p.default
        for name, p in parameters.items()
        if p.kind is p.KEYWORD_ONLY and name != "opts"
    }

    # Must have this name, and call no other function of this name: Pulumi takes the frame above
    # the third `__init__` for the line of the program that declares a resource.
    @functools.wraps(signature)
    def __init__(
        self: EgainResource,
        resource_name: str,
        *,
        opts: pulumi.ResourceOptions | None = None,
        **given: Any,
    ) -> None:
        self._declare(resource_name, {**defaults, **given}, opts)

    return cast(Callable[P, None], __init__)


class EgainResource(pulumi.CustomResource):
    """An eGain object in a program: the base class of the six kinds.

    A dynamic resource without its base class, since `pulumi.dynamic.Resource` pickles the provider
    again for every resource, and differently in another Python version.
    """

    kind: ClassVar[type[EgainProvider]]
    fields: ClassVar[tuple[str, ...]]
    """The attributes of the class: the fields of its model."""
    # Private, since Pulumi exports a resource with all public attributes.
    _deletes_first: bool = False
    """Whether it has `delete_before_replace`."""
    _home: Home
    _is_declared: bool = False

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        # Pulumi evaluates annotations again for every resource; ours say no more than JSON does.
        cls.fields, cls.__annotations__ = tuple(vars(cls).get("__annotations__", ())), {}

    def __getattr__(self, name: str) -> pulumi.Output[None]:
        """Return an undeclared field. Created on demand, since Pulumi waits for every Output."""
        if self._is_declared and name in type(self).fields:
            return pulumi.Output.from_input(None)
        raise AttributeError(f"{type(self).__name__} has no attribute {name}", name=name, obj=self)

    def _declare(
        self,
        resource_name: str,
        arguments: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        kind = self.kind.as_kind()
        problems: list[Complaint] = []
        given = dict(arguments)
        # Always managed, even if an Output turns out to be None.
        given["active"] = _default_to_true(given.get("active"))
        declared = to_declaration(kind.tree, given, (), problems.append)
        self._is_declared = True
        self._deletes_first = bool(opts and opts.delete_before_replace)
        wanted, opts = split_import(opts)
        if wanted is not None:
            problems += validate_import(kind, wanted)
        self._home = home(opts)
        problems += [*refused_options(opts), *misnamed_providers(opts)]
        problems += self._duplicates(resource_name, kept(declared, opts))
        problems += foreign_references(given, self._home.address)
        found = problems + validate(kind.model, with_unknowns(declared))
        refused, warned = self._report(resource_name, found)
        if refused:
            # Pulumi makes every key an attribute; none of them ever gets a value.
            inputs: dict[str, Any] = dict.fromkeys(kind.tree.slots)
            opts = without_id(opts)
        else:
            inputs = mark_secrets(kind.tree, declared, pulumi.Output.secret, is_pending)
            if wanted is not None:
                inputs[state.IMPORT] = wanted
        about: dict[str, Any] = {"said": warned, "secret": secret_paths(declared)}
        if self._deletes_first:
            about["deletes_first"] = True
        self._register(resource_name, inputs, opts, about)
        self._add_to_hub(kept(declared, opts), Origin.MANAGED)

    def _report(self, resource_name: str, found: list[Complaint]) -> tuple[bool, list[str]]:
        """Log complaints. Returns whether there are errors, and the warnings."""
        if not self._home.is_certain:  # another tenant may accept more
            found = [each for each in found if each.weight is not Weight.LIMIT]
        # Looked up only if there are complaints, since it takes time.
        strict = (setting(self._home.provider, "validation") if found else None) or "error"
        errors, warnings = complaint.errors_and_warnings(found, strict)
        subject = f'{self.kind.as_kind().label} "{resource_name}"'
        return bool(errors), current_report().add(subject, errors, warnings)

    def _register(
        self,
        resource_name: str,
        inputs: dict[str, Any],
        opts: pulumi.ResourceOptions | None,
        about: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        program = {"problems": current_report().total(), **about}
        internal = {state.PROGRAM: program, PROVIDER: self.kind.reference()}
        super().__init__(type_token(self.kind.model), resource_name, inputs | internal, opts)

    def _add_to_hub(self, declared: Mapping[str, Any], origin: Origin) -> None:
        tenant = f"{id(self._home.provider if self._home.is_certain else self)}"
        part = Declared(self.kind.as_kind(), self._name, declared, self.id, tenant, origin)
        current_report().declared.append(part)

    def _duplicates(self, resource_name: str, declared: Mapping[str, Any]) -> list[Complaint]:
        """Return a complaint if another declared object has the same unique value."""
        kind = self.kind.as_kind()
        field = kind.unique
        value = declared.get(field) if field else None
        if field is None or not isinstance(value, str) or not self._home.is_certain:
            return []
        tenant = id(self._home.provider)
        first = current_report().first_to_declare((kind.model, tenant, value), resource_name)
        return [] if first == resource_name else [duplicate(kind, field, first)]

    @classmethod
    def _find(
        cls,
        resource_name: str,
        criteria: Mapping[str, str | None],
        opts: pulumi.ResourceOptions | None,
    ) -> Self:
        kind = cls.kind.as_kind()
        given = {key: value for key, value in criteria.items() if value is not None}
        inputs: dict[str, Any] = {state.FIND: given, kind.field: None}
        keep = pulumi.ResourceOptions(retain_on_delete=True)
        opts = pulumi.ResourceOptions.merge(opts, keep)
        problems = validate_find(kind, with_unknowns(given))
        made = cls._construct(resource_name, inputs, opts, problems)
        made._add_to_hub(criteria_of(given), Origin.FOUND)
        return made

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """Read an existing object by its id; it is never changed or deleted.

        Previews read it too, and therefore need credentials. Every field that is not a secret is
        an output. An id that eGain does not know is an error.
        """
        inputs: dict[str, Any] = dict.fromkeys(cls.kind.as_kind().tree.slots) | {state.GET: True}
        read = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        made = cls._construct(resource_name, inputs, read)
        # An SDK newer than the CLI treats the id as unknown in previews, and so every object that
        # refers to it as changed.
        made.__dict__["id"] = pulumi.Output.all(made.urn, id).apply(lambda both: both[1])
        made._add_to_hub({}, Origin.GOT)
        return made

    @classmethod
    def _construct(
        cls,
        resource_name: str,
        inputs: dict[str, Any],
        opts: pulumi.ResourceOptions,
        problems: Iterable[Complaint] = (),
    ) -> Self:
        made = cls.__new__(cls)
        made._home = home(opts)
        made._report(resource_name, [*misnamed_providers(opts), *problems])
        made._register(resource_name, inputs, opts)
        for mark in (state.FIND, state.GET):
            made.__dict__.pop(mark, None)  # made an attribute by Pulumi, in place of the method
        return made


def type_token(model: type[Model]) -> str:
    """Return Pulumi's name of a kind, part of every URN: `pulumi-python:dynamic/egain:Channel`."""
    return f"pulumi-python:dynamic/egain:{model.__name__.removesuffix('Model')}"


def _default_to_true(active: Any) -> Any:
    if isinstance(active, pulumi.Output):
        return active.apply(lambda value: True if value is None else value)
    return True if active is None else active
