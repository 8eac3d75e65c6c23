"""What the policy pack says of programs, as `pulumi preview --policy-pack` shows it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.policy.programs import BROKEN, LATE, SECRET, VIOLATIONS
from tests.support.cli import Stack
from tests.support.cli_result import CliResult
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY

pytestmark = pytest.mark.cli

SHOWN = re.compile(r"- \[(\w+)\]  (\S+)  \(pulumi-python:dynamic/egain:(\w+): (\S+)\)")
RULES = {"callbacks-https", "off-hours", "notification-email", "names", "production-accounts"}


def violations(result: CliResult) -> set[tuple[str, ...]]:
    """Level, rule, kind and name of each violation."""
    return set(SHOWN.findall(result.output))


def test_each_rule_is_violated_by_what_breaks_it_and_by_nothing_else(
    production: Stack, pack: Path
) -> None:
    production.program(BROKEN)
    refused = production.preview("--policy-pack", str(pack), check=False)
    assert violations(refused) == VIOLATIONS
    assert {rule for _, rule, _, _ in VIOLATIONS} == RULES
    assert refused.code != 0
    assert SECRET not in refused.output
    assert not refused.left, "the pack ends with the CLI"
    for instead in (
        "oauth2.token_request_url: is not https; write the https:// address of the same service",
        "roles.custom_bot.callback: is not https; write the https:// address",
        "roles.custom_bot.notification_email: is not in one of your domains; write an address "
        "@example.com",
        "name: does not follow the convention; write one that matches [a-z][a-z0-9]*(-[a-z0-9]+)*",
        'is not declared; write "off_hours" or "retain_and_retry"',
        'add that language\'s "msg_hub_off_hours" to l10n_properties of channel "mute"',
        "is not protected; write opts=ResourceOptions(protect=True)",
    ):
        assert instead in refused.output


def test_levels_and_settings_are_configured(production: Stack, pack: Path, tmp_path: Path) -> None:
    config = config_file(
        tmp_path,
        {
            "all": "advisory",
            "names": "disabled",
            "notification-email": {"domains": ["example.org", "example.com.example.net"]},
            "production-accounts": {"stacks": ["live"]},
        },
    )
    production.program(BROKEN)
    passed = production.preview("--policy-pack", str(pack), *config)
    told = violations(passed)
    assert {level for level, _, _, _ in told} == {"advisory"}
    by_rule = {rule: {name for _, r, _, name in told if r == rule} for rule in RULES}
    assert by_rule == {
        "callbacks-https": {"login-http", "bot-http"},
        "off-hours": {"hours-undeclared", "hours-mute"},
        "notification-email": {"bot-http", "bot-https", "bot-unknown", "mail-own"},
        "names": set(),
        "production-accounts": set(),
    }
    assert "write an address @example.org or @example.com.example.net" in passed.output


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"notification-email": {"domains": "example.com"}}, "Expected: array, given: string"),
        ({"names": {"pattern": "["}}, "names: pattern: Does not match format 'regex'"),
    ],
)
def test_a_mistake_in_the_configuration_is_told(
    production: Stack, pack: Path, tmp_path: Path, config: Any, said: str
) -> None:
    production.program("")
    settings = config_file(tmp_path, config)
    refused = production.preview("--policy-pack", str(pack), *settings, check=False)
    assert refused.code != 0
    assert said in refused.output


def test_what_a_preview_cannot_know_is_judged_before_it_is_made(
    production: Stack, pack: Path, emulator: Emulator
) -> None:
    production.program(LATE)
    refused = production.up("--policy-pack", str(pack), check=False)
    assert refused.code != 0
    assert {(rule, name) for _, rule, _, name in violations(refused)} == {
        ("callbacks-https", "late")
    }
    assert emulator.counts()["POST /clientapplications"] == 1, "only the first one was made"


def test_the_example_program_keeps_all_rules(
    tmp_path: Path, pack: Path, emulator: Emulator
) -> None:
    hub = Stack.of(REPOSITORY, tmp_path, name="local", passphrase="local", env=emulator.env)
    hub.init()
    config = ("--policy-pack-config", str(pack / "config.json"))
    clean = hub.preview("--policy-pack", str(pack), *config)
    assert "✅ egain-hub@v" in clean.output
    assert violations(clean) == set()
    assert "11 to create" in clean.output


def test_the_page_has_every_rule_with_its_level() -> None:
    page = (REPOSITORY / "docs" / "policy.md").read_text("utf-8")
    rows = set(re.findall(r"^\| `([a-z-]+)` \| (\w+) \|", page, re.MULTILINE))
    assert rows == {(rule, level) for level, rule, _, _ in VIOLATIONS}


def config_file(folder: Path, config: Any) -> tuple[str, str]:
    """The options that give the pack a configuration."""
    file = folder / "config.json"
    file.write_text(json.dumps(config))
    return "--policy-pack-config", str(file)
