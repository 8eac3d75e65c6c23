"""README, "From the emulator to dev to prod": the templates, filled in as the page says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY

pytestmark = pytest.mark.cli


@pytest.mark.parametrize("name", [pytest.param("dev", marks=pytest.mark.soak), "prod"])
def test_a_template_becomes_a_stack(name: str, tmp_path: Path, emulator: Emulator) -> None:
    stack = Stack.of(REPOSITORY, tmp_path, name=name, passphrase="of the team")
    template = yaml.safe_load((REPOSITORY / "stacks" / f"Pulumi.{name}.yaml").read_text())
    shutil.copy(REPOSITORY / "stacks" / f"Pulumi.{name}.yaml", stack.settings_file)
    stack.run("stack", "init")
    refused = stack.preview(check=False)
    for key, value in template["config"].items():
        assert (key in refused.output) == (value == "CHANGE_ME"), key

    local = yaml.safe_load((REPOSITORY / "stacks" / "Pulumi.local.yaml").read_text())["config"]
    plain = {k: v for k, v in local.items() if k in template["config"] and isinstance(v, str)}
    stack.config(
        {
            **plain,
            "egain:baseUrl": emulator.base_url,
            "egain:tokenUrl": emulator.token_url,
            "egain:clientId": "local",
        }
    )
    stack.run("config", "set", "--secret", "egain:clientSecret", "local-secret")
    stack.run("config", "set", "--secret", "conversation-hub:botClientSecret", "bot-secret")
    assert "11 to create" in stack.preview().output
    stack.up()
    assert stack.preview(json=True).digest["changeSummary"] == {"same": 11}
    accounts = [stack.resources()[account] for account in ("orders", "complaints")]
    assert [bool(each.get("protect")) for each in accounts] == [name == "prod"] * 2
    assert "local-secret" not in stack.settings_file.read_text()
