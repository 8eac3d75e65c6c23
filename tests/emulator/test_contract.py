"""The emulator against its contract: examples, table, a seventh noun, and a fuzzer."""

from __future__ import annotations

import ast
import copy
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
import yaml
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

from egain_pulumi import emulator as package
from egain_pulumi.emulator.rules import NOUNS

from .callbacks import Callbacks
from .handle import BASE, Emulator
from .hub import Hub

FOLDER = Path(package.__file__).parent
CONTRACT = FOLDER / "contract" / "conversationmgr-v3.yaml"
DOCUMENT: dict[str, Any] = yaml.load(
    CONTRACT.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
)
OURS = tuple(noun.path for noun in NOUNS)


def examples() -> Iterator[Any]:
    """Yield method, path and body of each request example of the six kinds."""
    for path, item in DOCUMENT["paths"].items():
        if not path.startswith(OURS):
            continue
        for method in ("post", "put"):
            if method not in item:
                continue
            content = item[method]["requestBody"]["content"]["application/json"]
            for name in content["examples"]:
                body = DOCUMENT["components"]["examples"][name]["value"]
                yield pytest.param(method, path, body, id=f"{method}-{name}")


@pytest.mark.parametrize(("method", "path", "body"), list(examples()))
def test_the_examples_of_the_contract_are_accepted(
    emulator: Emulator, method: str, path: str, body: dict[str, Any]
) -> None:
    # The ids in the vendor's samples name objects that are not here.
    emulator.control("PATCH", "/settings", {"check_references": False})
    if method == "post":
        assert emulator.api("POST", path, json=body).status_code == 201
        return
    stamp = {"modified": body.get("modified", "2021-03-28T14:29:01.516Z")}
    collection = path.split("/")[1]
    made = emulator.control("POST", f"/objects/{collection}", {**body, **stamp})
    emulator.control("PATCH", "/settings", {"lock": False})
    answer = emulator.api("PUT", path.replace("{id}", made["id"]), json=body)
    assert answer.status_code == 204, answer.text


def test_the_table_agrees_with_the_contract() -> None:
    assert [noun.kind for noun in NOUNS] == DOCUMENT["x-resource-order"]
    schemas = DOCUMENT["components"]["schemas"]
    for noun in NOUNS:
        lists = schemas[f"{noun.kind}List"]["properties"]
        assert [key for key in lists if lists[key].get("type") == "array"] == [noun.list_key]
        body = schemas[f"{noun.kind}Input"]
        for variant in body.get("oneOf", [body]):
            target = schemas[variant["$ref"].rsplit("/", 1)[1]] if "$ref" in variant else variant
            properties = target["properties"]
            unique = [key for key, value in properties.items() if value.get("x-unique")]
            assert unique == ([noun.unique] if noun.unique else [])


def test_it_shares_nothing_with_the_rest_of_the_package() -> None:
    for file in FOLDER.rglob("*.py"):
        deepest = len(file.relative_to(FOLDER).parts)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level <= deepest, f"{file.name} reaches above its folder"
                assert node.level or not str(node.module).startswith("egain_pulumi")
            elif isinstance(node, ast.Import):
                assert not any(name.name.startswith("egain_pulumi") for name in node.names)


def test_a_seventh_noun_is_the_contract_and_one_row(tmp_path: Path) -> None:
    text = CONTRACT.read_text(encoding="utf-8")
    renamed = yaml.safe_load(text)
    for suffix in ("", "/{id}"):
        item = DOCUMENT["paths"]["/participants" + suffix]
        copied = yaml.safe_dump(item).replace("/schemas/Participant", "/schemas/Robot")
        renamed["paths"]["/robots" + suffix] = yaml.safe_load(copied)
    schemas = renamed["components"]["schemas"]
    for name in ("Input", "Update", "", "List"):
        copied = yaml.safe_dump(DOCUMENT["components"]["schemas"][f"Participant{name}"])
        copied = copied.replace("/schemas/Participant", "/schemas/Robot")
        schemas[f"Robot{name}"] = yaml.safe_load(copied.replace("participant:", "robot:"))
    owner = {"type": "object", "properties": {"id": {"type": "string", "x-refers-to": "Robot"}}}
    schemas["RobotInput"]["properties"]["owner"] = owner
    renamed["paths"]["/further"] = {"get": DOCUMENT["paths"]["/channels"]["get"]}
    path = tmp_path / "contract.yaml"
    path.write_text(yaml.safe_dump(renamed), encoding="utf-8")
    program = (
        "import sys; from pathlib import Path; from egain_pulumi.emulator.server import serve;"
        "from egain_pulumi.emulator.rules import NOUNS, Noun;"
        "robot = Noun('Robot', '/robots', 'robot', 'name');"
        "sys.exit(serve(port=0, contract=Path(sys.argv[1]), nouns=(*NOUNS, robot), strict=True))"
    )
    emulator = Emulator(str(path), command=("-c", program))
    try:
        agents = emulator.control("GET", "/objects/clientapplications")["objects"][0]["id"]
        body = {"name": "r", "type": "custom_bot", "application": {"id": agents}}
        first = emulator.create("/robots", body)
        second = emulator.create("/robots", {**body, "name": "s", "owner": {"id": first}})
        assert emulator.api("POST", "/robots", json=body).status_code == 409
        assert emulator.api("DELETE", f"/robots/{first}").status_code == 400
        not_built = emulator.api("GET", "/further")
        assert (not_built.status_code, not_built.json()["code"]) == (501, "501-907")
        rows = emulator.api("GET", "/robots").json()["robot"]
        assert [row["id"] for row in rows] == [first, second]
        assert emulator.control("GET", "/")["violations"] == []
    finally:
        assert emulator.end() == 0


def test_strict_reports_an_answer_and_a_delivery_that_break_the_contract(
    tmp_path: Path, callbacks: Callbacks
) -> None:
    other = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    other["components"]["schemas"]["CreatedId"]["required"] = ["id", "etag"]
    other["components"]["schemas"]["HubDelivery"]["required"] = ["messages", "etag"]
    path = tmp_path / "contract.yaml"
    path.write_text(yaml.safe_dump(other), encoding="utf-8")
    program = (
        "import sys; from pathlib import Path; from egain_pulumi.emulator import serve;"
        "sys.exit(serve(port=0, contract=Path(sys.argv[1]), strict=True))"
    )
    emulator = Emulator(str(path), command=("-c", program))
    try:
        body = DOCUMENT["components"]["examples"]["ChannelByoc"]["value"]
        answer = emulator.api("POST", "/channels", json=body)
        assert (answer.status_code, answer.json()["code"]) == (500, "500-999")
        hub = Hub(emulator, callbacks)
        assert hub.end_of(hub.say("hello")) == ("sent", None)
        assert emulator.control("GET", "/")["violations"] == [
            "POST /channels 201: etag is required",
            "delivery: etag is required",
        ]
    finally:
        emulator.end()


# Left out: whether a body that fits its schema is accepted. Unique values, base64 and ids that must
# exist decide as well, and the schema does not tell of them.
load_all_checks()
LEFT_OUT: list[Any] = list(CHECKS.get_by_names(["positive_data_acceptance"]))
FEW = hypothesis.settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
KINDS = "|".join((*OURS, "/conversations", "/assets"))


def contract(mode: str = "all", **phases: bool) -> schemathesis.BaseSchema:
    enabled = {name: {"enabled": on} for name, on in phases.items()}
    config = {"phases": enabled, "generation": {"mode": mode}}
    return schemathesis.openapi.from_dict(DOCUMENT, config=SchemathesisConfig.from_dict(config))


def check(case: schemathesis.Case[Any], emulator: Emulator) -> schemathesis.Response:
    answer = case.call_and_validate(
        base_url=emulator.url + BASE,
        headers={"Authorization": f"Bearer {emulator.bearer()}"},
        session=emulator.session,
        excluded_checks=LEFT_OUT,
    )
    assert emulator.control("GET", "/")["violations"] == []
    return answer


def existing(emulator: Emulator, path: str) -> str:
    """Create an object from the contract's example; return its id."""
    if path == "/conversations":
        return ended(emulator)
    if path == "/assets":
        return uploaded(emulator)
    post = DOCUMENT["paths"][path]["post"]
    name = next(iter(post["requestBody"]["content"]["application/json"]["examples"]))
    unique = next(noun.unique for noun in NOUNS if noun.path == path) or "name"
    body = {**DOCUMENT["components"]["examples"][name]["value"], unique: str(uuid.uuid4())}
    return emulator.create(path, body)


def account(emulator: Emulator) -> None:
    """Create the channels and accounts that the examples of messages and assets name."""
    objects = emulator.control("GET", "/objects")
    for kind in ("custom_channel", "sms"):
        body = {"type": kind, "displayName": kind, "icon": "AAAA"}
        found = [row["id"] for row in objects["channels"] if row.get("type") == kind]
        channel = found[0] if found else emulator.control("POST", "/objects/channels", body)["id"]
        if kind not in [row["name"] for row in objects["accounts"]]:
            chat = {"channel": {"id": channel}, "chatConfigurations": {}}
            wish = {"name": kind, "address": "123456789", **chat}
            emulator.control("POST", "/objects/accounts", wish)


def ended(emulator: Emulator) -> str:
    """Return the id of a conversation that has ended."""
    account(emulator)
    body = copy.deepcopy(DOCUMENT["components"]["examples"]["SendFirstMessage"]["value"])
    answer = emulator.api("POST", "/conversations/messages", json=body)
    assert answer.status_code == 202, answer.text
    [made] = answer.json()["messages"]["message"]
    [message] = body["messages"]["message"]
    message.update(type={"value": "conversation.end"}, conversation=made["conversation"])
    assert emulator.api("POST", "/conversations/messages", json=body).status_code == 202
    return str(made["conversation"]["id"])


def uploaded(emulator: Emulator) -> str:
    """Return the id of an uploaded asset."""
    account(emulator)
    wish = {**DOCUMENT["components"]["examples"]["AssetRequest"]["value"], "size": 3}
    ticket = emulator.api("POST", "/assets", json=wish).json()
    headers = {"Content-Type": "image/jpeg"}
    sent = emulator.session.post(ticket["contentUrl"], b"abc", headers=headers, timeout=5)
    assert sent.status_code == 201, sent.text
    return str(ticket["id"])


# Creates with every border value that schemathesis can think of: several hundred calls each.
borders = contract(fuzzing=False).include(method="POST", path_regex=f"^({KINDS})$")


@borders.parametrize()
@FEW
def test_borders(case: schemathesis.Case[Any], running: Emulator) -> None:
    running.control("PATCH", "/settings", {"check_references": False})
    check(case, running)


# All calls with random values; where a path has an id, one that exists.
random = contract(coverage=False).include(path_regex=f"^({KINDS})(/|$)")


@random.parametrize()
@FEW
def test_random(case: schemathesis.Case[Any], running: Emulator) -> None:
    running.control("PATCH", "/settings", {"check_references": False, "lock": False})
    if len(str(case.path_parameters.get("id", ""))) == 36:
        case.path_parameters["id"] = existing(running, "/" + case.path.split("/")[1])
    check(case, running)


# Bodies that fit their schema, from a customer and for an account that is there.
messages = contract("positive", coverage=False).include(method="POST", path_regex="/messages$")


@messages.parametrize()
@FEW
def test_random_messages_that_are_for_somebody(
    case: schemathesis.Case[Any], running: Emulator
) -> None:
    account(running)
    kind = {"type": "custom_channel"}
    body: Any = case.body
    for message in body["messages"]["message"]:
        message["conversation"] = {"account": {"channel": kind, "address": "123456789"}}
        message["sender"] = {**message["sender"], "type": "customer"}
        message["type"] = {**message["type"], "value": "customer.info"}
        message.pop("attachments", None)  # they must name what is there
    assert check(case, running).status_code == 202
