"""What examples need besides the environment of the tests."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples.aws import Registered, register
from tests.support.process import REPOSITORY
from toolchain import lock

HERE = Path(__file__).parent
ENVIRONMENTS = REPOSITORY / ".local" / "examples"


@pytest.fixture(scope="session")
def aws_sdk() -> Path:
    """A folder with pulumi_aws and boto3, to be put on top of the tests' environment.

    Got once for as long as the same is asked for: 30 MB of download, 5 seconds. It is a folder of
    its own because nobody who only runs `make up` should have to get it.
    """
    return installed(REPOSITORY / "examples" / "aws-bot" / "requirements.txt", HERE / "boto3.txt")


@pytest.fixture(scope="session")
def program(aws_sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Registered]:
    """What examples/aws-bot registers."""
    return register(aws_sdk, tmp_path_factory.mktemp("elsewhere"))


def installed(*requirements: Path) -> Path:
    """What files of requirements name, without what that needs in turn."""
    wanted = hashlib.sha256(b"".join(file.read_bytes() for file in requirements)).hexdigest()
    folder = ENVIRONMENTS / wanted[:16]
    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    with lock.held(ENVIRONMENTS / "lock", "another run gets what the examples need"):
        if not folder.exists():
            half = folder.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"]
            files = [part for file in requirements for part in ("-r", str(file))]
            subprocess.run(
                [*pip, "--target", str(half), *files],
                env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},  # the index as it is set
                check=True,
            )
            half.rename(folder)
    return folder
