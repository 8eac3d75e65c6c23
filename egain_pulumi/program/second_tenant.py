"""PROGRAM SIDE: explicit providers, for objects in another tenant."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import pulumi

from ..names import wire_name
from ..schema.complaint import Code, Complaint
from ..schema.model import Path


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
        self.plain = {name: value for name, value in arguments.items() if isinstance(value, str)}
        super().__init__("pulumi-python", resource_name, inputs, opts)


def _text(value: Any) -> Any:
    """Return a value as text, as configuration has it; an Output later."""
    if isinstance(value, pulumi.Output):
        return value.apply(_text)
    return str(value).lower() if isinstance(value, bool) else str(value)


def provider_of(opts: pulumi.ResourceOptions | None, token: str) -> pulumi.ProviderResource | None:
    """Return a resource's explicit provider, its own or its parent's; None for the default one."""
    if opts is None:
        return None
    if opts.provider is not None:
        return opts.provider
    return opts.parent.get_provider(token) if opts.parent is not None else None


def setting(provider: pulumi.ProviderResource | None, name: str) -> str | None:
    """Return a setting as the plugin will read it, if the program knows it."""
    if isinstance(provider, Provider):
        return provider.plain.get(name)
    variable = f"EGAIN_{name.upper()}"
    return os.environ.get(variable) or pulumi.Config("egain").get(wire_name(name))


def tenant_address(provider: pulumi.ProviderResource | None) -> str | None:
    """Return the base URL of a provider's tenant, if the program knows it."""
    return (setting(provider, "base_url") or "").rstrip("/") or None


def foreign_references(value: Any, home: str | None, path: Path = ()) -> Iterator[Complaint]:
    """Yield complaints about references to objects that are known to be in another tenant."""
    there = getattr(value, "tenant_address", None) if isinstance(value, pulumi.Resource) else None
    if home and there and there != home:
        text = (
            f'{type(value).__name__} "{value._name}" lives in {there}, but this resource in '
            f"{home}; use an object of the same tenant"
        )
        yield Complaint(path, Code.WRONG_REFERENCE, text)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from foreign_references(item, home, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from foreign_references(item, home, (*path, index))
