"""A public address that is drawn when it is made, as a cloud draws one for a function.

It stands for what your cloud has (`FunctionUrl` of `pulumi_aws.lambda_`, say), so that this example
runs without one: nothing listens there.
"""

from __future__ import annotations

import secrets
from typing import Any

import pulumi
from pulumi.dynamic import (
    CreateResult,
    DiffResult,
    Resource,
    ResourceProvider,
    UpdateResult,
)


class EndpointProvider(ResourceProvider):
    """Draws the address. Another region is another address, and with it another object."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Called by `pulumi up` only: a preview knows no address."""
        id = secrets.token_hex(8)
        return CreateResult(id, {**props, "url": f"https://{id}.{props['region']}.example.com/"})

    def diff(self, id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """What may change in place, and what may not."""
        replaces = ["region"] if olds["region"] != news["region"] else []
        return DiffResult(replaces=replaces)

    def update(self, id: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """All but the region changes in place, and the address stays."""
        return UpdateResult({**news, "url": olds["url"]})


class Endpoint(Resource, module="example", name="Endpoint"):
    """The address of one function."""

    url: pulumi.Output[str]

    def __init__(
        self, resource_name: str, *, region: pulumi.Input[str], release: pulumi.Input[str]
    ) -> None:
        super().__init__(
            EndpointProvider(), resource_name, {"region": region, "release": release, "url": None}
        )
