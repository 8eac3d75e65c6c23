"""Conventions of this code, so that nobody has to remember them."""

from __future__ import annotations

import ast
import base64
import importlib
import inspect
import io
import pkgutil
import re
import subprocess
import sys
import tokenize
import typing
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import dill  # type: ignore[import-untyped]
import pytest
import yaml
from pydantic.fields import FieldInfo

import egain_pulumi
import egain_pulumi.resources
from egain_pulumi.api.settings import Settings
from egain_pulumi.program.resource import EgainResource, type_token
from egain_pulumi.provider import EgainProvider
from egain_pulumi.schema.arguments import argument_names
from egain_pulumi.schema.model import Model, Part
from egain_pulumi.schema.tree import Items, Link, Node, Record, Table, tree
from tests.support.process import REPOSITORY, base_env

PACKAGE = REPOSITORY / "egain_pulumi"
FILES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 250
LONGER: dict[str, int] = {
    "schema/tree.py": 300,
}
"""One tree: longer, up to so many lines."""

FROZEN = {
    "Authentication": (
        "egain_pulumi.resources.authentication",
        "gAJjZWdhaW5fcHVsdW1pLnJlc291cmNlcy5hdXRoZW50aWNhdGlvbgpBdXRoZW50aWNhdGlvblByb3ZpZGVyCimB"
        "Lg==",
    ),
    "ClientApplication": (
        "egain_pulumi.resources.client_application",
        "gAJjZWdhaW5fcHVsdW1pLnJlc291cmNlcy5jbGllbnRfYXBwbGljYXRpb24KQ2xpZW50QXBwbGljYXRpb25Qcm92"
        "aWRlcgopgS4=",
    ),
    "Participant": (
        "egain_pulumi.resources.participant",
        "gAJjZWdhaW5fcHVsdW1pLnJlc291cmNlcy5wYXJ0aWNpcGFudApQYXJ0aWNpcGFudFByb3ZpZGVyCimBLg==",
    ),
    "Channel": (
        "egain_pulumi.resources.channel",
        "gAJjZWdhaW5fcHVsdW1pLnJlc291cmNlcy5jaGFubmVsCkNoYW5uZWxQcm92aWRlcgopgS4=",
    ),
    "Orchestration": (
        "egain_pulumi.resources.orchestration",
        "gAJjZWdhaW5fcHVsdW1pLnJlc291cmNlcy5vcmNoZXN0cmF0aW9uCk9yY2hlc3RyYXRpb25Qcm92aWRlcgopgS4=",
    ),
    "Account": (
        "egain_pulumi.resources.account",
        "gAJjZWdhaW5fcHVsdW1pLnJlc291cmNlcy5hY2NvdW50CkFjY291bnRQcm92aWRlcgopgS4=",
    ),
}
"""What every state holds of a kind: the module of its provider, and the text that finds it.

Never edit a line: states that are out there would not find their provider any more. A further
kind is a further line.
"""

RESOURCES: dict[str, type[EgainResource]] = {
    noun: getattr(egain_pulumi, f"{noun}Resource") for noun in FROZEN
}
nouns = pytest.mark.parametrize("noun", FROZEN)


def modules() -> list[ModuleType]:
    """Every module of the package but the emulator's."""
    found = pkgutil.walk_packages([str(PACKAGE)], "egain_pulumi.")
    mine = [m.name for m in found if not m.name.startswith("egain_pulumi.emulator")]
    return [egain_pulumi, *map(importlib.import_module, mine)]


def provider_of(noun: str) -> type[EgainProvider]:
    """The provider class, by its frozen names."""
    found: type[EgainProvider] = getattr(
        importlib.import_module(FROZEN[noun][0]), f"{noun}Provider"
    )
    return found


def records(node: Node) -> Iterator[Record]:
    """Every object of a tree."""
    match node:
        case Record():
            yield node
            for slot in node.slots.values():
                yield from records(slot.node)
        case Table() | Items():
            yield from records(node.item)
        case Link():
            yield from records(node.record)


@nouns
def test_what_states_hold_is_frozen(noun: str) -> None:
    provider, reference = provider_of(noun), FROZEN[noun][1]
    assert (provider.__module__, provider.__qualname__) == (FROZEN[noun][0], f"{noun}Provider")
    assert RESOURCES[noun].kind is provider
    assert provider.reference() == reference
    assert len(reference) <= 100
    assert provider.reference() == provider.reference()


@nouns
def test_the_plugin_host_finds_the_provider(noun: str) -> None:
    # As `pulumi.dynamic.__main__` does it.
    found = dill.loads(base64.b64decode(FROZEN[noun][1]))
    assert type(found) is provider_of(noun)
    assert vars(found) == {}, "an instance holds nothing: it would be in every state"


@nouns
def test_type_tokens_are_frozen(noun: str) -> None:
    assert type_token(provider_of(noun).model) == f"pulumi-python:dynamic/egain:{noun}"


def test_every_module_of_resources_is_a_kind_that_people_can_use() -> None:
    there = {m.name for m in pkgutil.iter_modules([str(PACKAGE / "resources")])}
    assert there == {module.rpartition(".")[2] for module, _ in FROZEN.values()}
    exported = {name for name in egain_pulumi.__all__ if name.endswith("Resource")}
    assert exported == {f"{noun}Resource" for noun in FROZEN}
    assert egain_pulumi.__all__ == sorted(egain_pulumi.__all__)


@nouns
def test_every_field_is_described(noun: str) -> None:
    for record in records(tree(provider_of(noun).model)):
        assert record.model.__doc__, record.model
        for name, info in record.model.model_fields.items():
            texts = [info.description, *(i.description for i in inside(info.annotation))]
            assert any(texts), f"{record.model.__name__}.{name}"


def inside(annotation: Any) -> Iterator[FieldInfo]:
    """What `Annotated` says further in: `Description | None` keeps its text there."""
    for inner in typing.get_args(annotation):
        if isinstance(inner, FieldInfo):
            yield inner
        yield from inside(inner)


@nouns
def test_wire_names_are_the_vendors(noun: str) -> None:
    contract = yaml.safe_load(
        (PACKAGE / "emulator" / "contract" / "conversationmgr-v3.yaml").read_text("utf-8")
    )
    known = set(properties(contract["components"]["schemas"]))
    for record in records(tree(provider_of(noun).model)):
        for slot in record.slots.values():
            assert slot.wire in known, f"{record.model.__name__}.{slot.name}"


def properties(schema: Any) -> Iterator[str]:
    """The names of all properties in a schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield from schema["properties"]
        for inner in schema.values():
            yield from properties(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from properties(inner)


@nouns
def test_constructors_take_what_the_model_says(noun: str) -> None:
    model: type[Model] = provider_of(noun).model
    slots = tree(model).slots
    taken = inspect.signature(RESOURCES[noun].__init__).parameters
    own = ["extra", "secrets_version"]
    assert list(taken) == ["self", "resource_name", *slots, *own, "opts"]
    assert argument_names(model) == (*slots, *own)
    for name, parameter in taken.items():
        if name not in ("self", "resource_name"):
            assert parameter.kind is parameter.KEYWORD_ONLY, name
        if name in slots:
            required = parameter.default is parameter.empty
            assert required == slots[name].required, name
            if not required:
                assert parameter.default == slots[name].default, name
    assert taken["opts"].default is None


@nouns
def test_attributes_are_the_models_fields(noun: str) -> None:
    assert list(RESOURCES[noun].fields) == list(tree(provider_of(noun).model).slots)


@nouns
def test_typed_dictionaries_are_the_models_parts(noun: str) -> None:
    module = importlib.import_module(FROZEN[noun][0])
    here = {
        name.removesuffix("Args"): set(found.__annotations__)
        for name, found in vars(module).items()
        if name.endswith("Args") and found.__module__ == module.__name__
    }
    parts = {
        record.model.__name__: set(record.slots)
        for record in records(tree(provider_of(noun).model))
        if record.model.__module__ == module.__name__ and not issubclass(record.model, Model)
    }
    assert here == parts


@nouns
def test_find_takes_what_the_model_says(noun: str) -> None:
    model = provider_of(noun).model
    find = vars(RESOURCES[noun]).get("find")
    if not model.find_by:
        assert find is None
        return
    taken = inspect.signature(find.__func__).parameters  # type: ignore[union-attr]
    assert list(taken) == ["cls", "resource_name", *model.find_by, "opts"]


def test_a_second_tenant_takes_every_setting() -> None:
    taken = list(inspect.signature(egain_pulumi.Provider.__init__).parameters)
    settings = [
        name for name in Settings.model_fields if name not in ("credentials_env", "explicit")
    ]
    assert sorted(taken) == sorted(["self", "resource_name", *settings, "credentials_env", "opts"])


def test_whatever_is_public_says_what_it_is() -> None:
    silent = []
    for module in modules():
        if not module.__doc__:
            silent.append(module.__name__)
        for name, found in vars(module).items():
            if getattr(found, "__module__", None) != module.__name__ or name.startswith("_"):
                continue
            if inspect.isclass(found):
                silent += [f"{module.__name__}.{name}.{m}" for m in silent_methods(found)]
            if (inspect.isclass(found) or inspect.isfunction(found)) and not written(found):
                silent.append(f"{module.__name__}.{name}")
    # The text of these is on the base class.
    assert [n for n in silent if n.rpartition(".")[2] not in ("mistakes", "errors", "advice")] == []


def written(found: Any) -> bool:
    """Whether somebody wrote a docstring: `dataclass` and `Enum` make one themselves."""
    text = (
        inspect.cleandoc(vars(found).get("__doc__") or "")
        if inspect.isclass(found)
        else found.__doc__
    )
    return bool(text) and not str(text).startswith(f"{found.__name__}(")


def silent_methods(found: type) -> list[str]:
    """The public methods and properties of a class that do not say what they are."""
    silent = []
    for name, member in list(vars(found).items()):  # looking at a model may build it
        function = member.fget if isinstance(member, property) else member
        function = getattr(function, "__func__", function)
        # pydantic's own name for it
        if name.startswith("_") or name == "settings_customise_sources":
            continue
        if inspect.isfunction(function) and not function.__doc__:
            silent.append(name)
    return silent


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("egain_pulumi", ["egain_pulumi.hub", "egain_pulumi.plugin", "egain_pulumi.api"]),
        ("egain_pulumi.plugin.tenant", []),  # what a plugin host loads for a preview
    ],
)
def test_what_makes_no_call_loads_no_network_library(module: str, heavy: list[str]) -> None:
    unwanted = ["requests", "tenacity", "typer", "starlette", *heavy]
    program = f"import sys, {module}; print(*(n for n in {unwanted} if n in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=base_env(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("file", FILES, ids=[str(f.relative_to(PACKAGE)) for f in FILES])
def test_a_file(file: Path) -> None:
    text = file.read_text("utf-8")
    name = file.relative_to(PACKAGE).as_posix()
    assert len(text.splitlines()) <= LONGER.get(name, LONGEST)
    comments = [t.string for t in tokens(text) if t.type in (tokenize.COMMENT, tokenize.STRING)]
    assert not [c for c in comments if re.search(r"\b(TODO|FIXME|XXX)\b", c)]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ExceptHandler):
            quiet = all(isinstance(s, ast.Pass | ast.Continue) or ellipsis(s) for s in node.body)
            assert not (quiet and broad(node.type)), f"line {node.lineno} hides every error"


def tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    """The tokens of a file."""
    return tokenize.generate_tokens(io.StringIO(text).readline)


def ellipsis(statement: ast.stmt) -> bool:
    """Whether a statement is `...`."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def broad(caught: ast.expr | None) -> bool:
    """Whether an `except` catches everything."""
    return caught is None or bool(re.search(r"\b(Base)?Exception\b", ast.unparse(caught)))


@pytest.mark.parametrize("name", LONGER)
def test_no_file_is_allowed_more_than_it_needs(name: str) -> None:
    assert len((PACKAGE / name).read_text("utf-8").splitlines()) > LONGEST


def imports(file: Path) -> set[str]:
    """The modules that a file imports, relative ones spelled out."""
    package = ".".join(file.relative_to(REPOSITORY).parent.parts)
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            name = "." * node.level + (node.module or "")
            base = importlib.util.resolve_name(name, package) if node.level else name
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("file", FILES, ids=[str(f.relative_to(PACKAGE)) for f in FILES])
def test_the_emulator_stands_alone(file: Path) -> None:
    ours = {name for name in imports(file) if name.startswith("egain_pulumi.")}
    of_emulator = {name for name in ours if name.startswith("egain_pulumi.emulator")}
    if file.is_relative_to(PACKAGE / "emulator"):
        assert ours == of_emulator
    elif file == PACKAGE / "cli" / "emulator.py":
        assert of_emulator == {"egain_pulumi.emulator.serve"}
    else:
        assert of_emulator == set()


OF_A_KIND = {"schema", "names", "provider", "program"}
"""All that a kind is made of."""


@nouns
def test_a_kind_is_a_model_a_provider_and_a_class(noun: str) -> None:
    found = imports(PACKAGE / "resources" / f"{FROZEN[noun][0].rpartition('.')[2]}.py")
    ours = {name.split(".")[1] for name in found if name.startswith("egain_pulumi.")}
    assert {"schema", "provider", "program"} <= ours <= OF_A_KIND


def test_the_import_contracts_hold() -> None:
    script = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [script, "--no-cache"],
        cwd=REPOSITORY,
        env=base_env(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout


def test_parts_refuse_what_they_do_not_know() -> None:
    for noun in FROZEN:
        for record in records(tree(provider_of(noun).model)):
            model: type[Part] = record.model
            assert model.model_config["extra"] == "forbid"
            assert model.model_config["hide_input_in_errors"] is True
