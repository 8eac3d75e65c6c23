"""`egain-pulumi export` and `egain-pulumi compare`: their sources, their output, their errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from egain_pulumi import comparison
from egain_pulumi.resources import KINDS
from tests.cli.conftest import Call
from tests.cli.test_list import MANAGE, READ, hub
from tests.commands import blocks
from tests.comparison.builders import Rows, tenant
from tests.hub.builders import parts, state
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY

ALLOW = '[[allow]]\nkind = "channel"\npath = "display_name"\nbecause = "Its own."\n'


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, emulator: Emulator, call: Call) -> Call:
    """A command line in an empty folder, against the emulator: code, output, errors."""
    monkeypatch.chdir(tmp_path)
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    return call


@pytest.fixture
def prod(cli: Call, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """A second tenant, whose variables begin with `PROD_`."""
    made = Emulator(strict=True)
    for name, value in made.env.items():
        monkeypatch.setenv(name.replace("EGAIN_", "PROD_"), value)
    yield made
    made.stop()


def test_two_tenants(
    cli: Call, emulator: Emulator, prod: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub(emulator)
    ids = hub(prod)
    sides = ("compare", "tenant", "tenant:PROD")
    equal = "8 objects equal, 0 different, 0 only in tenant, 0 only in tenant:PROD"
    assert cli(*sides) == (0, f"tenant and tenant:PROD: {equal}\n", "")

    prod.edit("channels", ids["channel"], {"displayName": "<b>Live</b>"})
    prod.edit("authentications", ids["authentication"], {"oauth2": {"payload": "another"}})
    prod.remove("accounts", ids["account"])
    code, out, err = cli(*sides)
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        'authentication "bot-auth":',
        "    oauth2.payload: [secret] → [secret] (another one)",
        'channel "chat":',
        '    display_name: "canary" → "<b>Live</b>"',
        'account "orders": only in tenant',
        "tenant and tenant:PROD: "
        "5 objects equal, 2 different, 1 only in tenant, 0 only in tenant:PROD",
    ]

    (tmp_path / "compare.toml").write_text(ALLOW)
    code, out, _ = cli(*sides, "--json")
    found = json.loads(out)
    assert code == 1
    assert (found["one"], found["other"], found["equal"]) == ("tenant", "tenant:PROD", 5)
    assert [each["missing_in"] for each in found["differences"]] == [None, "other"]
    assert found["differences"][0]["properties"] == [
        {"path": "oauth2.payload", "one": {"secret": "set"}, "other": {"secret": "set"}}
    ]
    assert found["allowed"][0]["because"] == "Its own."
    assert cli(*sides, "--markdown")[1].startswith("`tenant` and `tenant:PROD`: 5 objects equal")
    assert cli(*sides, "--html", "-o", "page.html") == (1, "", "")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.count("<svg xmlns") == 2
    assert "&lt;b&gt;Live&lt;/b&gt;" in page
    assert "<b>Live" not in page

    for each in (emulator, prod):
        methods = {entry["method"] for entry in each.requests()}
        assert methods == {"GET"}, "a comparison only reads"

    monkeypatch.delenv("PROD_CLIENT_SECRET")
    assert cli(*sides) == (
        2,
        "",
        "egain-pulumi: not set in the environment: PROD_CLIENT_SECRET\n",
    )


def test_the_commands_of_the_page(
    cli: Call, emulator: Emulator, prod: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in emulator.env.items():
        monkeypatch.setenv(name.replace("EGAIN_", "DEV_"), value)
    for each in (emulator, prod):
        hub(each)
    [commands] = blocks("docs/two-environments.md")
    for command in commands:
        words = command.split()
        if "stack:prod" not in words:  # it needs the real CLI: test_reach.py
            assert cli(*words[1:])[0] == 0, command
    assert {"environments.html", "monday.json"} <= {file.name for file in tmp_path.iterdir()}


def test_the_page_shows_the_files_and_the_json_as_they_are() -> None:
    page = (REPOSITORY / "docs" / "two-environments.md").read_text("utf-8")
    toml, shown = (re.search(f"```{form}\n(.*?)```", page, re.S) for form in ("toml", "json"))
    assert toml and shown
    assert len(comparison.allowances(toml[1], [kind.name for kind in KINDS])) == 2

    def change(found: Rows) -> None:
        found["channel"][0]["displayName"] = "Live chat"
        found["account"].clear()
        found["authentication"][0]["basicAuth"]["password"] = "********"

    allowed = comparison.allowances(
        '[[allow]]\nkind = "account"\nbecause = "Opens in May."\n'
        '[[allow]]\nkind = "participant"\nbecause = "Old."\n',
        [kind.name for kind in KINDS],
    )
    found = comparison.compare(tenant(), tenant(change, unread="participant"))
    answer = comparison.document(comparison.judge(found, allowed), ("tenant:DEV", "tenant:PROD"))
    documented = json.loads(shown[1])
    assert answer.keys() == documented.keys()
    for key in ("differences", "allowed", "idle", "not_read"):
        assert answer[key] == documented[key]
    assert answer["not_compared"][0].keys() == documented["not_compared"][0].keys()


def test_an_export_and_its_tenant(
    cli: Call, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = hub(emulator)
    monkeypatch.setenv("EGAIN_EXPORT_KEY", "a key that stays with the user")
    for name in ("one", "two"):
        assert cli("export", "--tenant", "-o", f"{name}.json") == (0, "", "")
    text = (tmp_path / "one.json").read_text("ascii")
    assert text == (tmp_path / "two.json").read_text("ascii") == cli("export", "--tenant")[1]
    assert "hmac-sha256:" in text
    assert not any(each in text for each in ids.values())
    assert cli("compare", "one.json", "tenant")[0] == 0

    emulator.edit("authentications", ids["authentication"], {"oauth2": {"payload": "another"}})
    assert cli("compare", "one.json", "tenant")[0] == 1
    monkeypatch.delenv("EGAIN_EXPORT_KEY")
    code, out, _ = cli("compare", "one.json", "tenant")
    assert code == 0, "without the key, values of secrets are not known"
    assert "not compared: secrets by their values: set EGAIN_EXPORT_KEY" in out


def test_a_client_without_the_manage_scope(
    cli: Call, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub(emulator)
    cli("export", "--tenant", "-o", "all.json")
    emulator.client("reader", "reader-secret", [READ])
    monkeypatch.setenv("EGAIN_CLIENT_ID", "reader")
    monkeypatch.setenv("EGAIN_CLIENT_SECRET", "reader-secret")
    code, out, _ = cli("compare", "all.json", "tenant")
    assert code == 0
    assert "not compared: authentications: the client may not read them in tenant\n" in out
    assert MANAGE not in out


def test_states(cli: Call, tmp_path: Path) -> None:
    resources = parts()
    (tmp_path / "dev.json").write_text(state(resources))
    resources["chat"]["inputs"]["display_name"] = "Live chat"
    (tmp_path / "prod.json").write_text(state(resources))
    code, out, err = cli("compare", "dev.json", "prod.json")
    assert (code, err) == (1, "")
    assert out.splitlines()[:2] == [
        'channel "custom.chat":',
        '    display_name: "Chat" → "Live chat"',
    ]
    assert cli("export", "--state", "dev.json", "-o", "export.json")[0] == 0
    assert cli("compare", "export.json", "dev.json")[0] == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("export", "-o", "hub.yaml"), "--output: cannot write hub.yaml: an export is JSON"),
        (("export", "--tenant", "--stack", "dev"), "--tenant cannot be combined with"),
        (("compare", "nope.json", "tenant"), "cannot read nope.json: No such file"),
        (("compare", "empty.json", "tenant"), "empty.json: not JSON, or cut off"),
        (("compare", "tenant", "tenant:a-b"), '"tenant:a-b": write the prefix of its variables'),
        (("compare", "tenant", "tenant:"), '"tenant:": write the prefix of its variables'),
        (("compare", "tenant", "tenant:QA"), "not set in the environment: QA_BASE_URL, QA_TOKEN"),
        (("compare", "tenant", "tenant", "--json", "--html"), "use only one of --json, --html"),
        (("compare", "tenant", "tenant", "--allow", "no.toml"), "cannot read no.toml"),
        (("compare", "tenant"), "Missing argument 'B'"),
    ],
)
def test_mistakes(cli: Call, tmp_path: Path, line: tuple[str, ...], said: str) -> None:
    (tmp_path / "empty.json").write_text("")
    code, out, err = cli(*line)
    assert (code, out) == (2, "")
    assert err.startswith(f"egain-pulumi: {said}")


def test_a_short_key(cli: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EGAIN_EXPORT_KEY", "short")
    code, _, err = cli("export", "--tenant")
    assert code == 2
    assert err.startswith("egain-pulumi: EGAIN_EXPORT_KEY: must have at least 16 characters")
    assert "short," not in err
