"""Ten changes: their reports are in `docs/examples/`, and ask for a person where they must."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from egain_pulumi import review
from tests.review.changes import CHANGES
from tests.review.making import FOLDER
from tests.review.reports import EXAMPLES, pages, reviewed, stored
from tests.support.process import REPOSITORY

names = pytest.mark.parametrize("name", CHANGES)


def test_the_examples_are_what_is_written_today() -> None:
    written = pages()
    there = {file: file.read_text("utf-8") for file in EXAMPLES.iterdir()}
    assert there.keys() == written.keys()
    for file, text in written.items():
        assert there[file] == text, f"{file.name}: run python -m tests.review --reports"
    assert {file.stem for file in FOLDER.iterdir()} == set(CHANGES)


@names
def test_what_is_risky_asks_for_a_person(name: str) -> None:
    assert bool(reviewed(stored(name)).risks) == CHANGES[name].acknowledge


@names
def test_what_a_refresh_has_compared_is_told(name: str) -> None:
    compared_with = review.document(reviewed(stored(name)))["compared_with"]
    assert compared_with == ("tenant" if CHANGES[name].refresh else "state")


@names
def test_no_secret_and_nothing_of_a_machine_is_in_a_fixture_or_a_report(name: str) -> None:
    report = reviewed(stored(name))
    for text in (stored(name), review.markdown(report), json.dumps(review.document(report))):
        for word in ("another-secret", "local-secret", "ciphertext", "/root", "/home", "/tmp"):
            assert word not in text
        assert str(REPOSITORY) not in text
        assert str(Path.home()) not in text


@names
def test_the_json_is_as_its_schema_says(name: str) -> None:
    schema = json.loads((REPOSITORY / "docs" / "report.schema.json").read_text("utf-8"))
    closed = _closed(schema)
    validator = jsonschema_rs.Draft202012Validator(closed)
    found = json.loads(json.dumps(review.document(reviewed(stored(name)))))
    assert [error.message for error in validator.iter_errors(found)] == []


def _closed(schema: Any) -> Any:
    """The schema, with every key that it does not name forbidden: all are documented."""
    if isinstance(schema, dict):
        closed = {key: _closed(value) for key, value in schema.items()}
        return closed | ({"additionalProperties": False} if schema.get("type") == "object" else {})
    return [_closed(each) for each in schema] if isinstance(schema, list) else schema


def test_forty_at_once_changes_forty() -> None:
    found = reviewed(stored("forty-at-once"))
    assert len(found.changes) == 40
    assert found.cost.calls == 46
