"""Pictures of 8, 40 and 150 objects; no name breaks out of its label."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from egain_pulumi import hub
from egain_pulumi.errors import EgainError
from egain_pulumi.hub.picture.boxes import reduce
from egain_pulumi.resources import KINDS
from tests.hub.builders import digest, key, of, parts, resource, same, step
from tests.support.process import REPOSITORY, base_env

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    '"]; click n0 "https://evil.example"',
    "`x` | $(rm) && <script>alert(1)</script> </svg>",
    "--> n1\n```\n# heading",
    "#quot; &lt; %%{init: {}}%% :::class",
    "\u202eabc\x1b[2J\x00\ud800",
    "漢字" * 30,
    "a" * 400,
    "]]></style>",
]


def large(accounts: int) -> hub.Hub:
    """Return a hub with many accounts: a channel for every ten, a bot and flow for every five."""
    resources = parts()
    for n in range(accounts // 10):
        resources[f"c{n}"] = resource("Channel", f"c{n}", {"active": True, "type": f"custom.{n}"})
    for n in range(accounts // 5):
        role = {"custom_bot": {"callback": f"https://b{n}.example.com"}}
        bot = {"active": True, "name": f"b{n}", "roles": role}
        resources[f"b{n}"] = resource("ClientApplication", f"b{n}", bot)
        part = {"active": True, "name": f"p{n}", "application": {"id": f"b{n}"}}
        resources[f"p{n}"] = resource("Participant", f"p{n}", part)
        applications = {
            "bot_configuration": {"bots": [{"id": f"b{n}", "participant": {"id": f"p{n}"}}]},
            "customer_configuration": {"customer": {"id": "customers"}},
        }
        flow = {"active": True, "name": f"f{n}", "applications": applications}
        resources[f"f{n}"] = resource("Orchestration", f"f{n}", flow)
    for n in range(accounts):
        chat = {"orchestration": {"id": f"f{n // 5}"}}
        account = {"active": True, "channel": {"id": f"c{n // 10}"}, "chat_configurations": chat}
        resources[f"a{n}"] = resource("Account", f"a{n}", account)
    return of(resources)


def texts(svg: str) -> list[str]:
    """Return the texts in a picture."""
    return ["".join(each.itertext()) for each in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_small_hub_shows_every_object_and_reference_once() -> None:
    text = hub.mermaid(of(parts()))
    assert text.startswith("flowchart LR\n")
    assert len(re.findall(r"^  n\d+\W+\"", text, re.MULTILINE)) == 8
    assert len(re.findall(r"^  n\d+ (?:-->|---|-\.->) n\d+$", text, re.MULTILINE)) == 7
    assert text.count("-.->") == 1, "the escalation"
    assert text.count("---") == 1, "the channel stands left of its account"


def test_changes_are_marked_by_words_signs_and_colors() -> None:
    resources = parts()
    steps = [
        step("delete", resources.pop("customers"), None),
        step("replace", resources["greeter"], resources.pop("greeter")),
        step("update", resources["bot"], resources.pop("bot")),
        step("create", None, resource("Channel", "new", {"active": True, "type": "sms"})),
        step("create", None, resource("Channel", "old", {"active": True, "imported": "type:old"})),
    ]
    plan = hub.preview(digest(*steps, *same(resources)), KINDS)
    marks = {plan.both.objects[k].name: mark.value for k, mark in hub.marks(plan).items()}
    assert marks == {
        "customers": "deleted",
        "greeter": "replaced",
        "bot": "changed",
        "new": "added",
        "old": "taken over",
        "orders": "affected",
        "chat": "affected",
    }
    svg = hub.svg(plan.both, hub.marks(plan), title="A & B")
    written = texts(svg)
    for sign, name in zip("−±~+»!!", marks, strict=False):
        assert any(text.endswith(name) or name in text for text in written), (sign, name)
    assert "− customers" in written
    assert "client application, deleted" in written
    assert "A & B" in written
    mermaid = hub.mermaid(plan.both, hub.marks(plan))
    for name in ("deleted", "replaced", "changed", "takenover", "added", "affected"):
        assert f"classDef {name} fill:none,stroke:#" in mermaid


def test_a_new_object_affects_nobody() -> None:
    resources = parts()
    steps = [step("create", None, resources.pop("orders")), *same(resources)]
    assert set(hub.marks(hub.preview(digest(*steps), KINDS)).values()) == {hub.Mark.ADDED}


@pytest.mark.parametrize("accounts", [20, 80])
def test_many_objects_are_reduced_to_changes_and_their_neighbors(accounts: int) -> None:
    whole = large(accounts)
    changed = {key("ClientApplication", "b3"): hub.Mark.CHANGED}
    for each in (*whole.impact(changed)[0], *whole.impact(changed)[1]):
        changed[each.key] = hub.Mark.AFFECTED
    picture = reduce(whole, changed, 20)
    assert len(picture.boxes) <= 20
    names = {box.name for box in picture.boxes}
    assert names >= {"b3", "p3", "f3", "a15", "c1"}, "with all objects between them"
    assert not names & {"b4", "a10"}
    assert sum(box.count for box in picture.boxes) + picture.left_out == len(whole.objects)
    # A title: no line crosses it.
    title = f'---\ntitle: "not shown: {picture.left_out} unchanged objects"\n---\n'
    assert hub.mermaid(whole, changed, 20).startswith(f"{title}flowchart LR\n")


def test_objects_between_a_change_and_affected_accounts_are_shown() -> None:
    resources = parts()
    for n in range(20):
        resources[f"x{n}"] = resource("Channel", f"x{n}", {"active": True, "type": f"x{n}"})
    auth, orders = key("Authentication", "auth"), key("Account", "orders")
    picture = reduce(of(resources), {auth: hub.Mark.CHANGED, orders: hub.Mark.AFFECTED}, 10)
    assert {box.name for box in picture.boxes} == {"auth", "bot", "greeter", "flow", "orders"}


def test_too_many_changes_share_boxes_by_kind() -> None:
    whole = large(80)
    changed = dict.fromkeys((each.key for each in whole.objects.values()), hub.Mark.CHANGED)
    picture = reduce(whole, changed, 20)
    assert "81 accounts" in {box.name for box in picture.boxes}
    assert {box.mark for box in picture.boxes} == {hub.Mark.CHANGED}


def test_without_changes_objects_with_the_same_neighbors_share_a_box() -> None:
    picture = reduce(large(30), None, 40)
    assert "5 accounts" in {box.name for box in picture.boxes}
    assert len(reduce(large(80), None, 20).boxes) == 6, "then kinds"
    assert len(reduce(large(80), None, None).boxes) == len(large(80).objects)


def test_no_two_boxes_of_a_drawing_overlap() -> None:
    lone = parts()
    for n in range(3):
        lone[f"x{n}"] = resource("Channel", f"x{n}", {"active": True, "type": f"x{n}"})
    for whole in (of(parts()), of(lone), large(20), large(80)):
        found = ET.fromstring(hub.svg(whole)).iter(f"{SVG}rect")
        corners = [
            (float(r.get("x", 0)), float(r.get("y", 0))) for r in found if r.get("class") == "box"
        ]
        assert len(corners) == len(whole.objects)
        for n, (x, y) in enumerate(corners):
            for a, b in corners[:n]:
                assert abs(x - a) >= 236 or abs(y - b) >= 40, ((x, y), (a, b))


def test_a_drawing_is_the_same_in_every_process() -> None:
    program = (
        "from egain_pulumi import hub; from tests.hub.test_pictures import large;"
        "import hashlib; print(hashlib.sha256(hub.svg(large(80)).encode()).hexdigest())"
    )
    seen = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=REPOSITORY,
            env=base_env({"PYTHONHASHSEED": seed}),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        seen.add(done.stdout)
    assert len(seen) == 1


@settings(max_examples=60, deadline=None, derandomize=True)
@given(name=st.text(max_size=60))
@example(HOSTILE[0])
@example(HOSTILE[1])
@example(HOSTILE[2])
@example(HOSTILE[3])
@example(HOSTILE[4])
@example(HOSTILE[5])
@example(HOSTILE[6])
@example(HOSTILE[7])
def test_no_name_breaks_out_of_a_picture(name: str) -> None:
    resources = parts()
    resources["chat"] = resource("Channel", name, {"active": True, "type": name}, id="chat")
    whole = of(resources)
    plain = of(parts())
    text = hub.mermaid(whole)
    assert text.isascii()
    shape = re.compile(r'"[\w #;]*(<br/>[\w #;]*)?"')
    assert shape.sub('""', text) == shape.sub('""', hub.mermaid(plain))
    svg = hub.svg(whole, title=name)
    tags = [each.tag for each in ET.fromstring(svg).iter()]
    assert tags == [each.tag for each in ET.fromstring(hub.svg(plain)).iter()]
    assert max(len(each) for each in texts(svg)) <= 90
    page = hub.html(whole, title=name)
    assert "<script" not in page.lower()
    assert page.count("<") == hub.html(plain).count("<")


@pytest.mark.parametrize(
    ("name", "meaning"), [("fab:fa-bomb", ":fa-"), ("$$x^2$$", "$$"), ("$$$$x$$$$", "$$")]
)
def test_a_name_is_no_icon_and_no_formula_of_mermaid(name: str, meaning: str) -> None:
    resources = parts()
    resources["chat"] = resource("Channel", name, {"active": True}, id="chat")
    text = re.sub(r"#(\d+);", lambda code: chr(int(code[1])), hub.mermaid(of(resources)))
    assert meaning not in text
    assert name in text.replace("\N{WORD JOINER}", "")


def test_a_drawing_loads_nothing_and_runs_nothing() -> None:
    page = hub.html(large(20))
    assert "default-src 'none'" in page
    loads = re.findall(r'(?:src|href)="|url\((?!#)|@import|<script|\son\w+=', page)
    assert loads == []
    assert "prefers-color-scheme:dark" in page
    addresses = set(re.findall(r"https?://[^\s\"'<]+", page))
    assert addresses == {"http://www.w3.org/2000/svg"}


def test_without_the_library_there_is_mermaid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fast_sugiyama", None)
    with pytest.raises(EgainError, match=r"egain-pulumi\[graph\]"):
        hub.svg(of(parts()))
    assert hub.mermaid(of(parts()))
