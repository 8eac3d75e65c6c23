"""`egain-pulumi doctor`: what it finds, what it advises, and what it never shows."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Call
from tests.cli.test_list import READ, hub
from tests.support.cli_result import executable
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY, free_port

PROJECT = """name: hub
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: {}
"""
NOISY = """#!/bin/sh
case "$*" in *pulumi.dynamic*) echo hello;; *) exec "{}" "$@"; esac
"""


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, emulator: Emulator, call: Call) -> Call:
    """A command line in an empty folder, against the emulator, without the Pulumi CLI."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "")
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    return call


def found(answer: tuple[int, str, str]) -> dict[str, Any]:
    """Return the checks of an answer by their ids."""
    code, out, err = answer
    assert err == ""
    document = json.loads(out)
    checks = {each["id"]: each for key in ("checks", "readings") for each in document[key]}
    assert code == any(each["status"] == "failed" for each in checks.values())
    return checks


@pytest.mark.cli
def test_all_is_well(
    cli: Call, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub(emulator)
    (tmp_path / "Pulumi.yaml").write_text(PROJECT.format(sys.prefix))
    monkeypatch.setenv("PATH", f"{executable().parent}{os.pathsep}{os.defpath}")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "a passphrase")
    code, out, err = cli("doctor")
    assert (code, err) == (0, ""), out
    assert re.search(r"^  ok      cli +Pulumi CLI v3\.\d+", out, re.MULTILINE)
    assert re.search(r"^  ok      plugin-host +the plugin host starts$", out, re.MULTILINE)
    assert out.endswith(" checks: 0 failed, no warnings\n")
    for secret in ("local-secret", "a passphrase", "canary", "bot-auth"):
        assert secret not in out
    assert {entry["method"] for entry in emulator.requests()} == {"GET"}


@pytest.mark.parametrize(
    ("settings", "id", "said"),
    [
        ({}, "secrets", "reads show secrets as they are"),
        ({"secrets_on_read": "masked"}, "secrets", "reads mask secrets"),
        ({"secrets_on_read": "absent"}, "secrets", "no object shows a secret; there may be none"),
        ({"values_on_read": "text"}, "numbers", "numbers or switches are text in: "),
        ({"unset_on_read": "null"}, "unset", "unset attributes are null"),
        ({"page_size": 1}, "paging", "lists have paginationInfo, of page size 1; further pages"),
        ({"pagination_info": False}, "paging", "no paginationInfo in: authentications, client"),
        ({"name_database": False}, "date-header", "answers have a Date header"),
    ],
)
def test_each_personality_is_seen(
    cli: Call, emulator: Emulator, settings: dict[str, Any], id: str, said: str
) -> None:
    hub(emulator)
    emulator.settings(**settings)
    assert found(cli("doctor", "--json"))[id]["text"].startswith(said)


def test_a_gateway_that_answers_for_egain(cli: Call, emulator: Emulator) -> None:
    emulator.fault("GET", "/accounts/{id}", action="html", status=404)
    checks = found(cli("doctor", "--json"))
    assert checks["error-bodies"]["status"] == "warning"


def test_a_client_with_the_read_scope_only(
    cli: Call, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.client("reader", "reader-secret", [READ])
    monkeypatch.setenv("EGAIN_CLIENT_ID", "reader")
    monkeypatch.setenv("EGAIN_CLIENT_SECRET", "reader-secret")
    checks = found(cli("doctor", "--json"))
    assert checks["list-authentication"]["status"] == "warning"
    assert checks["list-channel"]["status"] == "ok"
    assert "interaction.read, which only bots" in checks["conversations"]["text"]


@pytest.mark.parametrize(
    ("name", "value", "id", "said"),
    [
        ("EGAIN_CLIENT_SECRET", "wrong-secret", "token", "token"),
        ("EGAIN_CLIENT_SECRET", "", "client_secret", "EGAIN_CLIENT_SECRET is not set"),
        ("EGAIN_BASE_URL", "http://eu.example/v3", "settings", "egain:baseUrl (EGAIN_BASE_URL)"),
        ("EGAIN_BASE_URL", "{}/nowhere", "list-authentication", "GET /authentications: 404"),
        ("EGAIN_BASE_URL", "http://127.0.0.1:{}", "list-authentication", "GET http://127.0.0.1"),
    ],
)
def test_wrong_settings(
    cli: Call,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    id: str,
    said: str,
) -> None:
    emulator.settings(echo_bodies=True)
    monkeypatch.setenv("EGAIN_OPERATION_TIMEOUT_SECONDS", "0.3")
    monkeypatch.setenv(name, value.format(free_port() if ":{}" in value else emulator.url))
    answer = cli("doctor", "--json")
    check = found(answer)[id]
    assert check["status"] == "failed"
    assert said in check["text"]
    assert check["todo"]
    assert "wrong-secret" not in answer[1]


def test_another_prefix(cli: Call, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in emulator.env.items():
        monkeypatch.setenv(name.replace("EGAIN_", "PROD_"), value)
        monkeypatch.delenv(name)
    monkeypatch.delenv("PROD_CLIENT_ID")
    check = found(cli("doctor", "--prefix", "PROD", "--json"))["client_id"]
    assert check["text"] == "PROD_CLIENT_ID is not set"


def test_a_machine_that_is_not_set_up(
    cli: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = found(cli("doctor", "--json"))
    assert checks["cli"]["todo"].startswith("Install the Pulumi CLI")
    assert checks["program"]["status"] == checks["passphrase"]["status"] == "warning"

    noisy = tmp_path / "env" / "bin" / "python"
    noisy.parent.mkdir(parents=True)
    noisy.write_text(NOISY.format(sys.executable))
    noisy.chmod(0o755)
    (tmp_path / "Pulumi.yaml").write_text(PROJECT.format("env").replace("    toolchain: pip\n", ""))
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", "/nowhere")
    checks = found(cli("doctor", "--json"))
    assert checks["toolchain"]["status"] == "warning"
    assert checks["plugin-host"]["text"] == "the plugin host prints 'hello' instead of its port"
    assert checks["passphrase"]["status"] == "failed"

    noisy.write_text("#!/bin/sh\necho no such module >&2\nexit 1\n")
    assert (
        "cannot import egain_pulumi: no such module"
        in found(cli("doctor", "--json"))["program"]["text"]
    )
    noisy.unlink()
    assert "has no interpreter" in found(cli("doctor", "--json"))["program"]["text"]


def test_the_json_is_as_the_page_says(cli: Call) -> None:
    page = (REPOSITORY / "docs" / "doctor.md").read_text("utf-8")
    documented = json.loads(page.partition("```json\n")[2].partition("```")[0])
    answer = json.loads(cli("doctor", "--json")[1])
    assert answer.keys() == documented.keys()
    assert answer["checks"][0].keys() == documented["checks"][0].keys()
    assert documented["readings"][0] in answer["readings"]
