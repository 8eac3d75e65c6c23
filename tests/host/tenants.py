"""Two tenants: the default one of a stack, and `eu`, which a program's `Provider` names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import dedent
from typing import Any

from tests.host.running import program
from tests.support import process
from tests.support.emulator import Emulator
from tests.support.program import Program

EU_CLIENT, EU_SECRET = "hub-eu", "secret-of-eu"


@contextmanager
def second_tenant() -> Iterator[Emulator]:
    """Another emulator, for as many tests as its fixture lasts."""
    made = Emulator(strict=True)
    process.lasting.add(made.child.popen.pid)
    try:
        yield made
    finally:
        made.stop()


def started(eu: Emulator) -> Emulator:
    """The second tenant as at its start, with a client of its own."""
    eu.reset()
    eu.client(EU_CLIENT, EU_SECRET)
    return eu


def both(eu: Emulator, body: str, credentials: str | None = None, **settings: Any) -> Program:
    """A program with the provider `eu` (and `there`, the options that choose it)."""
    stored = f"client_id={EU_CLIENT!r}, client_secret={EU_SECRET!r}"
    more = "".join(f", {name}={value!r}" for name, value in settings.items())
    head = f"""
        from egain_pulumi import Provider
        eu = Provider("eu", base_url={eu.base_url!r}, token_url={eu.token_url!r},
            {credentials or stored}{more})
        there = ResourceOptions(provider=eu)
    """
    return program(dedent(head) + dedent(body))
