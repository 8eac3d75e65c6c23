"""PROGRAM SIDE: resource options as Pulumi gets them. Programs share options between resources, so
they are copied and never changed.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pulumi

from ..schema.complaint import Code, Complaint


def split_import(
    opts: pulumi.ResourceOptions | None,
) -> tuple[str | None, pulumi.ResourceOptions | None]:
    """Return the value of `import_`, and the options without it.

    Pulumi itself cannot import a dynamic resource: its read lacks the provider.
    """
    if opts is None or opts.import_ is None:
        return None, opts
    rest = copy.copy(opts)
    rest.import_ = None
    return str(opts.import_), rest


def without_id(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
    """Return the options without `id`, with which the engine would skip `check` and only read."""
    if opts is None or opts.id is None:
        return opts
    rest = copy.copy(opts)
    rest.id = None
    return rest


def refused_options(opts: pulumi.ResourceOptions | None) -> Iterator[Complaint]:
    """Yield a complaint about `deleted_with`, with which the engine would not call `delete`."""
    if opts is not None and opts.deleted_with is not None:
        text = (
            "eGain deletes nothing along with another object: this one would leave the state, stay "
            "in eGain, and block the delete of what it refers to; leave the option out"
        )
        yield Complaint(("deleted_with",), Code.RULE, text)
