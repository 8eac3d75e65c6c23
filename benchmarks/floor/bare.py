"""Pulumi's own base class as a provider: the cost of the plugin host alone."""

from pulumi.dynamic import ResourceProvider


class Bare(ResourceProvider):
    """A provider without checks; the engine computes diffs."""

    serialize_as_secret_always = False
