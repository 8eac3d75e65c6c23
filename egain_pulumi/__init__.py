"""eGain Conversation Manager v3 as code: six kinds of object, declared in Python, run by Pulumi."""

from .errors import EgainError
from .icon import icon_file
from .resources.authentication import AuthenticationResource
from .resources.client_application import ClientApplicationResource

__all__ = [
    "AuthenticationResource",
    "ClientApplicationResource",
    "EgainError",
    "icon_file",
]
