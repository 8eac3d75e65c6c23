"""The life of an object: check, diff, create, read, update and delete, one method each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pulumi import dynamic

from ..errors import ApiError, EgainError, TransportError
from ..schema import state
from ..schema.diff import differs
from ..schema.kinds import Kind
from ..schema.state import PROVIDER, Properties
from . import host, host_errors, host_process, journal, messages
from .adopt import adopted
from .check import imported, problems
from .context import Work
from .create import created
from .delete import deleted
from .found import find, found_outputs
from .messages import Subject
from .read import seen
from .tenant import Tenant
from .update import Update


@host_errors.clean
def configured(kind: Kind, kinds: Sequence[Kind], config: Any) -> Lifecycle:
    """The life of one kind's objects in the tenant that the configuration names; `kinds` are all
    six. Raises ConfigurationError."""
    host_errors.quiet_tracebacks()
    host_process.end_with_parent()
    host_process.hear_cancel()
    tenant = Tenant.configured(host.all_config(config))
    host_process.widen(tenant.settings.max_concurrency)
    return Lifecycle(kind, kinds, tenant)


class Lifecycle:
    """What happens to the objects of one kind in one tenant.

    State is what the program declared plus `_tenant`; eGain's other values never enter it.
    """

    def __init__(self, kind: Kind, kinds: Sequence[Kind], tenant: Tenant) -> None:
        self._kind, self._kinds, self._tenant = kind, kinds, tenant

    @host_errors.clean
    def check(self, olds: Properties, news: Properties) -> dynamic.CheckResult:
        """Also runs in previews. The only step that sees resolved Outputs. Makes no API call."""
        work = self._work()
        inputs = state.checked(self._kind.model, news) | imported(work, olds, news)
        reasons = problems(work, olds, news, inputs)
        # Without a property: the engine would print its value, secret or not.
        return dynamic.CheckResult(inputs, [dynamic.CheckFailure("", text) for text in reasons])

    @host_errors.clean
    def diff(self, id: str, olds: Properties, news: Properties) -> dynamic.DiffResult:
        """Also runs in previews; in a refresh with eGain's values as `olds`. Makes no API call.

        `changes=None` leaves the comparison to the engine, which then shows every property.
        """
        self._tenant.guard(olds)
        journal.settle(host.urn())
        if state.FIND not in olds:  # which may be taken over: it is eGain's, not this stack's
            self._tenant.own(id, str(self._work().subject))
        if not differs(self._kind.model, olds, news):
            return dynamic.DiffResult(changes=False)
        found = state.FIND in olds or state.FIND in news
        return dynamic.DiffResult(changes=None, replaces=[state.FIND] if found else [])

    @host_errors.clean
    def create(self, props: Properties) -> dynamic.CreateResult:
        """Never runs in a preview. After the POST nothing may fail: the id would be lost."""
        self._tenant.guard_create()
        work, props = self._work(), state.checked(self._kind.model, props)
        if state.FIND not in props:
            id = adopted(work, props) if state.IMPORTED in props else created(work, props)
            return dynamic.CreateResult(id, work.outputs(props))
        try:
            row = find(work, props[state.FIND])
        except (ApiError, TransportError) as error:
            raise work.failed("find", error, props) from None
        outputs = work.outputs({**props, **found_outputs(self._kind.model, row)})
        return dynamic.CreateResult(row["id"], outputs)

    @host_errors.clean
    def read(self, id: str, props: Properties) -> dynamic.ReadResult:
        """Runs in a refresh, and for `get` (then in previews too)."""
        props = {key: value for key, value in props.items() if key != PROVIDER}
        self._tenant.guard(props)
        work = self._work(id)
        found = seen(work, props)
        if found is not None:
            # The engine marks by equal keys of the old inputs, which may lack what is in the
            # old outputs: after an update that was half done, or a header in another case.
            outputs = work.outputs({**found.inputs, **found.outputs})
            return dynamic.ReadResult(id, work.sealed(outputs), work.sealed(found.inputs))
        if state.TENANT in props:  # only what was in a state before has it
            self._tenant.replaceable.pop(str(host.urn()), None)
            return dynamic.ReadResult(None, {})  # ReadResult() crashes the host
        raise EgainError(f"cannot get {work.subject}: eGain has no {self._kind.model.label} {id}.")

    @host_errors.clean
    def update(self, id: str, olds: Properties, news: Properties) -> dynamic.UpdateResult:
        """Reads the object, lays what is declared over it, sends it with what was read."""
        self._tenant.guard(olds)
        work, news = self._work(id), state.checked(self._kind.model, news)
        if state.GET not in news and state.FIND not in news:
            Update(work, olds, news).perform()
        return dynamic.UpdateResult(work.outputs(news))

    @host_errors.clean
    def delete(self, id: str, props: Properties) -> None:
        """A 404 is done; anything else that is no 204 keeps the object in the state."""
        if state.FIND in props or state.GET in props:
            return
        self._tenant.guard(props)
        self._tenant.replaceable.pop(str(host.urn()), None)
        work, settings = self._work(id), self._tenant.settings
        if self._tenant.left(id, str(work.subject)):
            host.warn(f"{work.subject} [{id}] not deleted: another resource has taken it over.")
            return
        if not settings.allow_delete:
            field = "allow_delete"
            source, variable = settings.source(field), settings.variable(field)
            raise EgainError(messages.may_not_delete(work.subject, source, variable))
        deleted(work, props, self._kinds)

    def _work(self, id: str | None = None) -> Work:
        if id is not None:  # then a state has it
            journal.settle(host.urn())
        subject = Subject(self._kind.model, host.logical_name() or "unnamed", id)
        return Work(self._kind.model, self._kind.collection, self._tenant, subject)
