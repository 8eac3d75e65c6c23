"""The contract, read once: operations with scopes, parameters, answers; validators; shapes.

The setting `validation` selects its rules:
  contract    all rules
  documented  no limits, formats and required markers of nodes marked `x-assumed`
  off         no rules (nothing is compiled)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import jsonschema_rs
import yaml

from . import shapes

DEFAULT_PATH = Path(__file__).with_name("conversationmgr-v3.yaml")
SCOPE_PREFIX = "https://api.egain.cloud/auth/"

_METHODS = ("get", "post", "put", "patch", "delete")
_RULES = frozenset(
    (
        *("minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"),
        *("pattern", "format", "enum", "required", "contentEncoding", "x-unique-within"),
    )
)
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Parameter:
    """A parameter in path, query or header."""

    name: str
    place: str
    required: bool
    schema: Mapping[str, Any]
    validator: jsonschema_rs.Draft202012Validator


@dataclass(frozen=True)
class Operation:
    """An operation. `body` and `answers` are JSON pointers to schemas (None: no body)."""

    name: str
    method: str
    template: str
    scopes: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    body: str | None
    answers: Mapping[int, str | None]


class Contract:
    """The parsed file, built in about 40 ms; validators are compiled at their first use."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.base_path = urlsplit(document["servers"][0]["url"]).path.rstrip("/")
        self._registries = {"contract": _registry(document)}
        self._validators: dict[tuple[str, str], jsonschema_rs.Draft202012Validator] = {}
        self.operations = {
            (operation.method, operation.template): operation
            for template, item in document["paths"].items()
            for operation in self._operations(template, item)
        }

    @classmethod
    def load(cls, path: Path = DEFAULT_PATH) -> Contract:
        """Read a YAML file, with PyYAML's C parser if it has one (0.03 s instead of 0.5 s)."""
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return cls(yaml.load(path.read_text(encoding="utf-8"), Loader=loader))

    @cached_property
    def scopes(self) -> frozenset[str]:
        """All application scopes of the operations."""
        return frozenset(s for operation in self.operations.values() for s in operation.scopes)

    def validator(
        self, pointer: str, rules: str = "contract"
    ) -> jsonschema_rs.Draft202012Validator:
        """Return the compiled validator of the schema at a JSON pointer."""
        key = (pointer, rules)
        if key not in self._validators:
            if rules not in self._registries:
                self._registries[rules] = _registry(_without_assumed(self.document))
            self._validators[key] = jsonschema_rs.Draft202012Validator(
                {"$ref": f"urn:contract#{quote(pointer)}"},
                registry=self._registries[rules],
                validate_formats=True,
            )
        return self._validators[key]

    def shape(self, pointer: str) -> shapes.Shape:
        """Return the shape of the schema at a JSON pointer."""
        return shapes.build(self._at(pointer), self._resolve)

    def _operations(self, template: str, item: Mapping[str, Any]) -> list[Operation]:
        found = []
        for method in _METHODS:
            if method not in item:
                continue
            call = item[method]
            here = f"/paths/{_escape(template)}/{method}"
            common = [*item.get("parameters", ()), *call.get("parameters", ())]
            found.append(
                Operation(
                    name=call["operationId"],
                    method=method.upper(),
                    template=template,
                    scopes=tuple(call.get("x-app-scopes-any-of", ())),
                    parameters=tuple(self._parameter(part) for part in common),
                    body=self._schema_of(f"{here}/requestBody"),
                    answers={
                        int(status): self._schema_of(f"{here}/responses/{status}")
                        for status in call["responses"]
                    },
                )
            )
        return found

    def _parameter(self, node: Mapping[str, Any]) -> Parameter:
        part = self._resolve(node)
        validator = jsonschema_rs.Draft202012Validator(
            {**part["schema"], "components": self.document["components"]}
            if "$ref" not in part["schema"]
            else {"$ref": f"urn:contract{part['schema']['$ref']}"},
            registry=self._registries["contract"],
        )
        return Parameter(
            part["name"],
            part["in"],
            part.get("required", False),
            self._resolve(part["schema"]),
            validator,
        )

    def _schema_of(self, pointer: str) -> str | None:
        """Return the pointer to the schema of a body or an answer; follows a $ref."""
        try:
            node = self._at(pointer)
        except KeyError:
            return None
        if "$ref" in node:
            pointer = node["$ref"].removeprefix("#")
            node = self._at(pointer)
        if "application/json" not in node.get("content", {}):
            return None
        return f"{pointer}/content/application~1json/schema"

    def _at(self, pointer: str) -> Any:
        node: Any = self.document
        for step in pointer.strip("/").split("/"):
            node = node[step.replace("~1", "/").replace("~0", "~")]
        return node

    def _resolve(self, node: Mapping[str, Any]) -> Any:
        return self._resolve(self._at(node["$ref"].removeprefix("#"))) if "$ref" in node else node


def _escape(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _registry(document: Mapping[str, Any]) -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry([("urn:contract", {"$schema": _DIALECT, **document})])


def _without_assumed(node: Any) -> Any:
    """Return a copy of the contract without the rules of nodes marked as assumed."""
    if isinstance(node, list):
        return [_without_assumed(part) for part in node]
    if not isinstance(node, dict):
        return node
    drop: frozenset[str] = _RULES if node.get("x-assumed") is True else frozenset()
    return {key: _without_assumed(part) for key, part in node.items() if key not in drop}
