"""What a policy sees of an eGain object: its inputs, in clear, some of them not known yet.

Pulumi gives policies every secret in clear. So a violation quotes no value, only paths.

In a preview an id that eGain has yet to draw, and whatever is computed from it, is not known.
Nothing can be said about it then; `up` asks again, when it is.
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
    """Stands for a value that is only known at `up`."""


UNKNOWN: Final = Unknown()


def declared(resource: Resource, *kinds: str) -> bool:
    """Whether the program declares this object, and it is one of these kinds.

    What `find` and `get` brought is somebody else's.
    """
    kind = resource.resource_type.removeprefix(_TOKEN)
    ours = resource.resource_type.startswith(_TOKEN) and kind in kinds
    return ours and at(resource, "find") is None and at(resource, "get") is None


def at(resource: Resource, *path: str) -> Any:
    """A declared value; None where nothing is declared, UNKNOWN where nothing can be said."""
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
    """Path and text of a field of every role of a client application, where it is known."""
    declared_roles = at(resource, "roles")
    for role in declared_roles if isinstance(declared_roles, Mapping) else ():
        value = at(resource, "roles", role, field)
        if isinstance(value, str):
            yield f"roles.{role}.{field}", value
