"""PROGRAM SIDE: explicit providers, for objects in another tenant."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi.runtime import get_root_resource, settings

from ..names import public_address, wire_name
from ..schema.complaint import Code, Complaint
from ..schema.model import Path
from .problems import current_report

PACKAGE: Final = "pulumi-python"
"""Pulumi's name of the plugin host, by which `providers` finds a provider."""


class Provider(pulumi.ProviderResource):
    """A second tenant, besides the one in the stack's configuration.

    Resources with `opts=pulumi.ResourceOptions(provider=eu)` live in it. Its only settings are its
    arguments: it ignores the `egain:` configuration and the `EGAIN_*` variables. The arguments
    are the settings of `docs/reference/settings.md` in snake_case.

    Set either `client_id` and `client_secret`, which the state keeps, the secret encrypted; or
    `credentials_env`: with "EGAIN_EU" the plugin reads `EGAIN_EU_CLIENT_ID` and
    `EGAIN_EU_CLIENT_SECRET`, and stores nothing.

    `pulumi refresh` and `pulumi destroy` use the arguments of the last `pulumi up`. After you
    rotate a stored secret, run `pulumi up` first; `credentials_env` needs no such step.
    """

    def __init__(
        self,
        resource_name: str,
        *,
        base_url: pulumi.Input[str],
        token_url: pulumi.Input[str],
        client_id: pulumi.Input[str] | None = None,
        client_secret: pulumi.Input[str] | None = None,
        credentials_env: str | None = None,
        scope: pulumi.Input[str] | None = None,
        requests_per_second: pulumi.Input[float] | None = None,
        max_concurrency: pulumi.Input[int] | None = None,
        request_timeout_seconds: pulumi.Input[float] | None = None,
        operation_timeout_seconds: pulumi.Input[float] | None = None,
        on_conflict: pulumi.Input[str] | None = None,
        allow_delete: pulumi.Input[bool] | None = None,
        validation: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        stored = credentials_env is None
        if (client_id is not None, client_secret is not None) != (stored, stored):
            raise pulumi.RunError(
                f'Provider "{resource_name}": set either client_id and client_secret, or '
                "credentials_env."
            )
        arguments: dict[str, Any] = {
            "base_url": base_url,
            "token_url": token_url,
            "client_id": client_id,
            "client_secret": None if client_secret is None else pulumi.Output.secret(client_secret),
            "credentials_env": credentials_env,
            "scope": scope,
            "requests_per_second": requests_per_second,
            "max_concurrency": max_concurrency,
            "request_timeout_seconds": request_timeout_seconds,
            "operation_timeout_seconds": operation_timeout_seconds,
            "on_conflict": on_conflict,
            "allow_delete": allow_delete,
            "validation": validation,
            "explicit": True,
        }
        inputs = {
            f"egain:{wire_name(name)}": _text(value)
            for name, value in arguments.items()
            if value is not None
        }
        self._plain = {name: value for name, value in arguments.items() if isinstance(value, str)}
        current_report().second_tenant = True
        super().__init__(PACKAGE, resource_name, inputs, opts)


def _text(value: Any) -> Any:
    """Return a value as text, as configuration has it; an Output later."""
    if isinstance(value, pulumi.Output):
        return value.apply(_text)
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class Home:
    """The tenant that a resource will live in, as far as the program can tell."""

    provider: pulumi.ProviderResource | None
    """None is the stack's own tenant."""
    is_certain: bool
    """Whether no transform may give it another provider: then rules about the tenant are left to
    `check`."""

    @property
    def address(self) -> str | None:
        """The base URL of the tenant, if the program has it as plain text."""
        url = setting(self.provider, "base_url") if self.is_certain else None
        return (url or "").rstrip("/") or None


def home(opts: pulumi.ResourceOptions | None) -> Home:
    """Return the tenant of a resource with these options; the SDK chooses the provider alike."""
    opts = opts or pulumi.ResourceOptions()
    above = opts.parent._providers if opts.parent is not None else {}
    own = {PACKAGE: opts.provider} if opts.provider and opts.provider.package == PACKAGE else {}
    provider = {**above, **_by_package(opts), **own}.get(PACKAGE)
    return Home(provider, not current_report().second_tenant or not _is_transformed(opts))


def _by_package(opts: pulumi.ResourceOptions) -> Mapping[str, pulumi.ProviderResource]:
    given = opts.providers or {}
    return given if isinstance(given, Mapping) else {each.package: each for each in given}


def _is_transformed(opts: pulumi.ResourceOptions) -> bool:
    """Return whether a transform may change the options.

    Children cannot see the transforms of a component. Relies on the SDK's private list of callback
    servers, which answer for transforms. Without it: those of the stack are not seen.
    """
    root = get_root_resource()
    parent = opts.parent if opts.parent is not None else root
    above = getattr(parent, "_home", None)
    may_hide = parent is not root and not (isinstance(above, Home) and above.is_certain)
    inherited = parent is not None and bool(parent._transformations)
    of_stack = getattr(getattr(settings, "_CallbackServicer", None), "_servicers", ())
    return bool(opts.transforms or opts.transformations or inherited or may_hide or of_stack)


def misnamed_providers(opts: pulumi.ResourceOptions | None) -> Iterator[Complaint]:
    """Yield a complaint if `providers`, own or a component's, names a Provider by a wrong key."""
    opts = opts or pulumi.ResourceOptions()
    above = opts.parent._providers if opts.parent is not None else {}
    for key, each in {**above, **_by_package(opts)}.items():
        if isinstance(each, Provider) and key != PACKAGE:
            text = f'Pulumi ignores the key "{key}"; write providers=[…], or the key "{PACKAGE}"'
            yield Complaint(("providers",), Code.RULE, text)


def setting(provider: pulumi.ProviderResource | None, name: str) -> str | None:
    """Return a setting as the plugin will read it, if the program knows it."""
    if provider is not None:
        return provider._plain.get(name) if isinstance(provider, Provider) else None
    variable = f"EGAIN_{name.upper()}"
    return os.environ.get(variable) or pulumi.Config("egain").get(wire_name(name))


def foreign_references(value: Any, here: str | None, path: Path = ()) -> Iterator[Complaint]:
    """Yield complaints about references to objects that are known to be in another tenant."""
    lives = getattr(value, "_home", None) if isinstance(value, pulumi.Resource) else None
    there = lives.address if isinstance(lives, Home) else None
    if here and there and there != here:
        text = (
            f'{type(value).__name__} "{value._name}" lives in {public_address(there)}, but '
            f"this resource in {public_address(here)}; use an object of the same tenant"
        )
        yield Complaint(path, Code.WRONG_REFERENCE, text)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from foreign_references(item, here, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from foreign_references(item, here, (*path, index))
