"""examples/aws-bot under Pulumi's mocks: what flows where, what stays secret, what goes first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import yaml

from tests.examples.aws import ARN, BOT, CLIENT, CONFIG, EXAMPLE, URL, VERSION, Registered
from tests.support.values import Secret, plain


def before(program: dict[str, Registered], what: str) -> set[str]:
    """What must be there before a resource is made, and goes after it has gone."""
    names = {each.urn: name for name, each in program.items()}
    found: set[str] = set()
    left = [what]
    while left:
        needs = {names[urn] for urn in program[left.pop()].needs} - found
        found |= needs
        left += needs
    return found


def shown(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that is no secret, with its path."""
    if isinstance(value, Secret):
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from shown(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from shown(inner, f"{path}[{at}]")
    else:
        yield path, value


def test_egain_calls_the_url_that_the_cloud_gave(program: dict[str, Registered]) -> None:
    role = program["ClientApplication bot"].object["roles"]["custom_bot"]
    assert role["callback"] == URL
    assert role["authentication"] == {"id": "id-of-bot-login"}
    bots = program["Orchestration bot-first"].object["applications"]["bot_configuration"]["bots"]
    assert bots == [
        {
            "id": "id-of-bot",
            "participant": {"id": "id-of-greeter"},
            "on_escalation": {"agent": {"id": "id-of-agents"}},
        }
    ]


def test_both_sides_know_the_same_password_and_nobody_is_shown_it(
    program: dict[str, Registered],
) -> None:
    login = program["Authentication bot-login"].object["basic_auth"]
    kept = json.loads(program["SecretVersion bot"].object["secretString"].value)
    assert login["password"].value == kept["BOT_PASSWORD"] == BOT
    assert kept["EGAIN_CLIENT_SECRET"] == CLIENT
    variables = program["Function bot"].object["environment"]["variables"]
    assert variables["BOT_USERNAME"] == login["username"]
    # AWS shows a function's environment, whatever Pulumi thinks of it.
    assert "canary" not in str(plain(variables))
    for name, each in program.items():
        for path, value in shown(each.object):
            assert "canary" not in str(value), f"{name}{path}"


def test_a_new_secret_starts_new_instances(program: dict[str, Registered]) -> None:
    variables = program["Function bot"].object["environment"]["variables"]
    assert (variables["SECRET_ARN"], variables["SECRET_VERSION"]) == (ARN, VERSION)


def test_the_function_may_read_its_own_secret_and_no_other(program: dict[str, Registered]) -> None:
    [statement] = json.loads(program["RolePolicy bot-secret"].object["policy"])["Statement"]
    assert (statement["Action"], statement["Resource"]) == (
        "secretsmanager:GetSecretValue",
        ARN,
    )


def test_egain_is_told_of_what_can_be_called_and_forgets_it_before_it_goes(
    program: dict[str, Registered],
) -> None:
    runs = {
        "Function bot",
        "Role bot",
        "RolePolicy bot-secret",
        "RolePolicyAttachment bot-log",
        "Secret bot",
        "SecretVersion bot",
    }
    assert before(program, "Function bot") == runs - {"Function bot"}
    can_be_called = runs | {
        "FunctionUrl bot",
        "Permission bot-url",
        "Permission bot-through-url",
    }
    assert before(program, "Authentication bot-login") == runs
    assert before(program, "ClientApplication bot") == {*can_be_called, "Authentication bot-login"}
    assert before(program, "Account orders") == program.keys() - {"Account orders"}


def test_aws_lets_anybody_call_in_both_ways_that_it_asks_for(
    program: dict[str, Registered],
) -> None:
    allowed = [each.object for each in program.values() if each.type.endswith(":Permission")]
    assert {each["action"]: each["principal"] for each in allowed} == {
        "lambda:InvokeFunctionUrl": "*",
        "lambda:InvokeFunction": "*",
    }
    assert program["FunctionUrl bot"].object["authorizationType"] == "NONE"


def test_the_function_is_the_bot_and_its_entry_point(program: dict[str, Registered]) -> None:
    function = program["Function bot"].object
    files = {name: each["path"] for name, each in function["code"]["assets"].items()}
    assert files.pop(".") == "package", "README.md says how it is filled"
    for name, path in files.items():
        assert (EXAMPLE / path).exists(), name
    module, _, name = function["handler"].partition(".")
    assert f"{module}.py" in files
    assert name in (EXAMPLE / f"{module}.py").read_text()


def test_the_template_has_every_setting() -> None:
    template = yaml.safe_load((EXAMPLE / "Pulumi.dev.yaml").read_text())["config"]
    assert template == dict.fromkeys(CONFIG, "CHANGE_ME")
