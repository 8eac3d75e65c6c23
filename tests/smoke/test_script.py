"""Scripts: expectations must be met; mistakes are named with their path."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from egain_pulumi.errors import EgainError
from egain_pulumi.smoke import Turn, script
from tests.emulator.callbacks import Callbacks
from tests.smoke.world import World, ended, steps
from tests.support.process import REPOSITORY

ORDERS = ("--account", "orders")


def test_turns() -> None:
    text = "turns:\n- {say: Hello, answer: [a, b], within: 2}\n- {attach: x.pdf, ends: true}\n"
    assert script(text) == (
        Turn(say="Hello", answer=("a", "b"), within=2.0),
        Turn(attach="x.pdf", ends=True),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("turns: [", "the script is not YAML, line 1"),
        ("- say: x", "the script: expects the single key turns"),
        ("turn:\n- say: x", "the script: expects the single key turns"),
        ("turns: []", "turns: expects a list of at least one turn"),
        ("turns: [Hello]", "turns[0]: expects keys and values"),
        ("turns: [{sya: Hello}]", "turns[0].sya: unknown key; did you mean say?"),
        ("turns: [{say: x}, {within: 3}]", "turns[1]: says nothing"),
        ("turns: [{say: 17}]", "turns[0].say: expects a text that is not empty; put a number in"),
        ("turns: [{say: x, answer: []}]", "turns[0].answer: expects a text"),
        ("turns: [{say: x, ends: maybe}]", "turns[0].ends: expects true or false"),
        ("turns: [{say: x, within: 0}]", "turns[0].within: expects a number of seconds above 0"),
        ("turns: [{say: x, within: .inf}]", "turns[0].within: expects a number of seconds above 0"),
    ],
)
def test_a_mistake_is_named(text: str, said: str) -> None:
    with pytest.raises(EgainError) as caught:
        script(text)
    assert str(caught.value).startswith(said)


@pytest.mark.cli
def test_a_script_with_everything(world: World, folder: Path) -> None:
    Path("note.txt").write_text("17")
    page = (REPOSITORY / "docs" / "smoke.md").read_text("utf-8")
    script = page.partition("```yaml\n")[2].partition("```")[0]
    Path("script.yaml").write_text(script.replace("receipt.txt", "note.txt"))
    report = world.report("--emulator", *ORDERS, "--script", "script.yaml", "--junit", "j.xml")
    assert report["code"] == 0, report
    assert any("with note.txt" in what for _, what in steps(report))
    [case] = ElementTree.parse("j.xml").iter("testcase")
    assert (case.get("classname"), case.get("name")) == ("account", "orders")
    assert case.find("failure") is None


@pytest.mark.cli
@pytest.mark.parametrize(
    ("turn", "code"),
    [
        ("say: Hello\n    answer: pineapple", "no_such_answer"),
        ("say: Hello\n    escalates: true", "no_escalation"),
        ("say: Hello\n    ends: true", "no_end"),
    ],
)
def test_an_expectation_that_is_not_met_is_a_failure(
    world: World, folder: Path, turn: str, code: str
) -> None:
    Path("script.yaml").write_text(f"turns:\n  - {turn}\n    within: 0.6\n")
    report = world.report("--emulator", *ORDERS, "--script", "script.yaml", "--junit", "j.xml")
    assert report["code"] == 1
    [end] = ended(report)
    assert end["code"] == code
    assert end["what"].endswith(" within 0.6 seconds")
    [failure] = ElementTree.parse("j.xml").iter("failure")
    assert failure.get("message") == end["what"]


@pytest.mark.cli
def test_an_expectation_that_cannot_be_checked_is_a_failure(
    world: World, folder: Path, callbacks: Callbacks
) -> None:
    world.role("customer-app", callback=f"{callbacks.url}/customer")
    world.emulator.fault("GET", "/conversations/*", action="status", status=403)
    Path("script.yaml").write_text("turns:\n  - say: Hello\n    answers: true\n    within: 0.1\n")
    report = world.report("--tenant", *ORDERS, "--script", "script.yaml")
    assert report["code"] == 1
    assert [end["code"] for end in ended(report)] == ["conversation_unreadable"]
    Path("script.yaml").write_text("turns:\n  - say: Hello\n")
    assert world.report("--tenant", *ORDERS, "--script", "script.yaml")["code"] == 0
