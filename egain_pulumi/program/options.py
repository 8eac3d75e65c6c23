"""PROGRAM SIDE: resource options as Pulumi shall see them. Programs share them between resources:
they are copied, never changed.
"""

from __future__ import annotations

import copy

import pulumi


def split_import(
    opts: pulumi.ResourceOptions | None,
) -> tuple[str | None, pulumi.ResourceOptions | None]:
    """What `import_` asks for, and the options without it.

    Pulumi itself cannot import a dynamic resource: its read comes without the provider.
    """
    if opts is None or opts.import_ is None:
        return None, opts
    rest = copy.copy(opts)
    rest.import_ = None
    return str(opts.import_), rest


def without_id(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
    """The options without `id`, with which the engine would read, and not ask `check`."""
    if opts is None or opts.id is None:
        return opts
    rest = copy.copy(opts)
    rest.id = None
    return rest
