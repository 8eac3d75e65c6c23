"""A program with the smallest provider."""

from typing import Any

from pulumi.dynamic import Resource

from benchmarks.floor.provider import FloorProvider
from benchmarks.objects import requested_objects


class FloorObject(Resource, module="floor", name="Object"):
    """An eGain object of any kind."""


ids: dict[str, Any] = {}
for item in requested_objects():
    body = {"collection": item.collection, "body": item.body(ids)}
    ids[item.name] = FloorObject(FloorProvider(), item.name, body).id
