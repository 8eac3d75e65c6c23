"""Objects that a report could not check, secrets that it must not show, renamed resources."""

from __future__ import annotations

import json

from egain_pulumi import review
from tests.hub.builders import SEALED, digest, parts, same, step
from tests.review.builders import Edit, Resources, analyze, change, inputs

MESSAGE = (
    'warning: authentication "bot-auth" [not-checked]: needs scope '
    "app.conversation.conversationmgr.manage\n"
)
"""The CLI's warning in a refresh whose client may only read."""


def test_an_object_that_the_client_may_not_read_is_not_checked() -> None:
    resources = parts()
    seen = [step("refresh", each, each) for each in resources.values()]
    warning = {"severity": "warning", "message": MESSAGE}
    text = digest(*seen, *same(resources), diagnostics=[warning, warning])
    found = analyze(text)
    assert not found.risks
    assert review.document(found)["not_checked"] == ['authentication "bot-auth"']
    end = 'Not checked, because the client may not read them: `authentication "bot-auth"`.\n'
    assert review.markdown(found).endswith(end)


def test_no_secret_is_in_a_report_with_any_option_of_the_cli() -> None:
    def secrets(value: str) -> Edit:
        def edit(resources: Resources) -> None:
            oauth2 = {"payload": f"canary-{value}", "headers": {"A": f"canary-{value}"}}
            inputs(resources, "auth").update(oauth2=oauth2, description=sealed(value))
            inputs(resources, "bot").update(extra={"attributes": f"canary-{value}"})

        return edit

    def sealed(value: str) -> dict[str, str]:
        return {**SEALED, "plaintext": f'"canary-{value}"'}

    found = change(secrets("new"), before=secrets("old"), diff=["oauth2", "extra"])
    text = review.markdown(found) + json.dumps(review.document(found))
    assert "canary" not in text
    assert "`oauth2.payload`: `[secret]` → `[secret]`, changed" in text
    assert {row.kind for row in found.risks} == {"secret-rotated"}


def test_a_renamed_resource_is_the_same_object() -> None:
    resources = parts()
    old = resources.pop("greeter")
    urn = old["urn"].replace("::greeter", "::welcome")
    new = {**old, "urn": urn, "aliases": [old["urn"]]}
    # As the real CLI writes it: the step has the new URN, its old state the former one.
    renamed = {**step("same", None, new), "oldState": old}
    found = analyze(digest(renamed, *same(resources)))
    assert not found.changes
    assert not found.risks
