"""`egain-pulumi report`: its options, exit codes and errors; with the real CLI."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.hub.builders import digest, parts, same, state, step
from tests.review.changes import CHANGES
from tests.review.make_previews import deploy, preview
from tests.review.reports import analyze, stored
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> Call:
    """A command line in a folder with previews: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    for name in CHANGES:
        (tmp_path / f"{name}.json").write_text(stored(name), "utf-8")
    return call


@pytest.mark.parametrize("name", CHANGES)
def test_the_exit_code_asks_for_acknowledgement(cli: Call, name: str) -> None:
    code, out, err = cli("report", "--preview", f"{name}.json")
    assert (code, err) == (3 if CHANGES[name].acknowledge else 0, "")
    example = (REPOSITORY / "docs" / "examples" / f"{name}.md").read_text("utf-8")
    assert out == example.partition("\n\n")[2]


def test_json(cli: Call) -> None:
    code, out, _ = cli("report", "--preview", "delete-an-account.json", "--json")
    answer = json.loads(out)
    assert code == 3
    assert out.isascii()
    assert answer["acknowledge"] is True
    assert [row["risk"] for row in answer["risks"]] == ["deleted", "orphaned"]
    assert answer["affected"] == {"accounts": ["complaints"], "channels": ["chat"]}


def test_standard_input_and_a_rate_limit(cli: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(stored("rename")))
    code, out, _ = cli("report", "--preview", "-", "--requests-per-second", "0.1")
    assert code == 0
    assert "at 0.1 requests per second this takes about 20 s" in out


def test_a_silenced_finding_needs_no_acknowledgement(cli: Call, tmp_path: Path) -> None:
    assert cli("report", "--preview", "break-escalation.json")[0] == 3
    entry = '[[silence]]\nrule = "escalation-target"\nbecause = "The bot knows it all."\n'
    (tmp_path / "reach.toml").write_text(entry)
    assert cli("report", "--preview", "break-escalation.json")[0] == 0


def test_a_preview_without_unchanged_objects_needs_the_state(cli: Call, tmp_path: Path) -> None:
    resources = parts()
    new = json.loads(json.dumps(resources["chat"]))
    new["inputs"]["active"] = False
    update = step("update", resources["chat"], new)
    text = digest(update, changeSummary={"same": 8, "update": 1})
    (tmp_path / "short.json").write_text(text)
    (tmp_path / "state.json").write_text(state(resources))
    code, out, err = cli("report", "--preview", "short.json")
    assert (code, out) == (2, "")
    assert "leaves out 7 unchanged objects" in err
    code, out, err = cli("report", "--preview", "short.json", "--state", "state.json")
    assert (code, err) == (3, "")
    assert "Live accounts: `orders`; channels: `chat`." in out


SOUND = digest(*same(parts()))
NEWER = digest(*same(parts())).replace('"op": "same"', '"op": "sublimate"', 1)
FAILED = digest(diagnostics=[{"severity": "error", "message": "error: channel: no"}])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the text is empty"),
        (SOUND[: len(SOUND) // 2], "not JSON, or is cut off"),
        (stored("nothing")[:-1000], "not JSON, or is cut off"),
        ("[]", "not an object"),
        (NEWER, "is the CLI newer"),
        (FAILED, "the preview itself failed: channel: no"),
        (state(parts()), "not a complete preview"),
        (SOUND.replace('"same": 9', '"same": 8'), "is the text cut off?"),
        (json.dumps({"sequence": 1, "timestamp": 2}), "a stream of events"),
    ],
)
def test_an_incomplete_preview_is_an_error(cli: Call, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "preview.json").write_text(text)
    code, out, err = cli("report", "--preview", "preview.json")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_a_preview_of_another_project(cli: Call, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: other-hub\nruntime: python\n")
    code, out, err = cli("report", "--preview", "nothing.json")
    assert (code, out) == (2, "")
    assert 'it belongs to project "conversation-hub", but this is "other-hub"' in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--preview", "none.json"), "cannot read none.json: No such file or directory"),
        (("--state", "s.json"), "--state needs --preview"),
        (("--preview", "rename.json", "--refresh"), "--preview excludes --refresh"),
        (
            ("--preview", "rename.json", "--state", "a", "--stack", "b"),
            "use either --state or --stack",
        ),
        (("--preview", "-", "--state", "-"), "standard input cannot be both"),
        (("--preview", "rename.json", "--requests-per-second", "0"), "must be more than 0"),
        (("--preview", "rename.json", "--requests-per-second", "nan"), "must be more than 0"),
        (("--stack", "prod"), "pulumi is not on the PATH"),
        ((), "pulumi is not on the PATH"),
    ],
)
def test_errors(
    cli: Call, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.setenv("PATH", "")
    code, out, err = cli("report", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


@pytest.mark.cli
def test_the_real_cli_matches_the_stored_preview_and_the_cost(
    cli: Call, tmp_path: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = deploy(tmp_path / "s", emulator)
    change = CHANGES["forty-at-once"]
    text = preview(stack, change)
    assert text == stored("forty-at-once"), "run python -m tests.review"

    # The report runs the preview itself, and shows the error of one that fails.
    for name in ("PATH", "HOME", "PULUMI_HOME", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"):
        monkeypatch.setenv(name, stack.env[name])
    monkeypatch.chdir(stack.folder)
    program = stack.folder / "__main__.py"
    sound = program.read_text()
    program.write_text(sound.replace('display_name="Chat"', "display_name=1"))
    code, out, err = cli("report", "--stack", "local")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert (
        'the preview itself failed: channel "chat": display_name: expects text, in quotes.' in err
    )

    program.write_text(change.edit(sound))
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    code, out, err = cli("report", "--stack", "local", "--refresh", "--json")
    answer = json.loads(out)
    assert (code, err, answer["compared_with"]) == (3, "", "tenant")
    assert len(answer["changes"]) == 39, "the configuration is unchanged: no secret changes"

    icon = next(each["icon"] for each in emulator.objects("channels"))
    sms = {"type": "sms", "displayName": "SMS", "active": True, "icon": icon}
    emulator.add("channels", sms)
    emulator.clear()
    stack.up()
    cost = analyze(text).cost
    secret = 2  # the GET and PUT of the secret, which does not change here
    assert sum(emulator.counts().values()) == cost.calls - secret
    assert sum(emulator.counts(tokens=True).values()) == cost.calls - secret + cost.tokens
