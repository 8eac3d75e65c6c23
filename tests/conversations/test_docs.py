"""The examples of the documentation run, and programs do not load this package."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from egain_pulumi import conversations
from egain_pulumi.conversations import Received, received
from tests.conversations.conftest import fits
from tests.conversations.tenant import CONVERSATION, Tenant
from tests.support.process import REPOSITORY, base_env

PAGE = (REPOSITORY / "docs" / "conversations.md").read_text("utf-8")
DELIVERY = {
    "messages": {
        "message": [
            {
                "type": {"value": kind},
                "conversation": {"id": CONVERSATION},
                "sender": {"type": "customer", "participant": {"name": "John Smith"}},
                "content": {"text": text},
            }
            for kind, text in (("typing.start", ""), ("text", "Hello"), ("agent.join", ""))
        ]
    }
}


def kinds(tenant: Tenant) -> list[str]:
    """What was sent, in order."""
    return [each["type"]["value"] for body in tenant.sent() for each in body["messages"]["message"]]


def docstring() -> str:
    """The example of the package's docstring."""
    blocks = re.findall(r"(?:^    .*\n|^\n)+", conversations.__doc__ or "", re.MULTILINE)
    return textwrap.dedent(max(blocks, key=len))


def test_the_docstrings_example_runs(tenant: Tenant) -> None:
    names: dict[str, Any] = {}
    exec(docstring(), names)
    names["on_delivery"](DELIVERY)
    for body in tenant.sent():
        fits("SendMessageRequest", body)
    assert kinds(tenant) == ["text", "conversation.end", "text"]
    assert tenant.sent()[-1]["messages"]["message"][0]["content"] == {"text": "You said: Hello"}


def test_the_pages_examples_run(
    tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bird.jpg").write_bytes(b"a bird")
    names: dict[str, Any] = {}
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        exec(block, names)
    names["on_delivery"](DELIVERY)
    handed = {**DELIVERY["messages"]["message"][1], "content": {"text": "an agent, please"}}
    names["on_delivery"]({"messages": {"message": [handed]}})
    for body in tenant.sent():
        fits("SendMessageRequest", body)
    first = ["text", "text", "conversation.end"]
    assert kinds(tenant) == [*first, "text", "text", "escalation.transfer"]
    assert len(tenant.storage.calls) == 1


def test_the_page_names_every_method_and_every_error() -> None:
    for role in ("Customer", "CustomBot", "EgainBot", "CustomAgent", "EgainAgent"):
        voice = getattr(conversations, role)
        for name, _ in inspect.getmembers(voice, inspect.isfunction):
            assert name.startswith("_") or f"`{name}`" in PAGE, name
    for name in ("Sent", "InDoubt", "Refused"):
        assert f"`{name}`" in PAGE
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", PAGE):
        assert (REPOSITORY / "docs" / target).exists(), target


@pytest.mark.parametrize(
    "strange",
    [
        None,
        [],
        "x",
        {},
        {"messages": None},
        {"messages": {"message": {}}},
        {"messages": {"message": [None, 7]}},
    ],
)
def test_a_strange_delivery_is_no_message(strange: Any) -> None:
    assert received(strange) == ()


def test_malformed_parts_of_a_message_are_left_out() -> None:
    raw = {
        "type": "text",
        "conversation": {"id": 7},
        "sender": [],
        "content": "words",
        "attachments": {"attachment": [{"size": "9" * 5000}, {"size": "many"}, 7]},
        "attributes": {"attribute": [{"value": "nameless"}]},
    }
    [found] = received({"messages": {"message": [raw]}})
    assert (found.kind, found.conversation, found.role, found.text) == ("", None, None, None)
    assert [each.name for each in found.attachments] == ["", ""]
    assert found.attributes == {}
    assert found.raw is raw
    assert isinstance(found, Received)


def test_a_delivery_is_read_as_the_contract_has_it() -> None:
    fits("HubDelivery", DELIVERY)
    found = received(DELIVERY)
    assert [each.kind for each in found] == ["typing.start", "text", "agent.join"]
    assert (found[1].text, found[1].name, found[1].role) == ("Hello", "John Smith", "customer")
    assert "Hello" not in repr(found)


def test_a_program_does_not_load_it() -> None:
    program = (
        "import sys, egain_pulumi; print(*(n for n in sys.modules if 'conversations' in n));"
        "import egain_pulumi.conversations; print(*(n for n in ('typer', 'rich', 'starlette')"
        " if n in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=base_env(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.splitlines() == ["", ""]


def test_all_exports_exist() -> None:
    assert conversations.__all__ == sorted(conversations.__all__)
    for name in conversations.__all__:
        assert getattr(conversations, name).__doc__
