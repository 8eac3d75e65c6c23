"""PLUGIN SIDE: the only check, diff, create, read, update and delete of the project.

A kind of object adds two facts: its model and its collection. Instances hold nothing: Pulumi
keeps a pickle of them in every state, by reference to module and class, and those names are
frozen.
"""

from __future__ import annotations

import base64
import pickle
import pickletools
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from pulumi import dynamic

from . import host, journal, messages, plan, process
from .adoption import adopted
from .checking import PROVIDER, imported, problems
from .creation import created
from .deletion import deleted
from .errors import ApiError, EgainError, TransportError
from .kind import Collection, Kind
from .lookup import find, found_outputs
from .messages import Subject
from .model import Model
from .reading import seen
from .update import Update
from .work import Properties, Work

if TYPE_CHECKING:
    from .tenant import Tenant


class EgainProvider(dynamic.ResourceProvider):
    """The life of every eGain object.

    State is what the program declared plus `_tenant`; eGain's other values never enter it.
    """

    model: ClassVar[type[Model]]
    collection: ClassVar[Collection]

    @classmethod
    @cache
    def reference(cls) -> str:
        """What every state holds to find this class again: a pickle of two names, in base64.

        Not what the SDK makes of it: that depends on the Python version, and costs a patched
        pickler for every resource. The plugin host unpickles any protocol. The value never
        changes, so it is in no diff; it holds no secret, so it need not be one.
        """
        pickled = pickletools.optimize(pickle.dumps(cls(), protocol=2))
        return base64.b64encode(pickled).decode("ascii")

    @classmethod
    def as_kind(cls) -> Kind:
        """The kind as plumbing knows it."""
        return Kind(cls.model, cls.collection)

    @host.clean
    def configure(self, req: dynamic.ConfigureRequest) -> None:
        """Once per kind and process, before anything else, previews included."""
        # Here, because programs import this module too and need no network library.
        from .tenant import Tenant

        host.quiet_tracebacks()
        process.end_with_parent()
        process.hear_cancel()
        self._tenant: Tenant = Tenant.configured(host.all_config(req.config))
        process.widen(self._tenant.settings.max_concurrency)

    @host.clean
    def check(self, _olds: Properties, news: Properties) -> dynamic.CheckResult:
        """In previews too, and the only place that sees values behind an Output. No call."""
        work = self._work()
        inputs = plan.checked(self.model, news) | imported(work, _olds, news)
        reasons = problems(work, _olds, news, inputs)
        # Without a property: the engine would print its value, secret or not.
        return dynamic.CheckResult(inputs, [dynamic.CheckFailure("", text) for text in reasons])

    @host.clean
    def diff(self, _id: str, _olds: Properties, _news: Properties) -> dynamic.DiffResult:
        """In previews too; during a refresh with eGain's values as `olds`. No call.

        `changes=None` leaves the comparison to the engine, which then shows every property.
        """
        self._tenant.guard(_olds)
        journal.settle(host.urn())
        if plan.FIND not in _olds:  # which may be taken over: it is eGain's, not this stack's
            self._tenant.own(_id, str(self._work().subject))
        if not plan.differs(self.model, _olds, _news):
            return dynamic.DiffResult(changes=False)
        found = plan.FIND in _olds or plan.FIND in _news
        return dynamic.DiffResult(changes=None, replaces=[plan.FIND] if found else [])

    @host.clean
    def create(self, props: Properties) -> dynamic.CreateResult:
        """Never in a preview. After the POST nothing may fail: the id would be lost."""
        self._tenant.guard_create()
        work, props = self._work(), plan.checked(self.model, props)
        if plan.FIND not in props:
            id = adopted(work, props) if plan.IMPORTED in props else created(work, props)
            return dynamic.CreateResult(id, work.outputs(props))
        try:
            row = find(work, props[plan.FIND])
        except (ApiError, TransportError) as error:
            raise work.failed("find", error, props) from None
        outputs = work.outputs({**props, **found_outputs(self.model, row)})
        return dynamic.CreateResult(row["id"], outputs)

    @host.clean
    def read(self, id_: str, props: Properties) -> dynamic.ReadResult:
        """At refresh, and for `get` (then in previews too)."""
        props = {key: value for key, value in props.items() if key != PROVIDER}
        self._tenant.guard(props)
        work = self._work(id_)
        found = seen(work, props)
        if found is not None:
            # The engine marks by equal keys of the old inputs, which may lack what is in the
            # old outputs: after an update that was half done, or a header in another case.
            outputs = work.outputs({**found.inputs, **found.outputs})
            return dynamic.ReadResult(id_, work.sealed(outputs), work.sealed(found.inputs))
        if plan.TENANT in props:  # only what was in a state before has it
            self._tenant.replaceable.pop(str(host.urn()), None)
            return dynamic.ReadResult(None, {})  # ReadResult() crashes the host
        raise EgainError(f"cannot get {work.subject}: eGain has no {self.model.label} {id_}.")

    @host.clean
    def update(self, _id: str, _olds: Properties, _news: Properties) -> dynamic.UpdateResult:
        """Reads, lays what is declared over it, sends the whole object with what it read."""
        self._tenant.guard(_olds)
        work, news = self._work(_id), plan.checked(self.model, _news)
        if plan.GET not in news and plan.FIND not in news:
            Update(work, _olds, news).perform()
        return dynamic.UpdateResult(work.outputs(news))

    @host.clean
    def delete(self, _id: str, _props: Properties) -> None:
        """A 404 is done; anything else that is no 204 keeps the object in the state."""
        if plan.FIND in _props or plan.GET in _props:
            return
        self._tenant.guard(_props)
        self._tenant.replaceable.pop(str(host.urn()), None)
        work, settings = self._work(_id), self._tenant.settings
        if self._tenant.left(_id, str(work.subject)):
            host.warn(f"{work.subject} [{_id}] not deleted: another resource has taken it over.")
            return
        if not settings.allow_delete:
            field = "allow_delete"
            source, variable = settings.source(field), settings.variable(field)
            raise EgainError(messages.may_not_delete(work.subject, source, variable))
        deleted(work, _props, [cls.as_kind() for cls in EgainProvider.__subclasses__()])

    def _work(self, id: str | None = None) -> Work:
        if id is not None:  # then a state has it
            journal.settle(host.urn())
        subject = Subject(self.model, host.logical_name() or "unnamed", id)
        return Work(self.model, self.collection, self._tenant, subject)
