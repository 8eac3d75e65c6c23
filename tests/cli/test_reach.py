"""`egain-pulumi reach`: its output, its sources, and its errors."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.cli.test_list import MANAGE, READ, hub
from tests.hub.builders import digest, parts, resource, same, state
from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> Call:
    """A command line in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    return call


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A sound hub as a preview and as a state, and a preview with a channel that is off."""
    (tmp_path / "sound.json").write_text(digest(*same(parts())))
    (tmp_path / "state.json").write_text(state(parts()))
    broken = parts()
    broken["chat"]["inputs"]["active"] = False
    (tmp_path / "broken.json").write_text(digest(*same(broken)))
    return tmp_path


def test_a_sound_hub(cli: Call, files: Path) -> None:
    assert cli("reach", "--preview", "sound.json") == (
        0,
        "Preview of prod (conversation-hub): 8 objects, no findings\n",
        "",
    )
    assert cli("reach", "--state", "state.json")[0] == 0


def test_a_finding_names_path_rule_accounts_and_channels(cli: Call, files: Path) -> None:
    assert cli("reach", "--preview", "broken.json") == (
        1,
        'account "orders": channel: channel "chat" is not active. [account-channel]\n'
        "    accounts: orders; channels: chat\n"
        "Preview of prod (conversation-hub): 8 objects, 1 finding\n",
        "",
    )


def test_json_matches_its_documentation(cli: Call, files: Path) -> None:
    code, out, _ = cli("reach", "--preview", "broken.json", "--json")
    assert code == 1
    answer = json.loads(out)
    page = (REPOSITORY / "docs" / "reach.md").read_text("utf-8")
    documented = json.loads(page.partition("```json\n")[2].partition("```")[0])
    assert answer.keys() == documented.keys()
    assert answer["findings"] == documented["findings"]
    assert documented["silenced"][0].keys() == answer["findings"][0].keys() | {"because"}
    assert documented["idle"][0].keys() == {"rule", "object"}


def test_standard_input(cli: Call, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO((files / "broken.json").read_text()))
    assert cli("reach", "--preview", "-")[0] == 1


def test_a_silenced_finding_is_shown_with_its_reason(cli: Call, files: Path) -> None:
    entry = '[[silence]]\nrule = "{}"\nbecause = "Opens in May."\n'
    toml = files / "reach.toml"
    toml.write_text(entry.format("account-channel"))
    code, out, _ = cli("reach", "--preview", "broken.json")
    assert code == 0
    assert 'silenced: account "orders": channel: channel "chat" is not active.' in out
    assert "[account-channel: Opens in May.]" in out
    _, out, _ = cli("reach", "--preview", "broken.json", "--json")
    assert [each["because"] for each in json.loads(out)["silenced"]] == ["Opens in May."]
    toml.write_text(entry.format("orphan"))
    code, out, _ = cli("reach", "--preview", "broken.json")
    assert code == 1
    assert "reach.toml: silences nothing: orphan\n" in out
    toml.write_text(entry.format("orfan"))
    code, out, err = cli("reach", "--preview", "broken.json")
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_names_cannot_control_a_terminal(cli: Call, files: Path) -> None:
    resources = parts()
    resources["x"] = resource("Channel", "\x1b[2J\u202eevil\n::x", {"active": True, "type": "x"})
    (files / "p.json").write_text(digest(*same(resources)))
    code, out, err = cli("reach", "--preview", "p.json")
    assert code == 1
    assert "\x1b" not in out + err
    assert "\u202e" not in out + err
    assert "\\x1b[2J\\u202eevil\\n::x" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--preview", "none.json"), "cannot read none.json: No such file or directory"),
        (("--preview", "state.json"), "not a complete preview"),
        (("--state", "sound.json"), "not a stack's state"),
        (("--preview", "sound.json", "--tenant"), "--tenant cannot be combined with"),
        (("--state", "state.json", "--stack", "prod"), "use either --state or --stack"),
        (("--preview", "-", "--state", "-"), "standard input cannot be both"),
        (("--stack", "prod"), "pulumi is not on the PATH"),
        ((), "pulumi is not on the PATH"),
        (("--tenant",), "not set in the environment: EGAIN_BASE_URL"),
    ],
)
def test_errors(
    cli: Call, files: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.setenv("PATH", "")
    code, out, err = cli("reach", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_a_preview_of_another_project(cli: Call, files: Path) -> None:
    (files / "Pulumi.yaml").write_text('# ours\nname: "other-hub"  # see\nruntime: python\n')
    code, out, err = cli("reach", "--preview", "sound.json")
    assert (code, out) == (2, "")
    assert 'it belongs to project "conversation-hub", but this is "other-hub"' in err


def test_a_tenant(cli: Call, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    ids = hub(emulator)
    emulator.edit("accounts", ids["account"], {"active": True})
    code, out, _ = cli("reach", "--tenant", "--json")
    answer = json.loads(out)
    assert code == 1
    assert answer["source"] == {"kind": "tenant", "name": emulator.base_url}
    found = {(each["rule"], each["name"]) for each in answer["findings"]}
    assert found == {("agent-role", "bot-first"), ("callback-unique", "customers")}
    assert "canary@" not in out
    assert answer["not_checked"] == []
    emulator.client("reader", "reader-secret", [READ])
    monkeypatch.setenv("EGAIN_CLIENT_ID", "reader")
    monkeypatch.setenv("EGAIN_CLIENT_SECRET", "reader-secret")
    code, out, _ = cli("reach", "--tenant")
    assert "authentications: not checked: the client may not read them\n" in out
    assert "which does not exist in eGain" not in out
    assert {entry["method"] for entry in emulator.requests()} == {"GET"}
    assert MANAGE not in out


@pytest.mark.cli
def test_previews_and_states_of_the_real_cli(
    tmp_path: Path, emulator: Emulator, cli: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = Stack.of(REPOSITORY, tmp_path / "s", name="local", passphrase="local", env=emulator.env)
    stack.init()
    for name in ("PATH", "HOME", "PULUMI_HOME", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"):
        monkeypatch.setenv(name, stack.env[name])
    monkeypatch.chdir(stack.folder)
    # An explicit provider is a resource too, which the CLI counts with the others.
    program = stack.folder / "__main__.py"
    text = program.read_text().replace("    icon_file,\n", "    Provider,\n    icon_file,\n")
    there = f'base_url="{emulator.base_url}", token_url="{emulator.token_url}"'
    text += f'\nProvider("eu", {there}, credentials_env="EU")\n'
    program.write_text(text)
    preview = tmp_path / "preview.json"
    preview.write_text(stack.preview("--show-sames", json=True).stdout)
    sound = "Preview of local (conversation-hub): 10 objects, no findings\n"
    assert cli("reach", "--preview", str(preview)) == (0, sound, "")

    stack.up()
    assert cli("reach", "--stack", "local")[:2] == (0, "Stack local: 10 objects, no findings\n")
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("EGAIN_EXPORT_KEY", "a key that stays with the user")
    sides = ("stack:local", "tenant")
    equal = "10 objects equal, 0 different, 0 only in stack:local, 0 only in tenant\n"
    assert cli("compare", *sides) == (0, f"{' and '.join(sides)}: {equal}", "")
    own = "10 objects: 9 managed by 1 stack\n"
    assert cli("inventory") == (0, own, "")
    assert cli("inventory", "--stack", "local", "--fail-on", "unused") == (0, own, "")
    exported = cli("export", "--stack", "local")[1]
    assert '"secret": "hmac-sha256:' in exported
    code, _, err = cli("reach", "--stack", "none")
    assert (code, err.count("\n")) == (2, 1)
    assert "pulumi stack export --stack none: no stack named 'none' found" in err

    broken = text.replace('name="customer-app",', 'name="customer-app", active=False,')
    program.write_text(broken)
    shown = stack.preview("--show-sames", json=True)
    preview.write_text(shown.stdout)
    code, out, _ = cli("compare", str(preview), "tenant")
    assert (code, "    active: false → true\n" in out) == (1, True)
    assert "8 objects equal, 1 different, 0 only in" in out, "the agents are not looked up yet"
    code, out, err = cli("reach", "--preview", str(preview))
    assert (code, err) == (1, "")
    assert out.count('client application "customers" is not active. [part-active]') == 2
    assert "    accounts: orders; channels: chat\n" in out
    warned = "applications.customer_configuration.customer: client application"
    assert sum(warned in each["message"] for each in shown.digest["diagnostics"]) == 2

    preview.write_text(stack.preview(json=True).stdout)
    assert "leaves out" in cli("reach", "--preview", str(preview))[2]
    assert cli("reach", "--preview", str(preview), "--stack", "local")[:2] == (code, out)
