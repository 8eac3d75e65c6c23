"""Start a script of a pipeline, on a runner that has only Python.

    python scripts/run.py NAME ARGUMENT…

Sets up `.venv` and the Pulumi CLI first, as make does, and puts both at the front of PATH.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - reached with an older Python only
        print("error: Python 3.11 or newer is needed; set PYTHON to one", file=sys.stderr)
        return 2
    # For a script, Python looks for modules in its own folder only.
    sys.path[0] = str(PROJECT)
    from toolchain import environment, say, search

    def work() -> int:
        name, arguments = sys.argv[1], sys.argv[2:]
        usage = _usage(name)
        if len(arguments) not in {len(way.split()) for way in usage.split(" | ")}:
            raise say.Refusal(f"usage: scripts/{name} {usage}")
        environment.ensure()
        if Path(sys.prefix).resolve() != environment.FOLDER.resolve():
            os.execv(environment.PYTHON, [str(environment.PYTHON), *sys.argv])
        tools = (search.find().parent, environment.FOLDER / "bin", os.environ.get("PATH"))
        os.environ["PATH"] = os.pathsep.join(str(each) for each in tools if each)
        run = importlib.import_module(f"scripts.ci.{name.replace('-', '_')}").run
        return int(run(*arguments))

    return say.run(work)


def _usage(name: str) -> str:
    line = (PROJECT / "scripts" / name).read_text().splitlines()[1]
    return line.partition(f"scripts/{name} ")[2]


if __name__ == "__main__":
    sys.exit(main())
