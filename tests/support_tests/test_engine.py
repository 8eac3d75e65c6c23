"""Our engine over the real plugin host: what crosses the wire, and what the state becomes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.errors import ProviderError
from tests.support.goal import Declared, Options, Ref
from tests.support.program import Program
from tests.support.steps import DeploymentError
from tests.support.values import UNKNOWN, Secret
from tests.support_tests.programs import trouble
from tests.support_tests.provider import FOLDER, Sample

pytestmark = pytest.mark.host
TYPE = "pulumi-python:dynamic/sample:Thing"


@pytest.fixture
def engine(make_engine: MakeEngine, tmp_path: Path) -> Engine:
    return make_engine(config={"sample:one": "1"}, env={FOLDER: str(tmp_path)})


@pytest.fixture
def calls(tmp_path: Path) -> Any:
    """The calls so far, or those of one method."""

    def listed(method: str = "") -> list[dict[str, Any]]:
        lines = (tmp_path / "calls.jsonl").read_text().splitlines()
        return [c for c in map(json.loads, lines) if method in ("", c["method"])]

    return listed


def thing(name: str, inputs: dict[str, Any] | None = None, **more: Any) -> Declared:
    return Declared(TYPE, name, Sample, inputs or {}, **more)


def without_provider(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != "__provider"}


def test_numbers_are_floats_and_none_is_dropped(engine: Engine, calls: Any) -> None:
    engine.up([thing("a", {"n": 5, "none": None, "deep": [{"x": None, "y": 1}], "b": True})])
    [created] = calls("create")
    assert without_provider(created["props"]) == {"n": 5.0, "deep": [{"y": 1.0}], "b": True}
    assert isinstance(created["props"]["n"], float)
    assert created["props"]["b"] is True


def test_references_are_unknown_until_made_at_any_depth(engine: Engine, calls: Any) -> None:
    program = [
        thing("user", {"ids": [{"id": Ref("used")}], "text": Ref("used", apply="x-{}".format)}),
        thing("used", {"v": 1}),
    ]
    assert engine.preview(program).ops == {"used": "create", "user": "create"}
    checked = calls("check")[-1]["news"]
    assert (checked["ids"], checked["text"]) == ([{"id": "<unknown>"}], "<unknown>")
    assert len(engine.state) == 0
    assert calls("create") == []

    engine.up(program)
    assert engine.state["user"].inputs["text"] == f"x-{engine.state['used'].id}"
    assert engine.state["user"].dependencies == [engine.state["used"].urn]


def test_secrets_are_stripped_and_put_back_by_key(engine: Engine, calls: Any) -> None:
    inputs = {
        "plain": "p",
        "map": {"k": Secret("canary-1"), "v": 1},
        "list": [1, Secret("canary-2")],
    }
    engine.up([thing("a", inputs)])
    assert calls("create")[0]["props"]["map"] == {"k": "canary-1", "v": 1.0}
    for held in (engine.state["a"].inputs, engine.state["a"].outputs):
        assert held["map"] == {"k": Secret("canary-1"), "v": 1.0}
        assert held["list"] == Secret([1.0, "canary-2"])
    assert "canary" not in json.dumps(engine.export())
    assert "canary" not in repr(engine.state.resources)
    user = [thing("a", inputs), thing("b", {"copy": Ref("a", "map.k")})]
    engine.up(user)
    assert engine.state["b"].inputs["copy"] == Secret("canary-1")


def test_a_get_reads_with_the_inputs_in_previews_too(
    engine: Engine, calls: Any, tmp_path: Path
) -> None:
    (tmp_path / "server.json").write_text('{"seed": {"v": 1}}')
    program = [thing("used"), thing("known", {"w": 2}, id="seed"), thing("later", id=Ref("used"))]
    assert engine.preview(program).ops == {"used": "create", "known": "read", "later": "read"}
    assert [(c["id"], without_provider(c["props"])) for c in calls("read")] == [
        ("seed", {"w": 2.0})
    ]
    engine.up(program)
    assert engine.state["known"].external
    assert engine.state["known"].outputs["v"] == 1.0
    engine.destroy()
    assert [c["id"] for c in calls("delete")] == ["id-1"]


def test_a_refresh_shows_the_way_back_and_drops_what_is_gone(
    engine: Engine, tmp_path: Path
) -> None:
    engine.up([thing("a", {"m": {"x": 1}}), thing("b")])
    server = {"id-1": {"m": {"x": 1, "new": 2}}}
    (tmp_path / "server.json").write_text(json.dumps(server))
    for preview in (True, False):
        result = engine.refresh(preview=preview)
        assert result.ops == {"a": "update", "b": "delete"}
        assert result.step("a").paths == {"m.new": "add"}
        assert ("b" in engine.state) is preview
    assert engine.state["a"].inputs["m"] == {"x": 1.0, "new": 2.0}


def test_a_half_made_thing_is_kept_with_its_errors(engine: Engine) -> None:
    with pytest.raises(DeploymentError, match="not yet") as caught:
        engine.up([thing("a", {"half": "not yet", "key": Secret("s")})])
    [failure] = caught.value.result.failures
    assert isinstance(failure.error, ProviderError)
    assert failure.error.init_failed is not None
    assert (failure.error.message, failure.error.code) == ("not yet", "UNKNOWN")
    assert (failure.error.init_failed.id, failure.error.init_failed.reasons) == (
        "id-1",
        ["not yet"],
    )
    assert engine.state["a"].init_errors == ["not yet"]
    assert engine.state["a"].outputs["key"] == Secret("s")
    assert engine.up([thing("a", {"half": "not yet", "key": Secret("s")})]).ops == {"a": "update"}
    assert engine.state["a"].init_errors == []


def test_replacements_create_first_unless_told_otherwise(engine: Engine, calls: Any) -> None:
    def program(key: int) -> list[Declared]:
        return [
            thing("a", {"keys": ["key"], "key": key}),
            thing("b", {"keys": ["key"], "key": key, "first": True, "a": Ref("a")}),
            thing("c", {"key": key}, options=Options(replace_on_changes=["key"])),
        ]

    engine.up(program(1))
    before = len(calls())
    result = engine.up(program(2))
    assert result.ops == {"a": "replace", "b": "replace", "c": "replace"}
    made = [c["method"] for c in calls()[before:] if c["method"] in ("create", "delete")]
    assert made == ["create", "delete", "create", "create", "delete", "delete"]
    assert [step.op for step in result.steps if step.name == "a"] == [
        "create-replacement",
        "replace",
        "delete-replaced",
    ]


def test_users_are_deleted_before_what_they_use(engine: Engine, calls: Any) -> None:
    engine.up([thing("a"), thing("b", {"a": Ref("a")}), thing("c", {"b": Ref("b")}), thing("d")])
    engine.up([thing("a"), thing("d")])
    engine.destroy()
    assert [c["id"] for c in calls("delete")] == ["id-3", "id-2", "id-4", "id-1"]


def test_after_a_failure_nothing_new_begins(engine: Engine, calls: Any) -> None:
    engine.up([thing("old")])
    result = engine.up([thing("a"), thing("b", {"fail": "boom"}), thing("c")], check=False)
    assert not result.ok
    assert "ValueError: boom" in result.messages[0]
    assert [c["method"] for c in calls()][-2:] == ["check", "create"]
    assert "a" in engine.state
    assert "old" in engine.state
    assert "c" not in engine.state


def test_refused_inputs_stop_before_anything_is_made(engine: Engine, calls: Any) -> None:
    result = engine.preview([thing("a", {"refuse": ["n", ""], "n": 1})], check=False)
    start = f"{TYPE} resource 'a'"
    assert result.messages == [
        f"{start}: property n value {{1}} has a problem: refused",
        f"{start} has a problem: refused",
    ]
    assert calls("create") == []


def test_log_lines_reach_the_engine_with_their_resource(engine: Engine) -> None:
    result = engine.up([thing("a", {"say": "working on it"})])
    [line] = result.logs
    assert (line.severity, line.message, line.urn) == (
        "warning",
        "working on it",
        engine.state["a"].urn,
    )


def test_independent_creates_run_side_by_side_if_asked(engine: Engine) -> None:
    program = [thing(name, {"meet": 4}) for name in "abcd"]
    engine.up(program, parallel=4)
    assert len(engine.state.managed()) == 4


def test_refresh_and_destroy_use_the_configuration_of_the_last_up(
    engine: Engine, calls: Any
) -> None:
    engine.up([thing("a")])
    engine.config["sample:one"] = "2"
    engine.refresh()
    assert {c["config"]["sample:one"] for c in calls("configure")} == {"1"}  # of two hosts
    engine.up([thing("a")])
    engine.restart()
    engine.destroy()
    assert [c["config"]["sample:one"] for c in calls("configure")] == ["1", "1", "2", "2"]


def test_a_host_that_dies_is_an_error_and_the_next_one_goes_on(engine: Engine) -> None:
    engine.up([thing("a")])
    engine.hosts.running[0].child.popen.kill()
    failed = engine.up([thing("a"), thing("b")], check=False)
    assert isinstance(failed.failures[0].error, ProviderError)
    assert failed.failures[0].error.code == "UNAVAILABLE"
    engine.restart()
    assert engine.up([thing("a"), thing("b")]).ops == {"a": "same", "b": "create"}


def test_single_calls(engine: Engine) -> None:
    provider, urn = engine.provider, engine.urn(TYPE, "a")
    inputs = thing("a", {"v": 1}).program_inputs({})
    checked = provider.check(urn, None, {**inputs, "x": UNKNOWN})
    assert checked.inputs == {**inputs, "x": UNKNOWN}
    id, outputs = provider.create(urn, inputs)
    assert provider.diff(urn, id, inputs, outputs, {**inputs, "v": 2.0}).paths == {"v": "update"}
    assert provider.update(urn, id, inputs, outputs, {**inputs, "v": 2.0})["made"] == "update"
    assert provider.read(urn, id, inputs, outputs).outputs["v"] == 2.0
    provider.delete(urn, id, inputs, outputs)
    assert provider.read(urn, id, inputs, outputs).id == ""


@pytest.mark.cli
def test_programs_run_by_reference_and_their_errors_are_told(engine: Engine) -> None:
    program = Program.of(trouble, kind="half")
    assert engine.preview(program).ops == dict.fromkeys(["before", "troubled", "later"], "create")
    failed = engine.up(Program.text("print('here')\nraise ValueError('no')"), check=False)
    assert failed.program_output == "here\n"
    assert failed.messages[0].endswith("ValueError: no\n")
    assert engine.output == ""
    with pytest.raises(ValueError, match="module-level"):
        Program.of(lambda: None)


def test_names_that_two_kinds_share_are_not_guessed(engine: Engine) -> None:
    other = Declared("pulumi-python:dynamic/sample:Other", "b", Sample, {})
    result = engine.up([thing("a"), other])
    assert result.ops_by_kind == {("Thing", "a"): "create", ("Other", "b"): "create"}
    engine.state["a"].urn = engine.state["a"].urn[:-1] + "b"
    with pytest.raises(KeyError):
        engine.state["b"]


def test_a_second_program_of_the_same_size_and_second_is_not_taken_for_the_first(
    engine: Engine,
) -> None:
    results = [
        engine.up(Program.text(f'import pulumi\npulumi.export("said", "{word}")'))
        for word in ("one", "two", "six")
    ]
    assert [result.outputs["said"] for result in results] == ["one", "two", "six"]
