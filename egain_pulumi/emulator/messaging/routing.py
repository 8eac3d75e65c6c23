"""Where a message goes: account, channel, orchestration, then bot, agents or the customer's app.

Each message uses the configuration at the time of its delivery. There is no fallback for objects
that are missing or not active.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..clock import Clock, parse_stamp
from ..settings import Settings
from ..tenant import Tenant
from .assets import Assets
from .bodies import Body, at, objects_at, text_at
from .codes import Code, Reason
from .conversations import AGENT, BOT, Conversations, contact
from .kinds import AGENTS, CUSTOMER, ESCALATION
from .restrictions import INBOUND, OFF_HOURS, OUTBOUND, breach
from .trail import PASSED, RETAINED
from .walk import Ended, Walk


@dataclass(frozen=True)
class Target:
    """The target of a message: an application and one of its roles."""

    application: Body
    role: Body


@dataclass(frozen=True)
class Flow:
    """The objects that each message of a conversation passes first."""

    account: Body
    channel: Body
    orchestration: Body


class NoAgents(Ended):
    """No agent is available, and the account says to retain the message."""


class Router:
    """Finds the target of a message; the walk records each step."""

    def __init__(
        self, tenant: Tenant, conversations: Conversations, assets: Assets, clock: Clock
    ) -> None:
        self._tenant, self._conversations = tenant, conversations
        self._assets, self._clock = assets, clock

    def route(self, walk: Walk, body: Body, settings: Settings) -> Target:
        """Return the target of a customer's, bot's or agent's message, or raise Ended."""
        conversation = self._conversations.all[walk.conversation]
        role, kind = text_at(body, "sender", "type"), text_at(body, "type", "value")
        flow = self._flow(walk, conversation, body)
        if role == CUSTOMER:
            target, side = self._from_customer(walk, conversation, flow, settings)
            self._conversations.assign(walk.conversation, side)
            return target
        self._check_turn(walk, conversation, flow, role)
        if kind != ESCALATION:
            return self._customer(walk, flow)
        if role in AGENTS:
            walk.stop("hub", Reason(Code.ALREADY_WITH_AGENTS))
        target = self._agents(walk, flow, settings)
        self._conversations.assign(walk.conversation, AGENT)
        return target

    def to_sender(self, walk: Walk, role: str, settings: Settings) -> Target:
        """Return the target for a text of the hub to a sender; no restriction applies."""
        flow = self._flow(walk, self._conversations.all[walk.conversation], None)
        if role == CUSTOMER:
            return self._customer(walk, flow)
        return self._agents(walk, flow, settings)

    def transcript(self, walk: Walk) -> Target | None:
        """Return the agents that get the transcript if the conversation ended with the bot."""
        conversation = self._conversations.all[walk.conversation]
        flow = self._flow(walk, conversation, None)
        if at(_parts(flow), "botConfiguration", "forwardTranscript") is not True:
            return None
        key = text_at(_first_bot(flow), "onEscalation", "agent", "id")
        if not key or conversation["with"] != BOT or not contact(conversation["start"]):
            return None
        return self._target(walk, key, Code.APPLICATION_OF_TRANSCRIPT, ("egain_agent",))

    def _customer(self, walk: Walk, flow: Flow) -> Target:
        """Return the customer's application."""
        key = text_at(_parts(flow), "customerConfiguration", "customer", "id")
        return self._target(walk, key, Code.APPLICATION_OF_CUSTOMER, (CUSTOMER,))

    def _agents(self, walk: Walk, flow: Flow, settings: Settings) -> Target:
        """Return the agents: of the bot's escalation, or, without bots, the first listed."""
        if objects_at(_parts(flow), "botConfiguration", "bots"):
            key = text_at(_first_bot(flow), "onEscalation", "agent", "id")
            place = Code.APPLICATION_OF_ESCALATION
        else:
            agents = objects_at(_parts(flow), "agentConfiguration", "agents")
            if not agents:
                walk.stop("orchestration", Reason(Code.NO_BOT_OR_AGENTS))
            key, place = text_at(agents[0], "id"), Code.APPLICATION_OF_AGENTS
        target = self._target(walk, key, place, AGENTS)
        if target.role["name"] == "egain_agent" and not settings.agents_available:
            self._no_agent(walk, flow)
        return target

    def _flow(self, walk: Walk, conversation: Body, body: Body | None) -> Flow:
        """Follow account, channel and orchestration; `body` is None for a text of the hub."""
        address = text_at(conversation["start"], "account", "address")
        place = Reason(Code.ACCOUNT_BY_ADDRESS, address=address)
        account = walk.follow("Account", conversation["accountId"], place)
        chat = at(account, "chatConfigurations")
        if not (text_at(chat, "entryPoint", "id") or _entry(conversation)):
            walk.stop("account", Reason(Code.ENTRY_POINT_NOT_SET))
        key = text_at(account, "channel", "id")
        channel = walk.follow("Channel", key, Reason(Code.CHANNEL_OF_ACCOUNT))
        if body is not None:
            self._check_restrictions(walk, channel, body)
        key = text_at(chat, "orchestration", "id")
        orchestration = walk.follow("Orchestration", key, Reason(Code.ORCHESTRATION_OF_ACCOUNT))
        return Flow(account, channel, orchestration)

    def _check_restrictions(self, walk: Walk, channel: Body, body: Body) -> None:
        inward = text_at(body, "sender", "type") == CUSTOMER
        if not inward and text_at(body, "type", "value") == ESCALATION:
            return  # for the agents, not for the channel
        files = objects_at(body, "attachments", "attachment")
        with_facts = [self._assets.with_facts(file) for file in files]
        weighed = {**body, "attachments": {"attachment": with_facts}} if files else body
        found = breach(channel, INBOUND if inward else OUTBOUND, weighed)
        if found:
            walk.stop("channel", found.reason, text=found.text, filling=found.filling)

    def _from_customer(
        self, walk: Walk, conversation: Body, flow: Flow, settings: Settings
    ) -> tuple[Target, str]:
        bots = objects_at(_parts(flow), "botConfiguration", "bots")
        if conversation["with"] == AGENT or (bots and self._bypasses(walk, conversation, flow)):
            return self._agents(walk, flow, settings), AGENT
        if bots:
            return self._bot(walk, flow), BOT
        return self._agents(walk, flow, settings), AGENT

    def _bot(self, walk: Walk, flow: Flow) -> Target:
        """Return the first bot listed; there is no fallback to another."""
        bot = _first_bot(flow)
        key = text_at(bot, "participant", "id")
        participant = walk.follow("Participant", key, Reason(Code.PARTICIPANT_OF_BOT))
        application = text_at(bot, "id")
        owner = text_at(participant, "application", "id")
        if owner != application:
            facts = {"owner": owner, "application": application}
            walk.stop("participant", Reason(Code.PARTICIPANT_OF_OTHER_APPLICATION, **facts))
        kind = text_at(participant, "type")
        return self._target(walk, application, Code.APPLICATION_OF_BOT, (kind,))

    def _no_agent(self, walk: Walk, flow: Flow) -> None:
        policy = at(flow.account, "chatConfigurations", "onAgentUnavailability")
        reason = Reason(Code.NO_AGENT_AVAILABLE, policy=policy or "not set")
        if policy == "retain_and_retry":
            walk.note("availability", RETAINED, reason)
            raise NoAgents(reason)
        walk.stop("availability", reason, text=OFF_HOURS if policy == "off_hours" else None)

    def _target(self, walk: Walk, key: str, place: Code, names: tuple[str, ...]) -> Target:
        application = walk.follow("ClientApplication", key, Reason(place), "application")
        roles = objects_at(application, "roles")
        role = next((role for role in roles if role.get("name") in names), None)
        if role is None:
            present = ", ".join(str(role.get("name")) for role in roles) or "none"
            facts = {"needed": " or ".join(names), "present": present}
            walk.stop("application", Reason(Code.ROLE_MISSING, **facts))
        return Target(application, role)

    def _check_turn(self, walk: Walk, conversation: Body, flow: Flow, role: str) -> None:
        """Stop a bot or agent that does not take part, or a bot in another role."""
        side = AGENT if role in AGENTS else BOT
        if conversation["with"] != side:
            now = {BOT: "the bot", AGENT: "the agents"}.get(conversation["with"], "no one yet")
            walk.stop("hub", Reason(Code.SENDER_TAKES_NO_PART, role=role, side=now))
        if side == BOT:
            key = text_at(_first_bot(flow), "participant", "id")
            body = self._tenant.objects["participants"].get(key, {})
            if body.get("type") != role:
                walk.stop("hub", Reason(Code.SENDER_IS_NOT_THE_BOT, role=role))

    def _bypasses(self, walk: Walk, conversation: Body, flow: Flow) -> bool:
        """Whether the customer returned within bypassVaDuration minutes and skips the bot."""
        minutes = at(_parts(flow), "botConfiguration", "bypassVaDuration")
        previous = self._conversations.previous(walk.conversation)
        if conversation["with"] or previous is None or not isinstance(minutes, int | float):
            return False
        start = parse_stamp(conversation["created"])
        away = (start.timestamp() if start else self._clock.now()) - previous["touched"]
        if away > minutes * 60:
            return False
        walk.note("orchestration", PASSED, Reason(Code.BOT_BYPASSED))
        return True


def _parts(flow: Flow) -> object:
    return at(flow.orchestration, "applications")


def _first_bot(flow: Flow) -> Body:
    bots = objects_at(_parts(flow), "botConfiguration", "bots")
    return bots[0] if bots else {}


def _entry(conversation: Body) -> str:
    return text_at(conversation["start"], "entryPoint", "id")
