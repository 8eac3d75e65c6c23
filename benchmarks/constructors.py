"""Time the constructors of a program: `python -m benchmarks.constructors ours|bare N`.

Pulumi's mocks replace the engine, so that nothing else is timed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, set_mocks

from benchmarks.objects import ICON
from egain_pulumi import ChannelResource

TOKEN = "pulumi-python:dynamic/bench:Channel"


class Engine(Mocks):
    """An engine that creates every resource."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[Any, Any]]:
        """Return the inputs as outputs."""
        return f"{args.name}-id", args.inputs

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        """Return nothing: the program calls no function."""
        return {}, None


def ours(name: str) -> None:
    """Declare a channel with this package."""
    ChannelResource(
        name,
        type=name,
        display_name="Chat",
        icon=ICON,
        restrictions={
            "inbound": {"max_text_length": 2000, "features": ["attachments", "typing_events"]}
        },
    )


class Bare(pulumi.CustomResource):
    """A class with its own constructor, as in each provider: Pulumi then searches the stack for the
    line of the program, which takes time."""

    def __init__(self, name: str, **inputs: Any) -> None:
        super().__init__(TOKEN, name, inputs)


def bare(name: str) -> None:
    """Declare the same inputs without this package."""
    inbound = {"max_text_length": 2000, "features": ["attachments", "typing_events"]}
    Bare(
        name,
        type=name,
        display_name="Chat",
        icon=ICON,
        restrictions={"inbound": inbound},
        active=True,
    )


WAYS: dict[str, Callable[[str], None]] = {"ours": ours, "bare": bare}


def main(way: str, size: int) -> None:
    """Print the milliseconds."""
    set_mocks(Engine(), preview=True)
    began = time.perf_counter()
    for number in range(size):
        WAYS[way](f"chat-{number}")
    print((time.perf_counter() - began) * 1000)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
