"""The command line in the tests' own process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from egain_pulumi.cli.app import run

Answer = tuple[int, str, str]
Call = Callable[..., Answer]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a command line: exit code, standard output, standard error."""

    def call(*arguments: str) -> Answer:
        capsys.readouterr()
        code = run(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return call
