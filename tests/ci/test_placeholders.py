"""A stack's file for a run without its secrets."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from scripts.ci.placeholders import placeholder, without_secrets
from tests.support.process import REPOSITORY


def test_secrets_and_gaps_are_filled_and_what_encrypts_or_belongs_to_egain_is_left_out() -> None:
    stack = {
        "encryptionsalt": "v1:abc",
        "secretsprovider": "awskms://…",
        "environment": ["team/prod"],
        "config": {
            "egain:baseUrl": "https://api.egain.cloud/v3",
            "egain:allowDelete": "false",
            "hub:opsEmail": "CHANGE_ME",
            "hub:kept": "https://real.example.net",
            "hub:number": 7,
            "hub:off": False,
            "hub:botSecret": {"secure": "v1:x:y"},
            "hub:deep": {"list": [{"token": {"secure": "v1:x:y"}}, "plain"]},
            "hub:known": "CHANGE_ME",
            "hub:secretOfLocal": {"secure": "v1:x:y"},
        },
    }
    local: dict[str, Any] = {
        "config": {"hub:known": "known", "hub:secretOfLocal": {"secure": "v1:other"}}
    }
    assert without_secrets(stack, local, {}) == {
        "config": {
            "hub:opsEmail": "ops-email@example.com",
            "hub:kept": "https://real.example.net",
            "hub:number": 7,
            "hub:off": False,
            "hub:botSecret": "placeholder-bot-secret",
            "hub:deep": {"list": [{"token": "placeholder-token"}, "plain"]},
            "hub:known": "known",
            "hub:secretOfLocal": "placeholder-secret-of-local",
        }
    }


@pytest.mark.parametrize(
    ("key", "type_", "value"),
    [
        ("hub:botCallback", None, "https://bot-callback.example.com/"),
        ("hub:loginURL", None, "https://login-url.example.com/"),
        ("hub:ops_e-mail", None, "ops-e-mail@example.com"),
        ("hub:ordersAddress", None, "5"),
        ("hub:entryPoint", None, "5"),
        ("hub:support", None, "placeholder-support"),
        ("hub:botUrl", "integer", "5"),
        ("hub:strict", "boolean", "false"),
    ],
)
def test_a_placeholder_is_what_the_key_asks_for(key: str, type_: str | None, value: str) -> None:
    assert placeholder(key, type_, 5) == value


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_nothing_is_left_unfinished_in_our_templates(name: str) -> None:
    folder = REPOSITORY / "stacks"
    template = yaml.safe_load((folder / f"Pulumi.{name}.yaml").read_text())
    local = yaml.safe_load((folder / "Pulumi.local.yaml").read_text())
    nothing: dict[str, Any] = {}
    for known in (local, nothing):
        filled = without_secrets(template, known, {})["config"]
        assert set(filled) == {k for k in template["config"] if not k.startswith("egain:")}
        assert len(set(filled.values())) == len(filled), "addresses and callbacks are unique"
        assert "CHANGE_ME" not in str(filled)
