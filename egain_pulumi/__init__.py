"""eGain Conversation Manager v3 as code: six kinds of objects as Pulumi resources in Python."""

from .gc_tuning import raise_threshold

raise_threshold()

from .errors import EgainError
from .program.check_stack import check_stack
from .program.second_tenant import Provider
from .program.secrets import keep_secret
from .resources.account import AccountResource
from .resources.authentication import AuthenticationResource
from .resources.channel import ChannelResource
from .resources.client_application import ClientApplicationResource
from .resources.orchestration import OrchestrationResource
from .resources.participant import ParticipantResource
from .schema.icon import icon_file

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
    "keep_secret",
]
