"""Whatever a tenant holds: it exports the same bytes, equals itself and shows no secret."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from egain_pulumi import comparison
from egain_pulumi.resources import KINDS
from egain_pulumi.schema.kinds import Kind
from egain_pulumi.schema.model import JsonType, Reference
from egain_pulumi.schema.tree import Items, Leaf, Link, Node, Record, Table, WordSet
from tests.comparison.builders import KEY, ident
from tests.comparison.test_differences import HOSTILE

IDS = [ident(f"{kind.name}{number}") for kind in KINDS for number in range(3)] + [ident("gone")]
NAMES = ["", "a", "secret", "kind", HOSTILE, "&amp;", "x" * 255]
WORDS = [*NAMES, "https://a.example/x?k=s3cret"]
OF = {
    JsonType.NUMBER: st.one_of(st.integers(0, 5), st.just("7"), st.just(1.0)),
    JsonType.BOOLEAN: st.one_of(st.booleans(), st.just("true")),
}


def wires(node: Node) -> st.SearchStrategy[Any]:
    """Return what eGain may answer for a node."""
    ids = st.sampled_from(IDS)
    match node:
        case Link():
            return st.fixed_dictionaries({"id": ids})
        case Leaf(reference=Reference()):
            return ids
        case Leaf(secret=True):
            return st.sampled_from(["s3cret-1", "s3cret-2", "********", None, ""])
        case Leaf(icon=True):
            return st.sampled_from(["AAAA", "no base64", None])
        case Leaf():
            return st.one_of(OF.get(node.type, st.sampled_from(WORDS)), st.none())
        case WordSet():
            return st.lists(st.sampled_from(WORDS), max_size=3)
        case Items():
            rows = st.lists(wires(node.item), max_size=2)
            return rows if node.wrapped is None else st.fixed_dictionaries({node.wrapped: rows})
        case Table():
            return tables(node)
        case Record():
            return st.fixed_dictionaries(
                {s.wire: wires(s.node) for s in node.slots.values() if s.required},
                optional={
                    s.wire: st.one_of(wires(s.node), st.none())
                    for s in node.slots.values()
                    if not s.required
                },
            )


def tables(node: Table) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return the rows of a keyed list; its keys differ as they are compared."""

    def row(drawn: tuple[str, Any]) -> dict[str, Any]:
        by, value = node.keyed.by, node.keyed.value
        return {by: drawn[0], **({value: drawn[1]} if value is not None else drawn[1])}

    pairs = st.tuples(st.sampled_from(NAMES), wires(node.item))
    lists = st.lists(pairs, unique_by=lambda drawn: node.key(drawn[0]), max_size=2)
    return lists.map(lambda drawn: list(map(row, drawn)))


def objects(kind: Kind) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return a list of one kind, in which names may be equal and references dangle."""

    def named(drawn: list[tuple[dict[str, Any], str]]) -> list[dict[str, Any]]:
        wire = kind.tree.slots[kind.field].wire
        return [
            {**body, wire: name, "id": ident(f"{kind.name}{number}")}
            for number, (body, name) in enumerate(drawn)
        ]

    return st.lists(st.tuples(wires(kind.tree), st.sampled_from(NAMES)), max_size=2).map(named)


TENANTS = st.fixed_dictionaries({kind.name: objects(kind) for kind in KINDS})


@settings(max_examples=25, deadline=None)
@given(TENANTS, st.booleans())
def test_any_tenant(rows: dict[str, list[dict[str, Any]]], keyed: bool) -> None:
    key = KEY if keyed else None
    document = comparison.of_tenant(rows, KINDS, key)
    text = comparison.serialize(document)
    turned = comparison.of_tenant({k: v[::-1] for k, v in rows.items()}, KINDS, key)
    assert comparison.serialize(turned) == text
    assert comparison.parse(text, KINDS) == document
    found = comparison.judge(comparison.compare(document, turned), ())
    assert found.differences == ()
    shown = [comparison.text(found, ("A", "B")), comparison.markdown(found, ("A", "B"))]
    assert "s3cret" not in "".join([text, *shown])
