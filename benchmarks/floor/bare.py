"""Pulumi's own base class as a provider: what the plugin host takes by itself."""

from pulumi.dynamic import ResourceProvider


class Bare(ResourceProvider):
    """Checks nothing; every diff is left to the engine."""

    serialize_as_secret_always = False
