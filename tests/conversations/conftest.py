"""A tenant that records, the settings that lead to it, and the contract to hold things against."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from egain_pulumi.api.limits import Hooks
from egain_pulumi.conversations import Conversations
from tests.conversations.tenant import Tenant


@cache
def contract() -> Any:
    """The vendor's API as we know it."""
    path = files("egain_pulumi.emulator.contract").joinpath("conversationmgr-v3.yaml")
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def fits(name: str, value: Any) -> None:
    """Fail unless a value is what the contract calls by this name."""
    whole = {"$ref": f"#/components/schemas/{name}", "components": contract()["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)


@pytest.fixture
def tenant(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tenant]:
    """A tenant, in the environment."""
    made = Tenant()
    for name, value in made.env.items():
        monkeypatch.setenv(name, value)
    yield made
    made.stop()


@pytest.fixture
def hub(tenant: Tenant) -> Conversations:
    """The client under test; its waits are short."""
    return patient()


def patient() -> Conversations:
    """A client whose waits between two tries last a hundredth of a second."""
    return Conversations(hooks=Hooks(sleep=lambda _: time.sleep(0.01)))
