"""The function of examples/aws-bot, laid out as its program uploads it, in a conversation.

AWS itself is played: its Secrets Manager by a server of ours, which the real boto3 calls, and the
function's URL by `function_url.py`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.callbacks import Callbacks, answer
from tests.examples.aws import EXAMPLE, Registered
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY, Child, base_env

AWS = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture
def servers() -> Iterator[Callbacks]:
    """The customers' app at /customers, and Secrets Manager at /."""
    made = Callbacks()
    yield made
    made.stop()


@pytest.fixture
def function(
    program: dict[str, Registered],
    aws_sdk: Path,
    servers: Callbacks,
    emulator: Emulator,
    tmp_path: Path,
) -> Iterator[str]:
    """The URL of the running function."""
    registered = program["Function bot"].object
    for name, asset in registered["code"]["assets"].items():
        if name != ".":  # what the bot imports is in the environment of the tests
            source = EXAMPLE / asset["path"]
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, tmp_path / name)
    kept = json.loads(program["SecretVersion bot"].object["secretString"].value)
    kept |= {"EGAIN_CLIENT_ID": "local", "EGAIN_CLIENT_SECRET": "local-secret"}
    servers.plans["/"] = answer(200, json.dumps({"SecretString": json.dumps(kept)}).encode())
    env = base_env({**AWS, "HOME": str(tmp_path), **registered["environment"]["variables"]})
    env |= {"EGAIN_BASE_URL": emulator.base_url, "EGAIN_TOKEN_URL": emulator.token_url}
    env["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = servers.url
    # The function's own files come first: it finds egain_pulumi where AWS does.
    env["PYTHONPATH"] = os.pathsep.join((str(tmp_path), str(REPOSITORY), str(aws_sdk)))
    command = [sys.executable, "-m", "tests.examples.function_url", registered["handler"]]
    child = Child(command, cwd=tmp_path, env=env)
    yield child.next_line(20)
    child.end()
    assert child.output.count("\n") == 1, child.output


@pytest.fixture
def customers(
    program: dict[str, Registered], function: str, servers: Callbacks, emulator: Emulator
) -> Callbacks:
    """The customers' app of a hub whose bot is that function."""
    [agents] = emulator.objects("clientapplications")
    login = program["Authentication bot-login"].object["basic_auth"]
    made: dict[str, str] = {}

    def add(collection: str, name: str, body: dict[str, Any]) -> None:
        made[name] = emulator.add(collection, {"name": name, **body})["id"]

    def application(name: str, role: str, callback: str, **more: Any) -> None:
        part = {"name": role, "version": "v3", "callback": callback, **more}
        add("clientapplications", name, {"roles": [part]})

    basic = {"username": login["username"], "password": login["password"].value}
    add("authentications", "login", {"type": "basic", "basicAuth": basic})
    application("bot", "custom_bot", function, authentication={"id": made["login"]})
    application("customers", "customer", f"{servers.url}/customers")
    greeter = program["Participant greeter"].object["name"]
    add("participants", greeter, {"type": "custom_bot", "application": {"id": made["bot"]}})
    bots = [
        {
            "id": made["bot"],
            "participant": {"id": made[greeter]},
            "onEscalation": {"agent": {"id": agents["id"]}},
        }
    ]
    applications = {
        "botConfiguration": {"bots": bots},
        "customerConfiguration": {"customer": {"id": made["customers"]}},
    }
    add("orchestrations", "flow", {"applications": applications})
    add("channels", "chat", {"type": "custom_chat", "displayName": "Chat", "icon": "iVBORw0KGgo="})
    chats = {
        "timeout": 30,
        "defaultLanguage": "en-US",
        "onAgentUnavailability": "off_hours",
        "orchestration": {"id": made["flow"]},
        "entryPoint": {"id": "1001"},
    }
    channel = {"id": made["chat"]}
    add("accounts", "orders", {"address": "1", "channel": channel, "chatConfigurations": chats})
    return servers


def test_the_function_answers_and_hands_over(
    customers: Callbacks,
    program: dict[str, Registered],
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    from egain_pulumi.conversations import Conversations, NewConversation

    hub = Conversations()
    begun = hub.customer(to=NewConversation(channel="custom_chat", address="1")).text("Hello")
    hub.customer(to=begun.conversation).text("An agent, please")
    emulator.hops()
    said = [each.message["content"]["text"] for each in customers.at("/customers")]
    assert len(said) == 2
    assert said[0].startswith("Hello!")
    found = emulator.conversation(begun.conversation)
    assert (found["with"], found["escalated"]) == ("agent", True)

    # It asked for its own secret, that version of it, once.
    [asked] = customers.at("/")
    assert asked.headers["x-amz-target"] == "secretsmanager.GetSecretValue"
    variables = program["Function bot"].object["environment"]["variables"]
    assert json.loads(asked.body) == {
        "SecretId": variables["SECRET_ARN"],
        "VersionId": variables["SECRET_VERSION"],
    }


@pytest.mark.soak
def test_the_page_fills_the_package_for_the_functions_own_python(
    program: dict[str, Registered], tmp_path: Path
) -> None:
    page = (EXAMPLE / "README.md").read_text("utf-8")
    [command] = [line for line in page.splitlines() if " --target package " in line]
    version = command.partition("--python-version ")[2].split()[0]
    function = program["Function bot"].object
    assert function["runtime"] == f"python{version}"
    assert function["architectures"] == ["x86_64"]
    python, *rest = command.replace(" package ", f" {tmp_path} ").split()
    assert python == "python"
    subprocess.run([sys.executable, *rest], cwd=EXAMPLE, env=os.environ, check=True)
    built = {file.name for file in tmp_path.rglob("*.so")}
    assert any(f"cpython-{version.replace('.', '')}-x86_64" in name for name in built)
    assert not any("cpython-311" in name for name in built)
    assert (tmp_path / "requests").is_dir()
