"""The inputs of an eGain object, as Pulumi gives them to a policy.

Secrets are in plain text, so a violation quotes no value, only paths.

In a preview the id of a new object is unknown, and so is what is computed from it. A rule skips
unknown values; `up` runs the rules again when they are known.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pulumi_policy import PolicyResource, ResourceValidationArgs
from pulumi_policy.proxy import UnknownValueError

Resource = ResourceValidationArgs | PolicyResource

AUTHENTICATION: Final = "Authentication"
APPLICATION: Final = "ClientApplication"
PARTICIPANT: Final = "Participant"
CHANNEL: Final = "Channel"
ORCHESTRATION: Final = "Orchestration"
ACCOUNT: Final = "Account"
KINDS: Final = (AUTHENTICATION, APPLICATION, PARTICIPANT, CHANNEL, ORCHESTRATION, ACCOUNT)

_TOKEN: Final = "pulumi-python:dynamic/egain:"


class Unknown:
    """Stands for a value that only `up` knows."""


UNKNOWN: Final = Unknown()


def declared(resource: Resource, *kinds: str) -> bool:
    """Whether the program declares this object, and it is of one of these kinds.

    Objects from `find` and `get` are not declared by this program.
    """
    kind = resource.resource_type.removeprefix(_TOKEN)
    ours = resource.resource_type.startswith(_TOKEN) and kind in kinds
    return ours and at(resource, "find") is None and at(resource, "get") is None


def at(resource: Resource, *path: str) -> Any:
    """Return a declared value, None if nothing is declared, UNKNOWN if it is not known yet."""
    value: Any = resource.props
    for key in path:
        if not isinstance(value, Mapping):
            return None if value is None else UNKNOWN
        try:
            value = value.get(key)
        except UnknownValueError:
            return UNKNOWN
    return value


def roles(resource: Resource, field: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of a field of each role of a client application, if it is known."""
    declared_roles = at(resource, "roles")
    for role in declared_roles if isinstance(declared_roles, Mapping) else ():
        value = at(resource, "roles", role, field)
        if isinstance(value, str):
            yield f"roles.{role}.{field}", value
