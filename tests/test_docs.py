"""The pages say what the code does: reference, examples, rules, settings, links."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import egain_pulumi
from egain_pulumi.api.settings import Settings, display_name
from egain_pulumi.cli.app import run
from egain_pulumi.schema.arguments import validate
from egain_pulumi.schema.complaint import Weight
from egain_pulumi.schema.model import Assumed, AssumedLink, Model, Part
from egain_pulumi.schema.tree import show
from tests.conftest import MakeEngine
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY, base_env
from tests.support.program import Program
from tests.support.values import Secret

PACKAGE = REPOSITORY / "egain_pulumi"
DOCS = REPOSITORY / "docs"
REFERENCE = DOCS / "reference"
RESOURCES = {
    name.removesuffix("Resource"): getattr(egain_pulumi, name)
    for name in egain_pulumi.__all__
    if hasattr(getattr(egain_pulumi, name), "kind")
}


def data(name: str) -> Any:
    """Something of `docs/examples.py`, which is no package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(DOCS))
        return getattr(importlib.import_module("examples"), name)


def model_of(noun: str) -> type[Model]:
    """The model of a kind."""
    model: type[Model] = RESOURCES[noun].kind.model
    return model


def page_of(noun: str) -> str:
    """The page of a kind."""
    return (REFERENCE / f"{model_of(noun).label.replace(' ', '-')}.md").read_text("utf-8")


def check(folder: Path) -> tuple[int, str]:
    """What the generator in a copy of the documentation says of that copy."""
    done = subprocess.run(
        [sys.executable, str(folder / "generate.py"), "--check"],
        env=base_env({"EGAIN_BASE_URL": "nonsense"}),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stderr


def test_the_reference_is_what_the_code_says(tmp_path: Path) -> None:
    code, said = check(DOCS)
    assert code == 0, said
    copy = shutil.copytree(DOCS, tmp_path / "docs")
    (copy / "reference" / "channel.md").write_text("# Old\n")
    (copy / "reference" / "seventh.md").write_text("# Left behind\n")
    (copy / "reference" / "settings.md").unlink()
    assert check(copy) == (
        1,
        "docs/reference: not as the code is: channel.md, settings.md, seventh.md; "
        "run: python docs/generate.py\n",
    )


def test_every_kind_has_a_page_and_an_example() -> None:
    assert list(data("EXAMPLES")) == [
        "Authentication",
        "ClientApplication",
        "Participant",
        "Channel",
        "Orchestration",
        "Account",
    ]
    assert set(data("EXAMPLES")) == set(RESOURCES)
    for noun in RESOURCES:
        page = page_of(noun)
        assert data("EXAMPLES")[noun] in page
        assert model_of(noun).vendor_page in page


@pytest.mark.host
@pytest.mark.parametrize("noun", RESOURCES)
def test_an_example_previews_without_a_warning(
    noun: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    secrets = {
        f"conversation-hub:{name}": Secret("s") for name in ("botClientSecret", "appPassword")
    }
    engine = make_engine(config={**emulator.config, **secrets})
    shutil.copytree(REPOSITORY / "icons", engine.cwd / "icons")
    result = engine.preview(Program.text(data("EXAMPLES")[noun]))
    assert [line.message for line in result.logs if line.severity != "info"] == []
    token = f"pulumi-python:dynamic/egain:{noun}"
    assert token in {step.type for step in result.shown()}
    assert emulator.counts(tokens=True) == {}


RULES = [(noun, rule) for noun, found in data("RULES").items() for rule in found]


@pytest.mark.parametrize(("noun", "rule"), RULES, ids=[rule.text[:60] for _, rule in RULES])
def test_a_rule_across_arguments(noun: str, rule: Any) -> None:
    found = validate(model_of(noun), rule.broken)
    assert [show(complaint.path) for complaint in found] == [rule.path]
    warns = found[0].weight is Weight.ADVICE
    assert warns == ("a warning" in rule.text)


def assumed(part: type[Part]) -> Iterator[str]:
    """The names of all fields below a model whose limits are a guess, read off the classes."""
    for name, info in part.model_fields.items():
        inner = list(parts(info.annotation))
        if any(isinstance(mark, Assumed) for mark in info.metadata) or AssumedLink in inner:
            yield name
        for below in inner:
            if below is not AssumedLink:
                yield from assumed(below)


def parts(annotation: Any) -> Iterator[type[Part]]:
    """The classes of ours in an annotation, however it is wrapped."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from parts(inner)


@pytest.mark.parametrize("noun", RESOURCES)
def test_what_is_assumed_is_called_so(noun: str) -> None:
    marked = re.findall(r"^\| `(\w+)` .*\*assumed: ", page_of(noun), re.MULTILINE)
    assert sorted(marked) == sorted(assumed(model_of(noun)))


def test_something_is_assumed() -> None:
    assert set(assumed(model_of("Orchestration"))) >= {
        "bypass_va_duration",
        "participant",
        "agents",
    }
    assert list(assumed(model_of("Channel"))).count("max_size") == 2


@pytest.mark.parametrize("noun", RESOURCES)
def test_no_cell_of_a_table_is_lost(noun: str) -> None:
    columns = 0
    for line in page_of(noun).splitlines():
        if not line.startswith("|"):
            columns = 0
        elif columns:
            assert line.count("|") == columns, line
        else:
            columns = line.count("|")


def test_settings() -> None:
    page = (REFERENCE / "settings.md").read_text("utf-8")
    for field in Settings.model_fields:
        key, _, variable = display_name(field).partition(" ")
        assert f"| `{key}` | `{variable.strip('()')}` |" in page
    required = {line.split("`")[1] for line in page.splitlines() if "| required |" in line}
    assert required == {
        "egain:baseUrl",
        "egain:tokenUrl",
        "egain:clientId",
        "egain:clientSecret",
    }


def test_the_documented_json_is_what_comes(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    bot = emulator.add(
        "clientapplications", {"name": "bot", "roles": [{"name": "custom_bot", "version": "v3"}]}
    )
    emulator.add("participants", {"name": "greeter", "application": {"id": bot["id"]}})
    assert run(["list", "client-application", "--json"]) == 0
    assert keys(json.loads(data("LIST_JSON"))) == keys(json.loads(capsys.readouterr().out))


def keys(value: Any) -> Any:
    """The form of a JSON document: keys in their order, kinds of values."""
    if isinstance(value, dict):
        return {key: keys(item) for key, item in value.items()}
    return [keys(value[0])] if isinstance(value, list) and value else type(value).__name__


def test_assumptions_name_what_is_there() -> None:
    text = (DOCS / "assumptions.md").read_text("utf-8")
    known = {display_name(field).partition(" ")[0] for field in Settings.model_fields}
    named = set(re.findall(r"`(egain:\w+)", text))
    assert named
    assert named <= known
    for model in map(model_of, RESOURCES):
        for hidden in model.undeclared_secrets:
            assert f"`{hidden}`" in text
    assert "cannot be seen" in text


OURS = sorted(
    file
    for folder in REPOSITORY.iterdir()
    if not folder.name.startswith(".")
    for file in ([folder] if folder.is_file() else folder.rglob("*"))
    if file.suffix in (".py", ".md", ".yaml") and file != Path(__file__)
    if not any(part.startswith(".") for part in file.relative_to(REPOSITORY).parts)
)
PAGES = [file for file in OURS if file.suffix == ".md"]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_links_lead_to_a_file_and_a_heading(file: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", prose(file)):
        name, _, heading = link.partition("#")
        target = file.parent / name if name else file
        assert target.exists(), link
        assert not heading or heading in headings(target), link


@pytest.mark.parametrize("page", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_a_page_for_developers_names_files_that_exist(page: str) -> None:
    tests = REPOSITORY / "tests"
    named = re.findall(r"`([\w/.]+(?:\.py|/))`", (REPOSITORY / page).read_text("utf-8"))
    assert len(named) > 20
    for name in named:
        below = (REPOSITORY, PACKAGE, tests, tests / "support")
        assert any((folder / name).exists() for folder in below), name


def test_references_in_code_lead_to_a_heading() -> None:
    found = set()
    for file in OURS:
        text = file.read_text("utf-8")
        assert not re.search(r"design rule|NOTES\.md", text, re.IGNORECASE), file
        found |= set(re.findall(r"\b(docs/[\w/-]+\.md)#([\w-]+)", text))
    assert len(found) > 10
    for name, heading in found:
        assert heading in headings(REPOSITORY / name), f"{name}#{heading}"


def prose(file: Path) -> str:
    """A page without its code."""
    return re.sub(r"^```.*?^```$", "", file.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def headings(file: Path) -> set[str]:
    """The anchors that a page has, as GitHub makes them."""
    lines = re.findall(r"^#+ (.+)$", prose(file), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}
