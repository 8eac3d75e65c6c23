"""PLUGIN SIDE: what every step of an object's life has at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .. import engine_values
from ..errors import ApiError, EgainError, TransportError
from ..schema import icon, secrets, state
from ..schema.kinds import Collection, Kind
from ..schema.model import Model, Path
from ..schema.secrets import texts
from ..schema.state import Properties
from ..schema.tree import ABSENT, Record, tree, unique_field
from ..text import LONGEST_SENTENCE, one_line, sentence, without
from . import host, messages
from .messages import Subject

if TYPE_CHECKING:
    from ..api.client import Operation
    from .tenant import Tenant


@dataclass(frozen=True)
class Work:
    """One object, the tenant it belongs to, and the words for what goes wrong with it."""

    model: type[Model]
    collection: Collection
    tenant: Tenant
    subject: Subject

    @cached_property
    def operation(self) -> Operation:
        """The calls of this step, with one deadline for all of them."""
        return self.tenant.operation()

    @property
    def kind(self) -> Kind:
        """The kind as plumbing knows it."""
        return Kind(self.model, self.collection)

    @property
    def tree(self) -> Record:
        """The model's tree."""
        return tree(self.model)

    def about(self, id: str) -> Work:
        """The same work, now that the object's id is known."""
        return replace(self, subject=replace(self.subject, id=id))

    def unique(self, props: Mapping[str, Any]) -> str | None:
        """The value by which people know the object: the unique one, or an orchestration's name."""
        found = props.get(unique_field(self.model) or "name")
        return found if isinstance(found, str) else None

    def outputs(self, inputs: Properties) -> Properties:
        """What goes into the state: what was declared, and where it lives."""
        return {**inputs, state.TENANT: self.tenant.mark}

    def failed(
        self,
        verb: str,
        error: ApiError | TransportError,
        props: Mapping[str, Any],
        read: Iterable[str] = (),
    ) -> EgainError:
        """An error of the client as a sentence about this object, without its secrets: those
        of `props`, and those that were `read`."""
        if isinstance(error, ApiError):
            client = self.tenant.settings.client_id or ""
            shown = error.without([*self._secrets(props), *read])
            return EgainError(messages.refused(verb, self.subject, shown, client))
        where = f" [{self.subject.id}]" if self.subject.id else ""
        text = sentence(f"cannot {verb} {self.subject}{where}: {error}")
        return self.error(messages.with_next_step(text), props, read)

    def shown(self, path: Path, value: Any) -> Any:
        """A value as a message may show it: one that the program calls a secret is hidden."""
        hidden = any(path[: len(each)] == each for each in self._hidden)
        return messages.HIDDEN if hidden and value is not ABSENT else value

    def sealed(self, props: Properties) -> Properties:
        """The properties with every secret marked as one, whatever the engine knows of them."""
        found: Properties = secrets.sealed(self.tree, props, engine_values.secret)
        return found | (
            {state.EXTRA: engine_values.secret(found[state.EXTRA])} if state.EXTRA in found else {}
        )

    def error(self, text: str, props: Mapping[str, Any], read: Iterable[str] = ()) -> EgainError:
        """An error whose text may repeat what a server said, without any secret of ours."""
        clean = without(text, [*self._secrets(props), *read])
        return EgainError(one_line(clean, LONGEST_SENTENCE))

    def load_icon(self, declared: Mapping[str, str]) -> str:
        """The base64 text of an `icon_file`."""
        try:
            return icon.load(declared)
        except icon.IconError as problem:
            raise EgainError(f"{self.subject}: icon: {problem}.") from None

    @property
    def _hidden(self) -> list[Path]:
        return self.tenant.hidden.get(host.urn(), [])

    def _secrets(self, props: Mapping[str, Any]) -> Iterator[str]:
        yield from (text for _, text in secrets.secrets(self.tree, props))
        yield from texts(props.get(state.EXTRA))
        for path in self._hidden:
            yield from texts(_at(path, props))
        secret = self.tenant.settings.client_secret
        if secret is not None:
            yield secret.get_secret_value()


def _at(path: Path, value: Any) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
