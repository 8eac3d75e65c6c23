"""A program with the smallest provider."""

from typing import Any

from pulumi.dynamic import Resource

from benchmarks.floor.provider import FloorProvider
from benchmarks.objects import declared


class FloorObject(Resource, module="floor", name="Object"):
    """Any object of eGain."""


ids: dict[str, Any] = {}
for item in declared():
    body = {"collection": item.collection, "body": item.body(ids)}
    ids[item.name] = FloorObject(FloorProvider(), item.name, body).id
