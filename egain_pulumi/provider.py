"""The base of the providers that every state names. Delegates to `plugin`.

Programs import this module too, so `plugin` is loaded only when the plugin host calls.
"""

from __future__ import annotations

import base64
import pickle
import pickletools
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from pulumi import dynamic

from .schema.kinds import Collection, Kind
from .schema.model import Model
from .schema.state import Properties

if TYPE_CHECKING:
    from .plugin.lifecycle import Lifecycle


class EgainProvider(dynamic.ResourceProvider):
    """The provider of one kind, which adds its model and its collection.

    Module and class name of each kind's provider are frozen: every state has a pickle of an
    instance. Instances therefore hold nothing until the host configures them.
    """

    model: ClassVar[type[Model]]
    collection: ClassVar[Collection]

    @classmethod
    @cache
    def reference(cls) -> str:
        """Return the text by which every state finds this class: a pickle of two names, in base64.

        Not the SDK's own pickle, which depends on the Python version and needs a patched pickler
        for every resource. The plugin host unpickles any protocol. The value never changes, so it
        is in no diff, and it is not a secret.
        """
        pickled = pickletools.optimize(pickle.dumps(cls(), protocol=2))
        return base64.b64encode(pickled).decode("ascii")

    @classmethod
    def as_kind(cls) -> Kind:
        """Return this provider's model and collection."""
        return Kind(cls.model, cls.collection)

    def configure(self, req: dynamic.ConfigureRequest) -> None:
        """Run once per kind and process, before anything else; also in previews."""
        from .plugin.lifecycle import configure

        kinds = [each.as_kind() for each in EgainProvider.__subclasses__()]
        self._lifecycle: Lifecycle = configure(self.as_kind(), kinds, req.config)

    def check(self, _olds: Properties, news: Properties) -> dynamic.CheckResult:
        """Validate the inputs; see `Lifecycle.check`."""
        return self._lifecycle.check(_olds, news)

    def diff(self, _id: str, _olds: Properties, _news: Properties) -> dynamic.DiffResult:
        """Compare state and inputs; see `Lifecycle.diff`."""
        return self._lifecycle.diff(_id, _olds, _news)

    def create(self, props: Properties) -> dynamic.CreateResult:
        """Create, adopt or find the object; see `Lifecycle.create`."""
        return self._lifecycle.create(props)

    def read(self, id_: str, props: Properties) -> dynamic.ReadResult:
        """Read the object; see `Lifecycle.read`."""
        return self._lifecycle.read(id_, props)

    def update(self, _id: str, _olds: Properties, _news: Properties) -> dynamic.UpdateResult:
        """Update the object; see `Lifecycle.update`."""
        return self._lifecycle.update(_id, _olds, _news)

    def delete(self, _id: str, _props: Properties) -> None:
        """Delete the object; see `Lifecycle.delete`."""
        self._lifecycle.delete(_id, _props)
