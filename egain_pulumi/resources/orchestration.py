"""What happens to a conversation: which bot comes first, and where it escalates to. Step 5 of 6.

It refers to client applications and participants; accounts refer to orchestrations. Its name is
not unique in eGain, so there is no `find`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, TypedDict

from pulumi import Input, Output, ResourceOptions
from pydantic import Field

from ..program.resource import EgainResource, ReferenceInput, declares
from ..provider import EgainProvider
from ..schema.kinds import Collection
from ..schema.model import (
    Active,
    Assumed,
    AssumedLink,
    Description,
    Flag,
    Identity,
    Model,
    Number,
    ObjectId,
    Part,
    Problem,
    Reference,
    Text,
)

_LENGTH = "length taken from other identifiers"
_SAMPLES = "known from samples only"


class OnEscalation(Part):
    """Where the conversation goes when the bot escalates."""

    agent: Annotated[AssumedLink, Reference("ClientApplicationResource")] = Field(
        description="Client application of the agents."
    )


class Bot(Part):
    """One bot of the workflow (contract: `OrchestrationBot`)."""

    id: Annotated[
        ObjectId, Reference("ClientApplicationResource", bare=True), Identity(), Assumed(_LENGTH)
    ] = Field(description="Client application of the bot.")
    participant: Annotated[AssumedLink, Reference("ParticipantResource")] = Field(
        description="Participant of the bot."
    )
    on_escalation: OnEscalation | None = Field(
        None, description="Where the conversation goes when the bot escalates."
    )


class BotConfiguration(Part):
    """The workflow's bots."""

    bots: list[Bot] = Field(description="The bots, in this order.")
    forward_transcript: Flag | None = Field(
        None, description="Whether eGain's agent gets the transcript without an escalation, too."
    )
    bypass_va_duration: Annotated[Number | None, Assumed("no range is given")] = Field(
        None, ge=0, description="Minutes within which a returning customer skips the bot."
    )


class CustomerConfiguration(Part):
    """The customer's application. Required for your own channels."""

    customer: Annotated[AssumedLink, Reference("ClientApplicationResource")] = Field(
        description="Client application with the customer role; it receives the answers."
    )


class Agent(Part):
    """One application of agents."""

    id: Annotated[
        ObjectId, Reference("ClientApplicationResource", bare=True), Identity(), Assumed(_LENGTH)
    ] = Field(description="Client application of the agents.")


class AgentConfiguration(Part):
    """The agents' applications, for workflows without a bot."""

    agents: Annotated[list[Agent], Assumed(_SAMPLES)] = Field(
        description="The agents' applications, in this order."
    )


class Applications(Part):
    """The applications that take part (contract: `OrchestrationApplications`)."""

    bot_configuration: BotConfiguration | None = Field(None, description="The workflow's bots.")
    customer_configuration: CustomerConfiguration | None = Field(
        None, description="The customer's application; required for your own channels."
    )
    agent_configuration: AgentConfiguration | None = Field(
        None, description="The agents' applications, for workflows without a bot."
    )

    @classmethod
    def errors(cls, value: Mapping[str, Any]) -> Iterator[Problem]:
        if "bot_configuration" not in value and "agent_configuration" not in value:
            yield ("bot_configuration",), "is required unless agent_configuration is given"


class OrchestrationModel(Model):
    """Contract: `OrchestrationInput`."""

    label = "orchestration"
    vendor_page = (
        "https://apidev.egain.com/apis/v3/conversation/conversationmgr/api-bundled/"
        "orchestration/createorchestration"
    )

    name: Text = Field(description="Name; need not be unique.")
    applications: Applications = Field(description="The applications that take part.")
    description: Description | None = None
    active: Active = True


class OrchestrationProvider(EgainProvider):
    """Frozen: every stack's state names this module and class."""

    model = OrchestrationModel
    collection = Collection("orchestrations", "orchestration")


class OnEscalationArgs(TypedDict):
    """Where the conversation goes when the bot escalates."""

    agent: ReferenceInput


class BotArgs(TypedDict, total=False):
    """One bot of the workflow."""

    id: ReferenceInput
    participant: ReferenceInput
    on_escalation: Input[OnEscalationArgs]


class BotConfigurationArgs(TypedDict, total=False):
    """The workflow's bots."""

    bots: Input[Sequence[Input[BotArgs]]]
    forward_transcript: Input[bool]
    bypass_va_duration: Input[float]


class CustomerConfigurationArgs(TypedDict):
    """The customer's application."""

    customer: ReferenceInput


class AgentArgs(TypedDict):
    """One application of agents."""

    id: ReferenceInput


class AgentConfigurationArgs(TypedDict):
    """The agents' applications."""

    agents: Input[Sequence[Input[AgentArgs] | ReferenceInput]]


class ApplicationsArgs(TypedDict, total=False):
    """The applications that take part."""

    bot_configuration: Input[BotConfigurationArgs]
    customer_configuration: Input[CustomerConfigurationArgs]
    agent_configuration: Input[AgentConfigurationArgs]


class OrchestrationResource(EgainResource):
    """What happens to a conversation between customer, bot and agents.

    https://apidev.egain.com/apis/v3/conversation/conversationmgr/api-bundled/orchestration/createorchestration
    """

    kind = OrchestrationProvider

    name: Output[str]
    applications: Output[Any]
    description: Output[Any]
    active: Output[bool]

    @declares
    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        applications: Input[ApplicationsArgs],
        description: Input[str] | None = None,
        active: Input[bool] = True,
        extra: Input[Mapping[str, Any]] | None = None,
        secrets_version: Input[int] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None: ...
