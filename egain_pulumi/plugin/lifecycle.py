"""The life of an object: check, diff, create, read, update and delete, one method each.

Each method decides once whether the object is declared, found (`find`) or got (`get`); no step
below asks again.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from pulumi import dynamic
from pulumi.output import Unknown

from ..engine_values import mark_secret
from ..errors import ConfigurationError, EgainError, NotFound, Reason
from ..schema import secrets, state
from ..schema.declared import Origin, origin
from ..schema.diff import differs
from ..schema.kinds import Kind
from ..schema.state import Properties
from . import check, delete, found, host, host_errors, host_process, journal, read
from .adopt import adopt
from .context import Context
from .create import create
from .messages import Subject
from .read import Compare, Seen
from .tenant import Tenant
from .update import update

_COMPARE: Final[dict[Origin, Compare]] = {
    Origin.MANAGED: read.compare,
    Origin.FOUND: found.compare,
    Origin.GOT: read.everything,
}


@host_errors.clean
def configure(kind: Kind, kinds: Sequence[Kind], config: Any) -> Lifecycle:
    """Return the life of one kind's objects in the tenant that the configuration names.

    `kinds` are all kinds, any of which may refer to an object. Raises ConfigurationError.
    """
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
        context = self._context(news)
        inputs = context.props
        reasons = check.listed_problems(news)
        if origin(inputs) is Origin.MANAGED:
            inputs = inputs | check.import_mark(context, olds, news)
            reasons = reasons or check.problems(context, olds, news)
        # The constructor has marked what it saw; a transform may have added more.
        sealed = secrets.mark_secrets(context.tree, inputs, _mark_known)
        # Without a property: the engine would print its value, secret or not.
        return dynamic.CheckResult(sealed, [dynamic.CheckFailure("", text) for text in reasons])

    @host_errors.clean
    def diff(self, id: str, olds: Properties, news: Properties) -> dynamic.DiffResult:
        """Also runs in previews; in a refresh with eGain's values as `olds`. Makes no API call.

        `changes=None` leaves the comparison to the engine, which then shows every property.
        """
        self._tenant.guard(olds)
        subject = self._subject(id)
        if origin(olds) is not Origin.FOUND:  # eGain's own may be taken over
            self._tenant.ownership.own(id, str(subject))
        if not differs(self._kind.model, olds, news):
            return dynamic.DiffResult(changes=False)
        looks_up = Origin.FOUND in (origin(olds), origin(news))
        return dynamic.DiffResult(changes=None, replaces=[state.FIND] if looks_up else [])

    @host_errors.clean
    def create(self, props: Properties) -> dynamic.CreateResult:
        """Never runs in a preview. After the POST nothing may fail: the id would be lost."""
        self._tenant.guard_create()
        context = self._context(props)
        outputs = context.props
        if origin(outputs) is Origin.FOUND:
            with context.reporting("find"):
                id, outputs = found.find(context)
        elif state.IMPORTED in outputs:
            with context.reporting("import"):
                id = adopt(context, str(outputs[state.IMPORTED]))
        else:
            with context.reporting("create"):
                id = create(context)
        return dynamic.CreateResult(id, context.outputs(outputs))

    @host_errors.clean
    def read(self, id: str, props: Properties) -> dynamic.ReadResult:
        """Runs in a refresh, and for `get` (then in previews too)."""
        self._tenant.guard(props)
        context, compare = self._context(props, id), _COMPARE[origin(props)]
        if state.TENANT not in props:  # only what was in a state before has it
            return self._get(context, compare)
        with context.reporting("read"):
            seen = read.refresh(context, compare)
        if seen is None:
            self._tenant.ownership.forget(host.urn())
            return dynamic.ReadResult(None, {})  # ReadResult() crashes the host
        return _result(context, seen)

    def _get(self, context: Context, compare: Compare) -> dynamic.ReadResult:
        kind, subject, seen = self._kind, context.subject, None
        try:
            with context.reporting("read"), suppress(NotFound):
                seen = compare(context, context.get())
        except ConfigurationError as error:
            text = f"cannot get {subject}, which is read in previews too: {error}"
            raise EgainError(text, error.reason) from None
        if seen is None:
            text = f"cannot get {subject}: eGain has no {kind.label} {subject.id}."
            raise EgainError(text, Reason.NOT_FOUND)
        return _result(context, seen)

    @host_errors.clean
    def update(self, id: str, olds: Properties, news: Properties) -> dynamic.UpdateResult:
        """Reads the object, lays what is declared over it, sends it with what was read."""
        self._tenant.guard(olds)
        context = self._context(news, id)
        if origin(news) is Origin.MANAGED:
            update(context, olds, context.props)
        return dynamic.UpdateResult(context.outputs(context.props))

    @host_errors.clean
    def delete(self, id: str, props: Properties) -> None:
        """A 404 is done; anything else that is no 204 keeps the object in the state."""
        if origin(props) is not Origin.MANAGED:
            return
        self._tenant.guard(props)
        ownership, context = self._tenant.ownership, self._context(props, id)
        ownership.forget(host.urn())
        if ownership.taken_over(id, str(context.subject)):
            host.warn(f"{context.subject} [{id}] not deleted: another resource has taken it over.")
            return
        refusal = delete.refusal(context)
        if refusal is not None:
            raise refusal
        with context.reporting("delete"):
            delete.delete(context, self._kinds)

    def _context(self, props: Properties, id: str | None = None) -> Context:
        checked = state.normalize(self._kind.model, props)
        return Context(self._kind, self._tenant, self._subject(id), checked)

    def _subject(self, id: str | None) -> Subject:
        if id is not None:  # then a state has it
            journal.settle(host.urn())
        return Subject(self._kind, host.logical_name() or "unnamed", id)


def _mark_known(value: Any) -> Any:
    return value if isinstance(value, Unknown) else mark_secret(value)


def _result(context: Context, seen: Seen) -> dynamic.ReadResult:
    # The engine marks secrets by equal keys of the old inputs, which may lack what is in the old
    # outputs: after an update that was half done, or a header in another case.
    outputs = context.outputs({**seen.inputs, **seen.outputs})
    outputs, inputs = (
        secrets.mark_secrets(context.tree, props, mark_secret) for props in (outputs, seen.inputs)
    )
    return dynamic.ReadResult(str(context.subject.id), outputs, inputs)
