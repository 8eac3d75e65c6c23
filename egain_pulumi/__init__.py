"""eGain Conversation Manager v3 as code: six kinds of object, declared in Python, run by Pulumi."""

from .garbage import search_rarely

search_rarely()

from .errors import EgainError
from .icon import icon_file
from .resources.account import AccountResource
from .resources.authentication import AuthenticationResource
from .resources.channel import ChannelResource
from .resources.client_application import ClientApplicationResource
from .resources.orchestration import OrchestrationResource
from .resources.participant import ParticipantResource
from .second_tenant import Provider
from .stack import check_stack

__all__ = [
    "AccountResource",
    "AuthenticationResource",
    "ChannelResource",
    "ClientApplicationResource",
    "EgainError",
    "OrchestrationResource",
    "ParticipantResource",
    "Provider",
    "check_stack",
    "icon_file",
]
