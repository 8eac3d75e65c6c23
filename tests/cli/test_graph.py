"""`egain-pulumi graph`: its formats, its output, and its errors."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.cli.test_list import hub
from tests.hub.builders import digest, parts, resource, same, state, step
from tests.support.emulator import Emulator


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> Call:
    """A command line in a folder with a preview and a state of the same hub."""
    monkeypatch.chdir(tmp_path)
    resources = parts()
    (tmp_path / "state.json").write_text(state(resources))
    gone = resources.pop("orders")
    (tmp_path / "preview.json").write_text(digest(step("delete", gone, None), *same(resources)))
    return call


def test_mermaid_of_a_preview_marks_changes_and_keeps_deleted_objects(cli: Call) -> None:
    code, out, err = cli("graph", "--preview", "preview.json")
    assert (code, err) == (0, "")
    assert out.startswith("flowchart LR\n")
    assert '(["#8722; orders<br/>account#44; deleted"])' in out
    assert "class n7 deleted" in out
    assert out.count("\n  n5 --- n7\n") == 1


def test_a_state_has_no_marks(cli: Call) -> None:
    code, out, _ = cli("graph", "--state", "state.json")
    assert code == 0
    assert "classDef deleted" not in out
    assert "classDef same" in out


@pytest.mark.parametrize("form", ["svg", "html", "mermaid"])
def test_output_to_a_file(cli: Call, tmp_path: Path, form: str) -> None:
    code, out, err = cli("graph", "--state", "state.json", "--format", form, "-o", "out")
    assert (code, out, err) == (0, "", "")
    text = (tmp_path / "out").read_text("utf-8")
    assert text == cli("graph", "--state", "state.json", "--format", form)[1]
    if form == "svg":
        assert ET.fromstring(text).tag.endswith("svg")
    assert "orders" in text


def test_the_limit_of_boxes(cli: Call, tmp_path: Path) -> None:
    resources = parts()
    for n in range(50):
        resources[f"x{n}"] = resource("Channel", f"x{n}", {"active": True, "type": f"x{n}"})
    (tmp_path / "big.json").write_text(state(resources))
    line = ("graph", "--state", "big.json")
    assert cli(*line)[1].count("channel") == 2
    assert cli(*line, "--most", "0")[1].count("<br/>channel") == 51
    assert cli(*line, "--format", "svg")[1].count('class="box"') == 58
    assert cli(*line, "--format", "svg", "--most", "20")[1].count('class="box"') < 20


def test_a_tenant_is_drawn_without_secrets(
    cli: Call, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    hub(emulator)
    code, out, _ = cli("graph", "--tenant", "--format", "html")
    assert code == 0
    assert "bot-first" in out
    assert "canary" not in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--state", "state.json", "-o", "none/out"), "cannot write none/out: No such file"),
        (("--state", "state.json", "--format", "png"), "png"),
        (("--state", "state.json", "--most", "-1"), "--most"),
        (("--state", "preview.json"), "not a stack's state"),
    ],
)
def test_errors(cli: Call, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = cli("graph", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
