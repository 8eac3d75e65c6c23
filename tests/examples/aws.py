"""examples/aws-bot as Pulumi's mocks see it: every resource that its program registers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.process import REPOSITORY, base_env
from tests.support.protocol import struct_pb2
from tests.support.values import from_struct

EXAMPLE = REPOSITORY / "examples" / "aws-bot"
ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:egain-bot-dev-AbCdEf"
VERSION = "0d5a28f5-1ed1-4d6e-8f3c-7f4b6e2a9c10"
URL = "https://abc123.lambda-url.eu-central-1.on.aws/"
BOT, CLIENT = "canary-of-the-bot", "canary-of-the-client"
CONFIG = {
    "aws:region": "eu-central-1",
    "egain:baseUrl": "https://api.example.com/conversation/conversationmgr/v3",
    "egain:tokenUrl": "https://login.example.com/token",
    "egain:clientId": "hub",
    "egain:clientSecret": "canary-of-the-hub",
    "aws-bot:botPassword": BOT,
    "aws-bot:replyClientId": "reply",
    "aws-bot:replyClientSecret": CLIENT,
    "aws-bot:customerCallback": "https://app.example.com/callback",
    "aws-bot:opsEmail": "ops@example.com",
    "aws-bot:address": "123456789",
    "aws-bot:entryPoint": "1001",
}
CLOUD = {
    "aws:secretsmanager/secret:Secret": {"arn": ARN},
    "aws:secretsmanager/secretVersion:SecretVersion": {"versionId": VERSION},
    "aws:iam/role:Role": {"arn": "arn:role", "name": "role"},
    "aws:lambda/function:Function": {"arn": "arn:function", "name": "function"},
    "aws:lambda/functionUrl:FunctionUrl": {"functionUrl": URL},
}
"""What AWS adds to the inputs."""


@dataclass(frozen=True)
class Registered:
    """One resource, as the program registered it."""

    urn: str
    type: str
    object: dict[str, Any]
    needs: frozenset[str]


def register(sdk: Path, elsewhere: Path) -> dict[str, Registered]:
    """All that the program registers, by the last part of its type and its name.

    `sdk` has pulumi_aws; `elsewhere` is where the process starts.
    """
    env = base_env({"PULUMI_CONFIG": json.dumps(CONFIG)})
    env["PYTHONPATH"] = os.pathsep.join((str(REPOSITORY), str(sdk)))
    done = subprocess.run(
        [sys.executable, "-m", "tests.examples.mocked", str(EXAMPLE)],
        input=json.dumps(CLOUD),
        env=env,
        cwd=elsewhere,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = {}
    for urn, one in json.loads(done.stdout).items():
        struct = struct_pb2.Struct.FromString(bytes.fromhex(one["object"]))
        name = f"{one['type'].rpartition(':')[2]} {one['name']}"
        found[name] = Registered(urn, one["type"], from_struct(struct), frozenset(one["needs"]))
    return found
