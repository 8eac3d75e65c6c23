"""The emulator against its contract: examples, table, a seventh noun, and a fuzzer."""

from __future__ import annotations

import ast
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

from .handle import BASE, Emulator

FOLDER = Path(package.__file__).parent
CONTRACT = FOLDER / "conversationmgr-v3.yaml"
DOCUMENT: dict[str, Any] = yaml.load(
    CONTRACT.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
)
OURS = tuple(noun.path for noun in NOUNS)


def examples() -> Iterator[Any]:
    """(method, path, name, body) of every request example of the six kinds."""
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
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level < 2, f"{file.name} reaches above its folder"
                assert node.level == 1 or not str(node.module).startswith("egain_pulumi")
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
        rows = emulator.api("GET", "/robots").json()["robot"]
        assert [row["id"] for row in rows] == [first, second]
        assert emulator.control("GET", "/")["violations"] == []
    finally:
        assert emulator.end() == 0


def test_strict_reports_an_answer_that_breaks_the_contract(tmp_path: Path) -> None:
    other = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    other["components"]["schemas"]["CreatedId"]["required"] = ["id", "etag"]
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
        [violation] = emulator.control("GET", "/")["violations"]
        assert violation == "POST /channels 201: etag is required"
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
KINDS = "|".join(OURS)


def contract(**phases: bool) -> schemathesis.BaseSchema:
    config = {"phases": {name: {"enabled": on} for name, on in phases.items()}}
    return schemathesis.openapi.from_dict(DOCUMENT, config=SchemathesisConfig.from_dict(config))


def check(case: schemathesis.Case[Any], emulator: Emulator) -> None:
    case.call_and_validate(
        base_url=emulator.url + BASE,
        headers={"Authorization": f"Bearer {emulator.bearer()}"},
        session=emulator.session,
        excluded_checks=LEFT_OUT,
    )
    assert emulator.control("GET", "/")["violations"] == []


def existing(emulator: Emulator, path: str) -> str:
    """Id of a new object made of the contract's own example."""
    post = DOCUMENT["paths"][path]["post"]
    name = next(iter(post["requestBody"]["content"]["application/json"]["examples"]))
    unique = next(noun.unique for noun in NOUNS if noun.path == path) or "name"
    body = {**DOCUMENT["components"]["examples"][name]["value"], unique: str(uuid.uuid4())}
    return emulator.create(path, body)


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
