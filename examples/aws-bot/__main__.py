"""One program: the bot's cloud function, its secrets, and the eGain objects that lead to it.

The URL flows from AWS into eGain, the secrets from the configuration into both. What needs
what also decides the order: eGain is told of the function when it can be called, and forgets it
before it goes.
"""

import json

import pulumi
from pulumi_aws import iam, lambda_, secretsmanager

from egain_pulumi import (
    AccountResource,
    AuthenticationResource,
    ChannelResource,
    ClientApplicationResource,
    OrchestrationResource,
    ParticipantResource,
    check_stack,
    icon_file,
)

check_stack()
config = pulumi.Config()
egain = pulumi.Config("egain")
stack = pulumi.get_stack()

# What the bot must keep to itself: its own password, and the client that it replies with.
bot_password = config.require_secret("botPassword")
secret = secretsmanager.Secret("bot", name_prefix=f"egain-bot-{stack}-")
secret_version = secretsmanager.SecretVersion(
    "bot",
    secret_id=secret.id,
    secret_string=pulumi.Output.json_dumps(
        {
            "BOT_PASSWORD": bot_password,
            "EGAIN_CLIENT_ID": config.require("replyClientId"),
            "EGAIN_CLIENT_SECRET": config.require_secret("replyClientSecret"),
        }
    ),
)

# The function may write its log and read this one secret.
role = iam.Role(
    "bot",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    ),
)
may_log = iam.RolePolicyAttachment(
    "bot-log",
    role=role.name,
    policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
)
may_read = iam.RolePolicy(
    "bot-secret",
    role=role.name,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "secretsmanager:GetSecretValue",
                    "Resource": secret.arn,
                }
            ],
        }
    ),
)

function = lambda_.Function(
    "bot",
    runtime="python3.13",
    architectures=["x86_64"],
    handler="function.handler",
    code=pulumi.AssetArchive(
        {
            ".": pulumi.FileArchive("package"),  # what the bot imports; see README.md
            "function.py": pulumi.FileAsset("function.py"),
            "bot.py": pulumi.FileAsset("../bot/bot.py"),
            "egain_pulumi": pulumi.FileArchive("../../egain_pulumi"),
        }
    ),
    role=role.arn,
    timeout=10,
    memory_size=512,
    environment={
        "variables": {
            "SECRET_ARN": secret.arn,
            # A new secret is a new version, and that starts instances which read it.
            "SECRET_VERSION": secret_version.version_id,
            "BOT_USERNAME": "hub",
            "BOT_NAME": "aws-greeter",
            "EGAIN_BASE_URL": egain.require("baseUrl"),
            "EGAIN_TOKEN_URL": egain.require("tokenUrl"),
        }
    },
    opts=pulumi.ResourceOptions(depends_on=[may_log, may_read]),
)
url = lambda_.FunctionUrl("bot", function_name=function.name, authorization_type="NONE")

# AWS lets everybody call; who it is, the bot checks itself. AWS asks for both permissions.
callable_by_url = lambda_.Permission(
    "bot-url",
    function=function.name,
    principal="*",
    action="lambda:InvokeFunctionUrl",
    function_url_auth_type="NONE",
)
callable_through_url = lambda_.Permission(
    "bot-through-url",
    function=function.name,
    principal="*",
    action="lambda:InvokeFunction",
    invoked_via_function_url=True,
)

# How eGain proves to the bot who is calling, and where the bot is.
bot_login = AuthenticationResource(
    "bot-login",
    name="aws-bot-login",
    type="basic",
    basic_auth={"username": "hub", "password": bot_password},
    # The function knows a new password first.
    opts=pulumi.ResourceOptions(depends_on=[function]),
)
bot = ClientApplicationResource(
    "bot",
    name="aws-bot",
    roles={
        "custom_bot": {
            "version": "v3",
            "callback": url.function_url,
            "notification_email": config.require("opsEmail"),
            "authentication": bot_login,
        }
    },
    # A URL that nobody may call yet would be no address for customers' messages.
    opts=pulumi.ResourceOptions(depends_on=[callable_by_url, callable_through_url]),
)
customers = ClientApplicationResource(
    "customers",
    name="aws-bot-customers",
    roles={
        "customer": {
            "version": "v3",
            "callback": config.require("customerCallback"),
            "notification_email": config.require("opsEmail"),
        }
    },
)
agents = ClientApplicationResource.find("agents", role="egain_agent")
greeter = ParticipantResource("greeter", name="aws-greeter", type="custom_bot", application=bot)
chat = ChannelResource(
    "chat", type="custom_aws_chat", display_name="Chat", icon=icon_file("icons/chat.png")
)
bot_first = OrchestrationResource(
    "bot-first",
    name="aws-bot-first",
    applications={
        "bot_configuration": {
            "forward_transcript": True,
            "bots": [{"id": bot, "participant": greeter, "on_escalation": {"agent": agents}}],
        },
        "customer_configuration": {"customer": customers},
    },
)
AccountResource(
    "orders",
    name="aws-orders",
    address=config.require("address"),
    channel=chat,
    chat_configurations={
        "timeout": 30,
        "default_language": "en-US",
        "on_agent_unavailability": "off_hours",
        "allow_logout_with_open_chats": False,
        "allow_queue_transfer_on_agent_unavailability": False,
        "orchestration": bot_first,
        "entry_point": config.require("entryPoint"),
    },
)

pulumi.export("callback", url.function_url)
