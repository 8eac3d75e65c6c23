"""Runs a program under Pulumi's mocks, in a process of its own, and prints what it registers.

    python -m tests.examples.mocked PROJECT-FOLDER < cloud.json

`cloud.json` has what the cloud answers: by type token, the outputs of a resource besides its
inputs. On standard output comes one JSON object: logical type and name → what was registered.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from pathlib import Path
from typing import Any, cast

from pulumi.runtime import mocks, settings

STACK = "dev"


class Cloud(mocks.Mocks):
    """Answers every registration with its inputs, and with what the cloud adds."""

    def __init__(self, adds: dict[str, dict[str, Any]]) -> None:
        self.adds = adds

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """The id tells which object it is."""
        return f"id-of-{args.name}", {**args.inputs, **self.adds.get(args.typ, {})}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        """No example asks the cloud for anything while it runs."""
        raise NotImplementedError(args.token)


class Monitor(mocks.MockMonitor):
    """Keeps what the mocks are not told: secret marks and dependencies."""

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self.seen: dict[str, Any] = {}

    def RegisterResource(self, request: Any) -> Any:
        """Note a registration, then let the mocks answer."""
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        self.seen[answer.urn] = {
            "type": request.type,
            "name": request.name,
            "object": request.object.SerializeToString().hex(),
            "needs": list(request.dependencies),
        }
        return answer


def main(folder: Path) -> None:
    """Run the program that lies in a folder."""
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    project = (folder / "Pulumi.yaml").read_text().partition("name: ")[2].split()[0]
    cloud = Cloud(json.load(sys.stdin))
    mocks.set_mocks(cloud, project=project, stack=STACK, preview=False)
    monitor = Monitor(cloud)
    cast(Any, settings.SETTINGS).monitor = monitor

    def program() -> None:
        runpy.run_path(str(folder / "__main__.py"), run_name="__main__")

    mocks.test(program)()  # type: ignore[no-untyped-call]  # the SDK's
    sys.stdout.write(json.dumps(monitor.seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
