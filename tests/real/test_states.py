"""Upgrades: the states of every release, with today's code. See docs/upgrading.md."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.specimens import SPECIMENS
from tests.states import CURRENT, PUBLISHED, ground, releases, stack_of
from tests.states.write import written
from tests.support.emulator import Emulator

every_release = pytest.mark.parametrize("release", releases(), ids=lambda folder: folder.name)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


def stored(release: Path) -> dict[str, Any]:
    """The state of a release."""
    found: dict[str, Any] = json.loads((release / "state.json").read_text("utf-8"))
    return found


@pytest.mark.cli
@every_release
def test_the_state_of_a_release_previews_without_a_change_or_a_call(
    release: Path, tmp_path: Path, emulator: Emulator
) -> None:
    """The tenant has moved to another port. What `get` reads is read in previews too, and nothing
    else is."""
    stack = stack_of(release, tmp_path, emulator, PUBLISHED)
    ground(emulator)
    stack.run("stack", "import", "--file", str(release / "state.json"))
    shown = stack.preview(json=True)
    assert [name for name, op in shown.ops.items() if op != "same"] == ["console"]
    unlisted = 1  # the default provider
    same = len(stored(release)["deployment"]["resources"]) - unlisted - 1
    assert shown.digest["changeSummary"] == {"same": same, "read": 1}
    assert emulator.counts() == {"GET /channels/{id}": 1}


@pytest.mark.cli
def test_the_state_of_this_release_is_what_its_program_leaves_behind(
    tmp_path: Path, emulator: Emulator
) -> None:
    """After a change of what states hold: write it anew, as long as the release is not out."""
    assert compared(written(CURRENT, emulator, tmp_path)) == compared(stored(CURRENT))


def compared(state: dict[str, Any]) -> dict[str, Any]:
    """What must be equal of two states: everything but ids, ciphertext and other chance."""
    resources = state["deployment"]["resources"]
    keys = ("type", "custom", "external", "inputs", "outputs", "retainOnDelete", "protect")
    return {r["urn"]: blanked({key: r.get(key) for key in keys}) for r in resources}


def blanked(value: Any) -> Any:
    """Without drawn ids and ciphertext."""
    if isinstance(value, dict):
        return {key: blanked(inner) for key, inner in value.items() if key != "ciphertext"}
    if isinstance(value, list):
        return [blanked(inner) for inner in value]
    return UUID.sub("an id", value) if isinstance(value, str) else value


@every_release
def test_a_state_names_no_machine_and_shows_no_secret(release: Path) -> None:
    text = (release / "state.json").read_text("utf-8")
    hosts = re.findall(r"[a-z+]+://([^/\"]*)", text)
    assert {host.partition(":")[0] for host in hosts} == {"127.0.0.1"}
    assert "sourcePosition" not in text
    assert not re.search(r"\"(?:/|[A-Z]:\\\\|\.\./)[^\"]*\"", text), "a path of a machine"
    program = (release / "program.py").read_text("utf-8")
    secrets = re.findall(r"\"((?:of|behind)-(?:an?|the)-\w+|local-secret)\"", program)
    assert len(secrets) >= 5
    assert [secret for secret in secrets if secret in text] == []


def test_the_state_of_this_release_has_every_form_that_arguments_may_take() -> None:
    resources = [r for r in stored(CURRENT)["deployment"]["resources"] if "dynamic/" in r["type"]]
    inputs = [resource["inputs"] for resource in resources]
    assert {r["type"] for r in resources} == {specimen.token for specimen in SPECIMENS}
    declared = [i for i in inputs if "find" not in i and "get" not in i]
    for specimen in SPECIMENS:
        mine = [i for r, i in zip(resources, inputs, strict=True) if r["type"] == specimen.token]
        given = set().union(*mine)
        assert set(specimen.full) - given <= {"description"}, specimen.noun
        assert {i["active"] for i in mine if i in declared} == {True, False}, specimen.noun
    for marker in ("find", "get", "imported", "extra", "secrets_version"):
        assert any(marker in i for i in inputs), marker
    assert {type(i["icon"]) for i in declared if "icon" in i} == {str, dict}
    assert {type(leaf) for leaf in leaves(inputs)} >= {str, bool, int, float}
    providers = {r.get("provider", "").rsplit("::", 2)[1] for r in resources}
    assert providers == {"default", "eu", "us"}


def leaves(value: Any) -> Iterator[Any]:
    """Every text, number and truth value."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    else:
        yield value
