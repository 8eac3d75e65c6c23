"""PLUGIN SIDE: the only check, diff, create, read, update and delete of the project.

A kind of object adds two facts: its model and its collection. Instances hold nothing: Pulumi
pickles them into every state, by reference to module and class, and those names are frozen.
"""

from __future__ import annotations

import base64
import pickle
import pickletools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pulumi import dynamic
from pulumi.output import Unknown

from . import host, icon, messages, overlay, plan
from .complaints import UNKNOWN
from .errors import ApiError, EgainError, NotFound, TransportError, without
from .messages import Subject
from .model import Model
from .shape import Malformed, to_wire, tree, unique_field

if TYPE_CHECKING:
    from .client import Operation
    from .tenant import Tenant

Properties = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Collection:
    """Where objects of a kind live: `path` of the API, `key` of the array in list answers."""

    path: str
    key: str


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

    @host.clean
    def configure(self, req: dynamic.ConfigureRequest) -> None:
        """Once per kind and process, before anything else, previews included."""
        from .tenant import Tenant

        host.quiet_tracebacks()
        self._tenant: Tenant = Tenant.configured(host.all_config(req.config))

    @host.clean
    def check(self, _olds: Properties, news: Properties) -> dynamic.CheckResult:
        """In previews too, and the only place that sees values behind an Output. No call."""
        said = news.get(plan.PROGRAM) or {}
        inputs = plan.checked(self.model, news)
        if plan.FIND in inputs or plan.GET in inputs:
            problems = [f"{_problems(said)}, listed above"] if said.get("problems") else []
            return dynamic.CheckResult(inputs, _failures(problems))
        self._tenant.warn_of_missing()
        declared = {k: v for k, v in news.items() if k not in (plan.PROGRAM, PROVIDER)}
        found = plan.review(self.model, _blanked(declared))
        errors, warnings = plan.weighed(found, self._tenant.settings.validation)
        known = set(said.get("said") or ())
        for warning in (str(w) for w in warnings):
            if warning not in known:
                host.warn(f"{self._subject()}: {warning}")
        problems = [f"{_problems(said)}, listed above"] if said.get("problems") else []
        problems += [str(e) for e in errors if str(e) not in known]
        problems += self._taken(inputs)
        problems += self._replaced(bool(_olds))
        return dynamic.CheckResult(inputs, _failures(problems))

    @host.clean
    def diff(self, _id: str, olds: Properties, news: Properties) -> dynamic.DiffResult:
        """In previews too; during a refresh with eGain's values as `olds`. No call.

        `changes=None` leaves the comparison to the engine, which then shows every property.
        """
        self._tenant.guard(olds)
        changed = plan.differs(self.model, olds, news)
        if plan.FIND in news or plan.FIND in olds:
            return dynamic.DiffResult(None if changed else False, [plan.FIND] if changed else [])
        return dynamic.DiffResult(changes=None if changed else False)

    @host.clean
    def create(self, props: Properties) -> dynamic.CreateResult:
        """Never in a preview. After the POST nothing may fail: the id would be lost."""
        self._tenant.guard_create()
        props = plan.checked(self.model, props)
        operation = self._tenant.operation()
        if plan.FIND in props:
            return self._find(operation, props)
        body = self._new_body(props)
        try:
            id = operation.create(self.collection.path, body)
        except ApiError as error:
            raise self._not_created(operation, error, props) from None
        except TransportError as error:
            if not error.in_doubt:
                raise self.failed("create", error, props) from None
            text = messages.in_doubt(self._subject(), self._unique(props), str(error))
            raise EgainError(without(text, self._secrets(props))) from None
        return dynamic.CreateResult(id, {**props, plan.TENANT: self._tenant.mark})

    @host.clean
    def read(self, id_: str, props: Properties) -> dynamic.ReadResult:
        """At refresh, and for `get` (in previews too). Only eGain's own 404 means gone."""
        refreshing = plan.TENANT in props
        props = {k: v for k, v in props.items() if k != PROVIDER}
        if refreshing:
            self._tenant.guard(props)
        subject = self._subject(id_)
        try:
            live = self._tenant.operation().get(self.collection.path, id_)
        except NotFound:
            if refreshing:
                return dynamic.ReadResult(None, {})  # ReadResult() crashes the host
            raise EgainError(f"cannot get {subject}: eGain has no such object.") from None
        except ApiError as error:
            if error.status == 403 and refreshing and self.model.read_scope != Model.read_scope:
                host.warn(f"{subject} not checked: needs scope {self.model.read_scope}")
                return dynamic.ReadResult(id_, props)
            raise self.failed("read", error, props, id_) from None
        except TransportError as error:
            raise self.failed("read", error, props, id_) from None
        return self._as_seen(id_, live, props)

    @host.clean
    def update(self, id_: str, olds: Properties, news: Properties) -> dynamic.UpdateResult:
        """Reads, lays what is declared over it, sends the whole object with what it read."""
        from .update import Update

        self._tenant.guard(olds)
        news = plan.checked(self.model, news)
        if plan.GET not in news and plan.FIND not in news:
            Update(self, self._tenant, self._subject(id_), olds, news).perform()
        return dynamic.UpdateResult({**news, plan.TENANT: self._tenant.mark})

    @host.clean
    def delete(self, id_: str, props: Properties) -> None:
        """A 404 is done; anything else that is no 204 keeps the object in the state."""
        if plan.FIND in props or plan.GET in props:
            return
        self._tenant.guard(props)
        settings = self._tenant.settings
        subject = self._subject(id_)
        if not settings.allow_delete:
            raise EgainError(messages.may_not_delete(subject, settings.source("allow_delete")))
        try:
            self._tenant.operation().delete(self.collection.path, id_)
        except NotFound:
            return
        except (ApiError, TransportError) as error:
            raise self.failed("delete", error, props, id_) from None

    # What the methods above are made of.

    def _subject(self, id: str | None = None) -> Subject:
        return Subject(self.model, host.logical_name() or "unnamed", id)

    def _unique(self, props: Properties) -> str | None:
        found = props.get(unique_field(self.model) or "name")
        return found if isinstance(found, str) else None

    def _secrets(self, props: Properties) -> Iterator[str]:
        yield from (text for _, text in plan.secrets(tree(self.model), props))
        yield from _texts(props.get(plan.EXTRA))
        secret = self._tenant.settings.client_secret
        if secret is not None:
            yield secret.get_secret_value()

    def failed(
        self, verb: str, error: ApiError | TransportError, props: Properties, id: str | None = None
    ) -> EgainError:
        """An error of the client as a sentence about this object, without its secrets."""
        subject = self._subject(id)
        if isinstance(error, ApiError):
            client = self._tenant.settings.client_id or ""
            text = messages.refused(verb, subject, error, client)
        else:
            where = f" [{id}]" if id else ""
            text = f"cannot {verb} {subject}{where}: {error}"
        return EgainError(without(text, self._secrets(props)))

    def _not_created(self, operation: Operation, error: ApiError, props: Properties) -> EgainError:
        """A refusal may be about a unique value: then the object that has it is named."""
        field, value = unique_field(self.model), self._unique(props)
        if error.status in (400, 409) and field and value:
            try:
                rows = operation.list(self.collection.path, self.collection.key)
            except (ApiError, TransportError):
                rows = []  # the refusal itself is the better message
            wire = tree(self.model).slots[field].wire
            for row in rows:
                if row.get(wire) == value:
                    return EgainError(messages.duplicate(self._subject(), value, row["id"]))
        return self.failed("create", error, props)

    def _new_body(self, props: Properties) -> Properties:
        declared = dict(props)
        if isinstance(declared.get("icon"), dict):
            declared["icon"] = self.load_icon(declared["icon"])
        body = to_wire(tree(self.model), declared)
        return merged(body, props.get(plan.EXTRA) or {})

    def load_icon(self, declared: Mapping[str, str]) -> str:
        """The base64 text of an `icon_file`."""
        try:
            return icon.load(declared)
        except icon.IconError as problem:
            raise EgainError(f"{self._subject()}: icon: {problem}.") from None

    def _as_seen(self, id: str, live: Properties, props: Properties) -> dynamic.ReadResult:
        from .lookup import found_outputs, matches

        tenant = {plan.TENANT: self._tenant.mark}
        try:
            if plan.FIND in props:
                if not matches(self.model, props[plan.FIND], live):
                    return dynamic.ReadResult(None, {})
                inputs = {plan.FIND: props[plan.FIND]}
                return dynamic.ReadResult(
                    id, {**inputs, **found_outputs(self.model, live), **tenant}, inputs
                )
            if plan.GET in props:
                inputs = {plan.GET: True}
                shown = overlay.declaration(tree(self.model), live)
                return dynamic.ReadResult(id, {**shown, **inputs, **tenant}, inputs)
            declared = plan.checked(self.model, props)
            slots = tree(self.model).slots
            inputs = {k: v for k, v in declared.items() if k not in slots}
            inputs |= overlay.seen(tree(self.model), declared, live)
        except Malformed as problem:
            raise EgainError(f"cannot read {self._subject(id)} [{id}]: {problem}.") from None
        return dynamic.ReadResult(id, {**inputs, **tenant}, inputs)

    def _find(self, operation: Operation, props: Properties) -> dynamic.CreateResult:
        from .lookup import find, found_outputs

        try:
            row = find(operation, self.model, self.collection, props[plan.FIND])
        except (ApiError, TransportError) as error:
            raise self.failed("find", error, props) from None
        outputs = {**props, **found_outputs(self.model, row), plan.TENANT: self._tenant.mark}
        return dynamic.CreateResult(row["id"], outputs)

    def _taken(self, inputs: Properties) -> list[str]:
        """Two declared objects of one kind with the same unique value, seen before any call."""
        urn, value = host.urn(), self._unique(inputs)
        if urn is None or value is None or unique_field(self.model) is None:
            return []
        first = self._tenant.declared.setdefault((self.model.label, value), urn)
        if first == urn:
            return []
        name = first.rsplit("::", 1)[-1]
        field = unique_field(self.model)
        return [f'{field}: "{value}" is also declared by {self.model.label} "{name}"']

    def _replaced(self, has_olds: bool) -> list[str]:
        """The engine checks a replacement once more, without the old state."""
        urn = host.urn()
        if urn is None or self._tenant.settings.allow_delete:
            return []
        if has_olds:
            self._tenant.replaceable.add(urn)
        elif urn in self._tenant.replaceable:
            source = self._tenant.settings.source("allow_delete")
            return [messages.may_not_delete(self._subject(), source, "replaced")]
        return []


PROVIDER: Final = "__provider"


def merged(body: Properties, extra: Properties) -> Properties:
    """`extra` laid over a body: objects merge, everything else replaces."""
    result = dict(body)
    for key, value in extra.items():
        mine = result.get(key)
        both = isinstance(mine, dict) and isinstance(value, dict)
        result[key] = merged(mine or {}, value) if both else value
    return result


def _blanked(value: Any) -> Any:
    """The inputs with UNKNOWN for what the engine does not know yet."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, dict):
        return {k: _blanked(v) for k, v in value.items()}
    return [_blanked(v) for v in value] if isinstance(value, list) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _problems(said: Properties) -> str:
    count = int(said["problems"])
    return "1 problem" if count == 1 else f"{count} problems"


def _failures(problems: list[str]) -> list[dynamic.CheckFailure]:
    # Without a property: the engine would print its value, secret or not.
    return [dynamic.CheckFailure("", problem) for problem in problems]
