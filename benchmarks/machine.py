"""The machine of a run: figures mean nothing without it."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from egain_pulumi.version import VERSION
from tests.support.cli_result import executable


def machine() -> dict[str, Any]:
    """Return its size, load at the start, and versions."""
    cli = subprocess.run(
        [executable(), "version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "memory": _gigabytes(),
        "load": round(os.getloadavg()[0], 2),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "pulumi": cli,
        "sdk": version("pulumi"),
        "egain-pulumi": VERSION,
    }


def sentence(found: dict[str, Any]) -> str:
    """Return the same as text."""
    return (
        f"{found['date']}, {found['cores']} cores ({found['processor']}), {found['memory']} GB, "
        f"{found['system']}, load {found['load']} at the start; Python {found['python']}, "
        f"Pulumi {found['pulumi']} with SDK {found['sdk']}, egain-pulumi {found['egain-pulumi']}"
    )


def _gigabytes() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or "unknown"
    named = [line for line in text.splitlines() if line.startswith("model name")]
    return named[0].partition(":")[2].strip() if named else "unknown"
