"""Programs of the harness's own tests, run by the real CLI and by our engine alike."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi.dynamic import Resource

from tests.support_tests.provider import Sample

SEED = "seed"
"""The id of an object that is there before any program has run."""


class Thing(Resource, module="sample", name="Thing"):
    """A resource of the sample provider."""

    made: pulumi.Output[str]

    def __init__(
        self, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(Sample(), name, {"made": None, **props}, opts)


class Chain:
    """Makes things one after the other, so that two runs make the same calls in the same order."""

    def __init__(self) -> None:
        self.last: list[pulumi.Resource] = []

    def thing(self, name: str, props: dict[str, Any], **options: Any) -> Thing:
        """A thing that waits for the one before."""
        opts = pulumi.ResourceOptions(depends_on=self.last, **options)
        made = Thing(name, props, opts)
        self.last = [made]
        return made


def life(stage: int) -> None:
    """Everything that can happen to a resource between stage 1 and stage 2."""
    changed = stage > 1
    chain = Chain()
    chain.thing("keep", {"n": 5, "none": None, "empty": {}, "items": []})
    inner = {"v": stage, **({"new": True} if changed else {"gone": "g"})}
    chain.thing(
        "update",
        {
            "deep": {"x-y": inner, "same": 1},
            "list": [1, 2, 3] if changed else [1, 9],
            "secret": pulumi.Output.secret(f"s{stage}"),
            "map": {"k": pulumi.Output.secret(f"m{stage}"), "plain": f"p{stage}"},
            "mixed": [1, pulumi.Output.secret("y")],
        },
    )
    replace = chain.thing("replace", {"keys": ["key"], "key": stage})
    chain.thing("user", {"ref": {"id": replace.id}, "copy": replace.made})
    chain.thing("first", {"keys": ["key"], "key": stage, "first": True})
    chain.thing("on-change", {"a": {"b": stage}}, replace_on_changes=["a.b"])
    chain.thing("said-yes", {"changes": True, "v": stage})
    chain.thing("said-no", {"changes": False, "v": stage})
    chain.thing("ignoring", {"v": stage, "w": {"x": stage, "y": 1}}, ignore_changes=["v", "w.x"])
    chain.thing("hidden", {"v": stage}, additional_secret_outputs=["made"])
    chain.thing("got", {}, id=SEED)
    names = {"aliases": [pulumi.Alias(name="before")]} if changed else {}
    chain.thing("after" if changed else "before", {"v": 1}, **names)
    eu = pulumi.ProviderResource("pulumi-python", "eu", {"sample:one": f"eu{stage}"})
    chain.thing("explicit", {"v": 1}, provider=eu)
    group = pulumi.ComponentResource("sample:Group", "group")
    chain.thing("child", {"v": 1}, parent=group)
    if changed:
        chain.thing("added", {"v": 1})
    else:
        chain.thing("dropped", {"v": 1})
        chain.thing("retained", {"v": 1}, retain_on_delete=True)
    pulumi.export("id", replace.id)


def trouble(kind: str) -> None:
    """What can go wrong: half-made things, refused inputs, failing updates and deletes."""
    pulumi.log.error(f"an error in the log, {kind}")
    chain = Chain()
    chain.thing("before", {"v": 1})
    kinds: dict[str, dict[str, Any]] = {
        "fails": {"fail": "boom"},
        "half": {"half": "not yet"},
        "partial": {"half": "not now", "v": 3, "stuck": "in use"},
        "refused": {"refuse": ["v", "secret", ""], "secret": pulumi.Output.secret("x")},
    }
    chain.thing("troubled", {"v": 2, **kinds[kind]})
    chain.thing("later", {"v": 1})
