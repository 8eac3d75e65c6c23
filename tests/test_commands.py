"""Each command that a page shows is run by a test, or is listed here with the reason why not."""

from __future__ import annotations

import re

from tests.commands import blocks, pages
from tests.support.process import REPOSITORY

README = "real/test_readme.py::test_the_two_commands_do_what_the_readme_shows"
DEV = "real/test_readme.py::test_a_stack_of_ones_own_is_set_up_as_the_pages_say"
OWN = "examples/test_own_channel_and_bot.py::test_the_pages_lead_from_nothing_to_conversations"
BOT = "smoke/test_make_bot.py::test_a_customer_finds_an_answer_and_an_agent"
TENANT = "real/test_second_tenant.py::"
STORED = f"{TENANT}test_a_stored_secret_is_handed_over_by_an_up_or_by_running_the_program"
EXPORTED = f"{TENANT}test_a_secret_in_the_environment_is_taken_from_there_by_every_command"
COMPUTED = "examples/test_computed_callback.py::test_the_commands_of_the_readme_run_beside_the_hub"
EMULATOR = "emulator/test_docs.py::test_the_commands_of_the_page"
POLICY = "policy/test_policy.py::test_the_example_program_keeps_all_rules"
RECIPES = "recipes/test_recipes.py::test_reports_and_previews_are_what_is_written_today"
COMPARE = "cli/test_compare.py::test_the_commands_of_the_page"
DOCTOR = "cli/test_doctor.py::test_all_is_well"
STACK = "cli/test_reach.py::test_previews_and_states_of_the_real_cli"
ADOPTED = "adoption/test_with_cli.py::test_a_tenant_is_taken_over_by_the_commands_of_the_page"
FUNCTION = "examples/test_aws_function.py::test_the_page_fills_the_package_for_the_functions_own"

RUN = {
    "README.md": {
        "make up": README,
        "make preview": README,
        "egain-pulumi list channel": README,
        "": DEV,  # all others
    },
    "docs/bring-your-own-bot.md": {"": OWN},
    "docs/bring-your-own-channel.md": {"": OWN},
    "docs/channels.md": {"": DEV},
    "docs/doctor.md": {"": DOCTOR},
    "docs/emulator.md": {"": EMULATOR},
    "docs/inventory.md": {"": STACK},
    "docs/existing-tenant.md": {"": ADOPTED},
    "docs/lost-state.md": {"": ADOPTED},
    "docs/policy.md": {"": POLICY},
    "docs/reach.md": {"": README},
    "docs/recipes.md": {"": RECIPES},
    "docs/report.md": {"": README},
    "docs/second-tenant.md": {
        "export EGAIN_EU_CLIENT_SECRET=…": EXPORTED,
        "pulumi destroy": EXPORTED,
        "": STORED,
    },
    "docs/smoke.md": {"": BOT},
    "docs/two-environments.md": {
        "egain-pulumi compare stack:prod tenant:PROD": STACK,
        "": COMPARE,
    },
    "examples/aws-bot/README.md": {"": FUNCTION},
    "examples/computed-callback/README.md": {"": COMPUTED},
    "examples/second-channel/README.md": {"": RECIPES},
}
WHOLE = "it runs the checks or the tests themselves"
LIVE = "it needs a live tenant or a stack of one's own"
AWS = "it needs an account at AWS, or installs its packages"
RELEASES = "it needs two releases"
NOT_RUN = {
    "CONTRIBUTING.md": {
        "make check": WHOLE,
        "make test": WHOLE,
        "make test ARGS=fast": WHOLE,
        'make test ARGS="tests/host -k adopt"': WHOLE,
    },
    "README.md": {"make test": WHOLE},
    "docs/report.md": {"egain-pulumi report --stack prod --refresh": LIVE},
    "docs/smoke.md": {"egain-pulumi smoke --account orders": LIVE},
    "docs/upgrading.md": {
        "pip install --upgrade egain-pulumi": RELEASES,
        "pulumi preview": RELEASES,
        "python -m tests.states.write": "it writes the state of a release",
    },
    "examples/aws-bot/README.md": {
        ". .venv/bin/activate": AWS,
        "cd examples/aws-bot": AWS,
        "python -m pip install -r requirements.txt": AWS,
        "pulumi stack select --create dev": AWS,
        "pulumi up": AWS,
    },
}


def test_each_command_of_a_page_is_run_or_there_is_a_reason() -> None:
    for page in pages():
        shown = {command for block in blocks(page) for command in block}
        not_run, run = NOT_RUN.get(page, {}).keys(), RUN.get(page, {})
        assert not_run <= shown, page
        named = {command for command in run if command}
        assert named <= shown, page
        left = shown - not_run - named
        assert bool(left) == ("" in run), f"{page}: {left or 'nothing is left to run'}"


def test_a_test_that_runs_commands_exists() -> None:
    for name in {test for tests in RUN.values() for test in tests.values()}:
        file, _, function = name.partition("::")
        text = (REPOSITORY / "tests" / file).read_text("utf-8")
        assert re.search(rf"^def {function}", text, re.MULTILINE), name


def test_a_setting_whose_name_sounds_like_a_secret_is_set_in_plain_text() -> None:
    """`pulumi config set` refuses a value behind such a name without --plaintext or --secret."""
    for page in pages():
        for command in (each for block in blocks(page) for each in block):
            if re.match(r"pulumi config set .*(token|secret|password)", command, re.IGNORECASE):
                assert re.search(r" --(plaintext|secret) ", command), f"{page}: {command}"
