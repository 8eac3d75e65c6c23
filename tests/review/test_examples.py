"""Ten changes: their reports in `docs/examples/`, and which ones a person must acknowledge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from egain_pulumi import review
from tests.review.changes import CHANGES
from tests.review.make_previews import FOLDER
from tests.review.reports import EXAMPLES, analyze, pages, stored
from tests.support.process import REPOSITORY

names = pytest.mark.parametrize("name", CHANGES)


def test_the_examples_are_up_to_date() -> None:
    written = pages()
    there = {file: file.read_text("utf-8") for file in EXAMPLES.iterdir()}
    assert there.keys() == written.keys()
    for file, text in written.items():
        assert there[file] == text, f"{file.name}: run python -m tests.review --reports"
    assert {file.stem for file in FOLDER.iterdir()} == set(CHANGES)


@names
def test_a_risky_change_must_be_acknowledged(name: str) -> None:
    assert bool(analyze(stored(name)).risks) == CHANGES[name].acknowledge


@names
def test_a_report_tells_whether_it_saw_the_tenant(name: str) -> None:
    compared_with = review.document(analyze(stored(name)))["compared_with"]
    assert compared_with == ("tenant" if CHANGES[name].refresh else "state")


@names
def test_no_secret_and_no_machine_path_is_in_a_fixture_or_a_report(name: str) -> None:
    report = analyze(stored(name))
    for text in (stored(name), review.markdown(report), json.dumps(review.document(report))):
        for word in ("another-secret", "local-secret", "ciphertext", "/root", "/home", "/tmp"):
            assert word not in text
        assert str(REPOSITORY) not in text
        assert str(Path.home()) not in text


@names
def test_the_json_matches_its_schema(name: str) -> None:
    schema = json.loads((REPOSITORY / "docs" / "report.schema.json").read_text("utf-8"))
    closed = _closed(schema)
    validator = jsonschema_rs.Draft202012Validator(closed)
    found = json.loads(json.dumps(review.document(analyze(stored(name)))))
    assert [error.message for error in validator.iter_errors(found)] == []


def _closed(schema: Any) -> Any:
    """Return the schema with all other keys forbidden, so that every key is documented."""
    if isinstance(schema, dict):
        closed = {key: _closed(value) for key, value in schema.items()}
        return closed | ({"additionalProperties": False} if schema.get("type") == "object" else {})
    return [_closed(each) for each in schema] if isinstance(schema, list) else schema


def test_forty_at_once_changes_forty() -> None:
    found = analyze(stored("forty-at-once"))
    assert len(found.changes) == 40
    assert found.cost.calls == 47
