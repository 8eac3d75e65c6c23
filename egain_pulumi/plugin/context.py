"""One object at one step of its life: its tenant, its calls, and its failures as sentences."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..errors import ApiError, EgainError, Reason, TransportError
from ..names import wire_name
from ..redaction import KNOWN
from ..schema import icon, secrets, state
from ..schema.kinds import Kind
from ..schema.model import Path
from ..schema.same import with_text
from ..schema.state import Properties
from ..schema.tree import ABSENT, Malformed, Record
from ..text import sentence
from . import host, messages
from .inventory import NEVER, Listing, Row
from .messages import Subject
from .values import HIDDEN

if TYPE_CHECKING:
    from ..api.operation import Operation
    from .tenant import Tenant


class Context:
    """What every step has at hand. `props` is the declaration that the step works with."""

    def __init__(self, kind: Kind, tenant: Tenant, subject: Subject, props: Properties) -> None:
        self.kind, self.tenant, self.subject, self.props = kind, tenant, subject, props
        KNOWN.publish(text for text in (subject.name, self.value) if text)
        KNOWN.know(secrets.all_texts(kind.tree, props))
        KNOWN.know(text for path in self._secret_paths for text in secrets.texts(_at(path, props)))

    @cached_property
    def operation(self) -> Operation:
        """The calls of this step, with one deadline for all of them."""
        return self.tenant.operation()

    @property
    def tree(self) -> Record:
        """The tree of the kind's model."""
        return self.kind.tree

    @property
    def value(self) -> str | None:
        """The declared value that people know the object by; see `Kind.field`."""
        return self.value_of(self.props)

    def value_of(self, props: Mapping[str, Any]) -> str | None:
        """Return the same of other properties."""
        found = props.get(self.kind.field)
        return found if isinstance(found, str) else None

    def about(self, id: str) -> Context:
        """Return the same context, now that the object's id is known."""
        found = copy.copy(self)
        found.subject = replace(self.subject, id=id)
        return found

    def get(self) -> Properties:
        """GET the object."""
        return self.operation.get(self.kind.collection.path, str(self.subject.id))

    def listed(self, value: str | None, since: float = NEVER) -> Listing:
        """Return the objects with a value of `Kind.field`, by a list requested at `since` or later.

        A unique value needs no complete list, see `Inventory.listing`.
        """
        name = wire_name(self.kind.field)

        def matching(rows: list[Row]) -> list[Row]:
            return with_text(rows, name, value)

        enough = (lambda rows: bool(matching(rows))) if self.kind.unique else None
        found = self.tenant.inventory.listing(self.operation, self.kind, since=since, enough=enough)
        return replace(found, rows=matching(found.rows))

    def outputs(self, inputs: Properties) -> Properties:
        """Return what goes into the state: the inputs, and the tenant that the object lives in."""
        return {**inputs, state.TENANT: self.tenant.mark}

    def load_icon(self, declared: Mapping[str, str]) -> str:
        """Return the base64 text of an `icon_file`. Raises EgainError."""
        try:
            return icon.load(declared)
        except icon.IconError as problem:
            raise EgainError(f"{self.subject}: icon: {problem}.") from None

    @contextmanager
    def reporting(self, verb: str) -> Iterator[None]:
        """Turn a failed call into one sentence about this object.

        The only place that does so. Other errors pass through: they are sentences already.
        """
        try:
            yield
        except ApiError as error:
            client = self.tenant.settings.client_id or ""
            error.words = KNOWN.redact(error.words)
            raise messages.refused(verb, self.subject, error, client) from None
        except TransportError as error:
            text = f"{sentence(f'cannot {verb} {self.subject.with_id}: {error}')} {error.next_step}"
            raise EgainError(text, error.reason) from None
        except Malformed as problem:
            text = f"cannot {verb} {self.subject.with_id}: {problem}."
            raise EgainError(text, Reason.MALFORMED) from None

    def shown(self, path: Path, value: Any) -> Any:
        """Return a value as a message may show it: hidden if the program calls it a secret."""
        hidden = any(path[: len(each)] == each for each in self._secret_paths)
        return HIDDEN if hidden and value is not ABSENT else value

    @property
    def _secret_paths(self) -> list[Path]:
        return self.tenant.secret_paths.get(host.urn(), [])


def _at(path: Path, value: Any) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
