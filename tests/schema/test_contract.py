"""The models against eGain's contract, both ways: fields, limits, markers, examples."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from egain_pulumi.schema import drift, merge
from egain_pulumi.schema.arguments import validate
from egain_pulumi.schema.model import Model
from egain_pulumi.schema.state import normalize
from egain_pulumi.schema.tree import (
    Items,
    Leaf,
    Link,
    Node,
    Record,
    Slot,
    Table,
    item_of,
    to_wire,
    tree,
    walk,
)
from tests.specimens import SPECIMENS, VARIANTS, Specimen

NOUNS = [specimen.noun for specimen in SPECIMENS]
Facts = dict[str, dict[str, Any]]
"""What is said of every attribute, by its path on the wire: `roles[].headers[].value`."""

_OUR_FLOOR = "a negative number makes no sense; breaking it is a warning"
_IN_CODE = "the limits of icons are rules of the model, because icons have two forms"
EXCEPTIONS: dict[tuple[str, str, str], str] = {
    # noun, path, fact: why the model says something else than the contract
    ("Account", "attributes", "*"): "its key is a guess: `extra` carries it",
    ("Account", "attributes[]", "*"): "as above",
    ("Account", "attributes[].name", "*"): "as above",
    ("Account", "attributes[].value", "*"): "as above",
    ("Account", "caseManagement.sameCaseDuration", "minimum"): _OUR_FLOOR,
    ("Account", "chatConfigurations.timeout", "minimum"): _OUR_FLOOR,
    ("Orchestration", "applications.botConfiguration.bypassVaDuration", "minimum"): _OUR_FLOOR,
    ("Channel", "icon", "type"): _IN_CODE,
    ("Channel", "icon", "minLength"): _IN_CODE,
    ("Channel", "icon", "maxLength"): _IN_CODE,
    ("ClientApplication", "roles[].name", "minLength"): "the closed set of names says more",
    ("ClientApplication", "roles[].name", "maxLength"): "the closed set of names says more",
}


@cache
def contract() -> Any:
    path = files("egain_pulumi.emulator.contract").joinpath("conversationmgr-v3.yaml")
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def schema(name: str) -> Any:
    return contract()["components"]["schemas"][name]


def model_of(noun: str) -> type[Model]:
    specimen = next(s for s in SPECIMENS if s.noun == noun)
    found: type[Model] = getattr(importlib.import_module(specimen.module), specimen.model)
    return found


def resolved(part: Any, root: Any) -> Any:
    """A schema without references, without `or null`, and with its variants made one."""
    while "$ref" in part:
        target = root
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        part = {**target, **{k: v for k, v in part.items() if k != "$ref"}}
    if "oneOf" in part:
        forms = [resolved(form, root) for form in part["oneOf"]]
        both = {k: v for form in forms for k, v in form["properties"].items()}
        kinds = [form["properties"]["type"]["const"] for form in forms]
        both["type"] = {"type": "string", "enum": kinds}
        required = set.intersection(*(set(form["required"]) for form in forms))
        return {"type": "object", "properties": both, "required": sorted(required)}
    nullable = [p for p in part.get("anyOf", ()) if p.get("type") != "null"]
    if len(nullable) == 1:
        rest = {k: v for k, v in part.items() if k != "anyOf"}
        return {**resolved(nullable[0], root), **rest}
    return part


LIMITS = ("type", "minLength", "maxLength", "minItems", "maxItems", "minimum")


def fact(part: Any, required: bool, **more: Any) -> dict[str, Any]:
    limits = {name: part[name] for name in LIMITS if name in part}
    return {**limits, "enum": sorted(part.get("enum", ())), "required": required, **more}


def said_by_contract(part: Any, path: str = "", secret: bool = False) -> Iterator[tuple[str, Any]]:
    for name, inner in part.get("properties", {}).items():
        below = resolved(inner, contract())
        at = f"{path}.{name}".lstrip(".")
        listed = below.get("type") == "array"
        hidden = below.get("x-secret", False) or (secret and name == "value")
        yield (
            at,
            fact(
                below,
                name in part.get("required", ()),
                secret=hidden and not listed,
                unique=below.get("x-unique", False),
                refers=below.get("x-refers-to"),
                default=below.get("default"),
                assumed=below.get("x-reason") if below.get("x-assumed") else None,
            ),
        )
        if listed:
            item = resolved(below["items"], contract())
            yield f"{at}[]", fact(item, True, secret=False)
            yield from said_by_contract(item, f"{at}[]", hidden)
        else:
            yield from said_by_contract(below, at)


def said_by_model(noun: str) -> Facts:
    shown = model_of(noun).model_json_schema(mode="validation")

    def record(node: Record, part: Any, path: str) -> Iterator[tuple[str, Any]]:
        for slot in node.slots.values():
            below = resolved(part["properties"][slot.name], shown)
            yield from attribute(slot.node, below, f"{path}.{slot.wire}".lstrip("."), slot)

    def attribute(
        node: Node, part: Any, at: str, slot: Slot | None = None
    ) -> Iterator[tuple[str, Any]]:
        reference = node.reference if isinstance(node, Leaf) else None
        said = {
            "secret": isinstance(node, Leaf) and node.secret,
            "unique": slot is not None and slot.unique,
            "refers": reference.to.removesuffix("Resource") if reference and reference.to else None,
            "default": None if slot is None else slot.default,
            "assumed": slot.assumed.reason if slot is not None and slot.assumed else None,
        }
        required = slot is None or slot.required
        match node:
            case Table():
                limits = {"minItems": "minProperties", "maxItems": "maxProperties"}
                sizes = {k: part[v] for k, v in limits.items() if v in part}
                yield at, fact({"type": "array", **sizes}, required, **said)
                yield f"{at}[]", fact({"type": "object"}, True, secret=False)
                keys = {"type": "string", **part.get("propertyNames", {})}
                yield f"{at}[].{node.keyed.by}", fact(keys, True, secret=False)
                inner = resolved(part.get("additionalProperties", {}), shown)
                if node.keyed.value is not None:
                    yield from attribute(node.item, inner, f"{at}[].{node.keyed.value}")
                elif isinstance(node.item, Record):
                    yield from record(node.item, inner, f"{at}[]")
            case Items():
                if node.wrapped:
                    yield at, fact({"type": "object"}, required, **said)
                    at, required = f"{at}.{node.wrapped}", True
                yield at, fact(part, required, **said)
                inner = resolved(part["items"], shown)
                yield f"{at}[]", fact(inner, True, secret=False)
                if isinstance(node.item, Record):
                    yield from record(node.item, inner, f"{at}[]")
            case Link():
                yield at, fact({"type": "object"}, required, **said)
                to = node.reference.to
                named = to.removesuffix("Resource") if to else None
                for path, item in record(node.record, part, at):
                    yield path, {**item, "refers": named}
            case Record():
                yield at, fact({"type": "object"}, required, **said)
                yield from record(node, part, at)
            case _:
                yield at, fact(part, required, **said)
                if part.get("type") == "array":
                    yield f"{at}[]", fact(part["items"], True, secret=False)

    return dict(record(tree(model_of(noun)), shown, ""))


def excepted(noun: str, path: str, name: str) -> bool:
    return (noun, path, name) in EXCEPTIONS or (noun, path, "*") in EXCEPTIONS


@pytest.mark.parametrize("noun", NOUNS)
def test_every_attribute_of_the_contract_is_a_field_and_every_field_an_attribute(noun: str) -> None:
    theirs = dict(said_by_contract(resolved(schema(f"{noun}Input"), contract())))
    ours = said_by_model(noun)
    missing = {path for path in theirs.keys() - ours.keys() if not excepted(noun, path, "*")}
    assert (missing, ours.keys() - theirs.keys()) == (set(), set())


@pytest.mark.parametrize("noun", NOUNS)
def test_the_contract_and_the_model_say_the_same_of_every_attribute(noun: str) -> None:
    theirs = dict(said_by_contract(resolved(schema(f"{noun}Input"), contract())))
    ours = said_by_model(noun)
    differences = {
        f"{path}: {name}": (theirs[path].get(name), ours[path].get(name))
        for path in theirs.keys() & ours.keys()
        for name in {*theirs[path], *ours[path]} - {"assumed"}
        if (theirs[path].get(name) or None) != (ours[path].get(name) or None)
        and not excepted(noun, path, name)
    }
    assert differences == {}


DOUBTS: dict[tuple[str, str], str] = {
    # What only one of the two calls assumed. First where the contract's reason is no limit that
    # a declaration could break, then where the model is in doubt on its own account.
    ("Authentication", "oauth2"): "its fields are: the reason is about what is inside",
    ("Authentication", "oauth2.method"): "only POST was seen; any text is taken",
    ("Authentication", "oauth2.headers"): "the number of items; none is checked",
    ("Authentication", "basicAuth"): "its fields are: the reason is about what is inside",
    ("ClientApplication", "roles[].callback"): "the format; a warning of its own",
    ("ClientApplication", "roles[].notificationEmail"): "the format; a warning of its own",
    ("ClientApplication", "roles[].headers"): "the number of items; none is checked",
    ("Channel", "restrictions.inbound.features"): "the set of words; any are taken",
    ("Channel", "restrictions.outbound"): "its fields; each is optional",
    ("Channel", "restrictions.outbound.features"): "the set of words; any are taken",
    ("Orchestration", "applications.agentConfiguration"): "its field is",
    ("Account", "channel"): "that the id is needed: without one there is nothing to send",
    ("Account", "chatConfigurations.orchestration"): "that it is needed; it is optional",
    ("Account", "chatConfigurations.entryPoint"): "that it is needed; it is optional",
    ("Account", "attributes"): EXCEPTIONS["Account", "attributes", "*"],
    ("Authentication", "oauth2.tokenRequestUrl"): "known from samples",
    ("Authentication", "basicAuth.username"): "known from samples",
    ("Authentication", "basicAuth.password"): "known from samples",
    ("Orchestration", "applications.agentConfiguration.agents"): "known from samples",
    ("Orchestration", "applications.botConfiguration.bypassVaDuration"): _OUR_FLOOR,
    ("Channel", "restrictions.inbound.maxTextLength"): _OUR_FLOOR,
    ("Channel", "restrictions.outbound.maxTextLength"): _OUR_FLOOR,
}


def test_what_the_contract_assumes_the_model_assumes() -> None:
    different = set()
    for noun in NOUNS:
        ours = said_by_model(noun)
        for path, theirs in said_by_contract(resolved(schema(f"{noun}Input"), contract())):
            if bool(theirs.get("assumed")) != bool(ours.get(path, {}).get("assumed")):
                different.add((noun, path))
    assert different == DOUBTS.keys()


def test_exceptions_are_still_needed() -> None:
    for noun, path, name in EXCEPTIONS:
        theirs = dict(said_by_contract(resolved(schema(f"{noun}Input"), contract())))
        ours = said_by_model(noun).get(path, {})
        assert path in theirs
        assert theirs[path].get(name) != ours.get(name) or (name == "*" and not ours)


def valid(noun_schema: str, wire: Any) -> None:
    whole = {"$ref": f"#/components/schemas/{noun_schema}", "components": contract()["components"]}
    jsonschema.Draft202012Validator(whole).validate(wire)


def examples() -> Iterator[tuple[str, str, Any]]:
    """Every example of an object: its noun, its name, the object."""
    for name, example in contract()["components"]["examples"].items():
        noun = next((noun for noun in NOUNS if name.startswith(noun)), None)
        if noun is not None and "ListPage" not in name:
            yield noun, name, example["value"]
        elif noun is not None:
            rows = next(v for v in example["value"].values() if isinstance(v, list))
            yield from ((noun, name, row) for row in rows)


def with_secrets(node: Node, declared: Any, wire: Any) -> Any:
    """A declaration with the secrets that its program would have written."""
    match node:
        case Record():
            named = [slot for slot in node.slots.values() if wire.get(slot.wire) is not None]
            return {
                slot.name: with_secrets(slot.node, declared.get(slot.name), wire[slot.wire])
                for slot in named
            }
        case Table():
            return {
                key: with_secrets(node.item, (declared or {}).get(row[node.keyed.by]), item)
                for row in wire
                for key, item in [(row[node.keyed.by], item_of(node, row))]
            }
        case Leaf(secret=True):
            return wire
        case _:
            return declared


def unordered(wire: Any) -> Any:
    """JSON with lists of plain words sorted, which is how declarations hold them."""
    if isinstance(wire, dict):
        return {key: unordered(value) for key, value in wire.items()}
    if isinstance(wire, list) and all(isinstance(word, str) for word in wire):
        return sorted(wire)
    return [unordered(item) for item in wire] if isinstance(wire, list) else wire


EXAMPLES = [pytest.param(noun, wire, id=name) for noun, name, wire in examples()]


@pytest.mark.parametrize(("noun", "wire"), EXAMPLES)
def test_every_example_becomes_a_declaration_and_itself_again(noun: str, wire: Any) -> None:
    root = tree(model_of(noun))
    declared = with_secrets(root, drift.declaration(root, wire), wire)
    body = to_wire(root, declared)
    own = {k: v for k, v in wire.items() if k not in ("id", "created", "modified")}
    assert unordered(body) == unordered(own)
    valid(f"{noun}Input", body)
    assert [c for c in validate(model_of(noun), declared) if c.path != ("icon",)] == []
    assert normalize(model_of(noun), declared) == declared
    assert drift.actual(root, declared, wire) == declared
    assert merge.overlay(root, wire, declared, declared, str) == wire


def test_every_noun_has_examples() -> None:
    assert {noun for noun, _, _ in examples()} == set(NOUNS) == set(contract()["x-resource-order"])
    assert contract()["x-resource-order"] == NOUNS


DECLARED = [
    pytest.param(specimen, declared, id=f"{specimen.noun}-{number}")
    for specimen in (*SPECIMENS, *VARIANTS)
    for number, declared in enumerate((specimen.smallest, specimen.full, specimen.changed))
]


@pytest.mark.parametrize(("specimen", "declared"), DECLARED)
def test_every_specimen_is_valid_for_the_contract(specimen: Specimen, declared: Any) -> None:
    model = model_of(specimen.noun)
    assert validate(model, declared) == []
    valid(f"{specimen.noun}Input", to_wire(tree(model), declared))


def test_the_full_specimens_hold_every_field() -> None:
    def fields(node: Node, value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        match node:
            case Record():
                for slot in node.slots.values():
                    if slot.name in value:
                        yield (*path, slot.name)
                        yield from fields(slot.node, value[slot.name], (*path, slot.name))
            case Table() | Items():
                for item in value.values() if isinstance(value, dict) else value:
                    yield from fields(node.item, item, (*path, "*"))

    for noun in NOUNS:
        model = model_of(noun)
        full = [s.full for s in (*SPECIMENS, *VARIANTS) if s.noun == noun]
        given = {path for declared in full for path in fields(tree(model), declared)}
        known = {path for path, _ in walk(tree(model))}
        # A policy for attachments is the same in both directions.
        twice = {path for path in known if path[:3:2] == ("restrictions", "attachment_policy")}
        assert known - given - twice == set()
