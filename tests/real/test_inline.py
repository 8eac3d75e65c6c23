"""An inline program of Pulumi's Automation API, whose configuration is not in the environment."""

from __future__ import annotations

import sys

import pytest

from tests.support.cli import Stack
from tests.support.process import REPOSITORY, Child

pytestmark = pytest.mark.cli

PROGRAM = """
import os, sys
from pathlib import Path
from pulumi import automation
from egain_pulumi import check_stack

os.environ["PULUMI_CONFIG_PASSPHRASE"] = passphrase = sys.argv[2]
stack = automation.create_stack(
    "prod" if passphrase != "local" else "staging", project_name="inline", program=check_stack,
    opts=automation.LocalWorkspaceOptions(work_dir=sys.argv[1]))
stack.set_config("conversation-hub:opsEmail", automation.ConfigValue("CHANGE_ME"))
try:
    stack.preview()
except automation.errors.CommandError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("passphrase", "problem"),
    [
        ("long", 'stack "prod" still has CHANGE_ME in conversation-hub:opsEmail.'),
        ("local", 'stack "staging" would be encrypted with the published passphrase'),
    ],
)
def test_check_stack_refuses_an_inline_program_too(
    passphrase: str, problem: str, stack: Stack
) -> None:
    env = stack.env | {"PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", PROGRAM, str(stack.folder), passphrase]
    child = Child(command, cwd=stack.folder, env=env)
    child.wait(60)
    assert problem in child.output
