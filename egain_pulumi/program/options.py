"""PROGRAM SIDE: resource options as Pulumi gets them. Programs share options between resources, so
they are copied and never changed.
"""

from __future__ import annotations

import copy

import pulumi


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
