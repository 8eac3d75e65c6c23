"""Start-up times: imports, constructors, the plugin host, check and diff.

Each figure is a median. Runs with and without this package alternate.
"""

from __future__ import annotations

import base64
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.floor.bare import Bare
from benchmarks.objects import ICON
from egain_pulumi.resources.channel import ChannelProvider
from tests.support.host import EngineService, PluginHost
from tests.support.process import base_env
from tests.support.provider import Provider

LATER: Final = ("requests", "tenacity", "egain_pulumi.api", "oauthlib")
"""Modules that a program must not load."""
IMPORT: Final = f"""
import json, sys, time
import pulumi
before, began = set(sys.modules), time.perf_counter()
import egain_pulumi
took = (time.perf_counter() - began) * 1000
print(json.dumps([took, [name for name in {LATER!r} if name in set(sys.modules) - before]]))
"""
PROVIDER_URN: Final = "urn:pulumi:bench::hub::pulumi:providers:pulumi-python::default"
URN: Final = "urn:pulumi:bench::hub::pulumi-python:dynamic/egain:Channel::chat"
CALLS: Final = 400


def startup(runs: int, size: int) -> dict[str, Any]:
    """Return all figures in milliseconds, and the modules that were loaded too early."""
    imported = [json.loads(_python("-c", IMPORT)) for _ in range(runs)]
    found: dict[str, Any] = {
        "runs": runs,
        "objects": size,
        "import": _median([took for took, _ in imported]),
        "loaded": sorted({name for _, names in imported for name in names}),
    }
    ways: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(runs):
        for way, took in ways.items():
            took.append(float(_python("-m", "benchmarks.constructors", way, str(size))))
    found["declare"] = _median(ways["ours"])
    found["declare, bare"] = _median(ways["bare"])
    return found | _hosts(runs)


def _hosts(runs: int) -> dict[str, Any]:
    bare = base64.b64encode(pickle.dumps(Bare(), protocol=2)).decode("ascii")
    references = {"": ChannelProvider.reference(), ", bare": bare}
    figures: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs):
            for suffix, reference in references.items():
                for name, took in _host(Path(folder), reference).items():
                    figures.setdefault(name + suffix, []).append(took)
    return {name: _median(took) for name, took in figures.items()}


def _host(folder: Path, reference: str) -> dict[str, float]:
    """Time a plugin host from its start to its first check, and then each further call."""
    inputs = {
        "type": "chat",
        "display_name": "Chat",
        "icon": ICON,
        "restrictions": {"inbound": {"max_text_length": 2000, "features": ["attachments"]}},
        "active": True,
        "__provider": reference,
    }
    service = EngineService()
    began = time.perf_counter()
    host = PluginHost(service.address, cwd=folder, env={}, project="hub", python=sys.executable)
    try:
        provider = Provider(host, {}, PROVIDER_URN, "id")
        checked = provider.check(URN, None, inputs).inputs
        ready = (time.perf_counter() - began) * 1000
        return {
            "first check": ready,
            "check": _milliseconds(lambda: provider.check(URN, checked, inputs)),
            "diff": _milliseconds(lambda: provider.diff(URN, "1", checked, checked, checked)),
        }
    finally:
        host.stop()
        service.stop()


def _milliseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - began) * 1000 / CALLS


def _python(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env=base_env(), capture_output=True, text=True, check=True
    )
    return done.stdout


def _median(values: list[float]) -> float:
    return round(median(values), 3)
