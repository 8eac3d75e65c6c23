"""eGain Conversation Manager v3 as code: six kinds of objects as Pulumi resources in Python."""

from .gc_tuning import raise_threshold

raise_threshold()

from .errors import EgainError
from .program.check_stack import check_stack
from .program.second_tenant import Provider
from .program.secrets import keep_secret
from .resources.account import AccountResource, CaseManagementArgs, ChatConfigurationsArgs
from .resources.authentication import AuthenticationResource, BasicAuthArgs, OAuth2Args
from .resources.channel import (
    AttachmentPolicyArgs,
    ChannelResource,
    InboundArgs,
    OutboundArgs,
    RestrictionsArgs,
)
from .resources.client_application import ClientApplicationResource, RoleArgs
from .resources.orchestration import (
    AgentArgs,
    AgentConfigurationArgs,
    ApplicationsArgs,
    BotArgs,
    BotConfigurationArgs,
    CustomerConfigurationArgs,
    OnEscalationArgs,
    OrchestrationResource,
)
from .resources.participant import IntentArgs, ParticipantResource
from .schema.icon import icon_file

__all__ = [
    "AccountResource",
    "AgentArgs",
    "AgentConfigurationArgs",
    "ApplicationsArgs",
    "AttachmentPolicyArgs",
    "AuthenticationResource",
    "BasicAuthArgs",
    "BotArgs",
    "BotConfigurationArgs",
    "CaseManagementArgs",
    "ChannelResource",
    "ChatConfigurationsArgs",
    "ClientApplicationResource",
    "CustomerConfigurationArgs",
    "EgainError",
    "InboundArgs",
    "IntentArgs",
    "OAuth2Args",
    "OnEscalationArgs",
    "OrchestrationResource",
    "OutboundArgs",
    "ParticipantResource",
    "Provider",
    "RestrictionsArgs",
    "RoleArgs",
    "check_stack",
    "icon_file",
    "keep_secret",
]
