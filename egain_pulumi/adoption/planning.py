"""From what a tenant has to what to write and to import. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .. import hub
from ..hub import Hub, Object
from ..hub.references import places
from ..names import wire_name
from ..schema.arguments import validate_find
from ..schema.drift import declaration
from ..schema.kinds import Kind
from ..schema.same import with_text
from ..schema.state import TENANT, Properties
from ..schema.tree import Malformed, show, tree
from . import evidence, icons, import_file, naming, writing
from .choosing import Choice, choose, is_egains
from .declaring import declare
from .evidence import Reading
from .model import Item
from .plan import Known, Plan, Target
from .settings import Settings, secret_paths, settings
from .statements import Program

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row] | None]


def plan(rows: Rows, kinds: Sequence[Kind], choice: Choice, known: Known, target: Target) -> Plan:
    """Plan the adoption of everything that is chosen and nobody manages. Raises EgainError."""
    return _Planner(rows, kinds, known, target).plan(choice)


class _Planner:
    def __init__(self, rows: Rows, kinds: Sequence[Kind], known: Known, target: Target) -> None:
        self._kinds, self._known, self._target = kinds, known, target
        self._refused: list[str] = []
        self._warnings: list[str] = []
        self._received: list[Any] = []
        rows = {
            kind.name: None if found is None else [row for row in found if self._reads(kind, row)]
            for kind in kinds
            for found in (rows.get(kind.name),)
        }
        self._rows = {
            (kind.resource, row["id"]): row for kind in kinds for row in rows[kind.name] or ()
        }
        self._hub: Hub = hub.tenant(rows, kinds)
        self._objects = {(o.kind.resource, o.id): o for o in self._hub.objects.values()}

    def _reads(self, kind: Kind, row: Row) -> bool:
        """Return whether an object matches the contract; note its secrets, or why not."""
        try:
            self._received += evidence.received(tree(kind.model), row)
            declaration(tree(kind.model), row)
        except Malformed as problem:
            value = row.get(wire_name(kind.field))
            self._refused.append(f'{kind.label} "{value}" [{row["id"]}]: {problem}')
            return False
        return True

    def plan(self, choice: Choice) -> Plan:
        shown = evidence.reading(self._received)
        chosen = [
            each
            for each in choose(self._hub, choice)
            if each.id not in self._known.here and each.id not in self._known.elsewhere
        ]
        declared = dict(self._declared(chosen, shown))
        found = dict(self._found(declared))
        items = self._named(declared, found)
        files, items = icons.files(items, self._known.icon)
        used = settings(items, self._known.keys)
        program = Program(items, used, self._target.address, self._kinds, self._comments(items))
        entries = [self._entry(item, used) for item in items]
        written = writing.files(program, self._target.entry, self._target.prefix) if items else {}
        unread = [kind for kind in self._kinds if kind.resource in self._hub.unread]
        if not choice.kinds or any(kind in choice.kinds for kind in unread):
            self._refused += [
                f"{kind.plural}: not readable without scope {kind.model.read_scope}"
                for kind in unread
            ]
        return Plan(
            items=items,
            files=written,
            icons=files,
            settings=used.all,
            import_file=import_file.text(entries),
            shown=shown if self._received else None,
            warnings=self._warnings,
            refused=self._refused,
        )

    def _declared(
        self, chosen: Sequence[Object], shown: Reading
    ) -> Iterator[tuple[str, Properties]]:
        """Yield the key and the declaration of each chosen object; note what has none."""
        seen = set[tuple[str, str]]()
        for each in chosen:
            row = self._rows[each.kind.resource, str(each.id)]
            made = declare(each.kind, row, shown)
            if each.kind.unique and (each.kind.resource, each.name) in seen:
                self._refused.append(f"{each.label} [{each.id}]: another one has the same value")
            elif made.declared is None:
                self._refused.append(f"{each.label} [{each.id}]: {made.left_out[0]}")
            else:
                seen.add((each.kind.resource, each.name))
                self._warnings += [f"{each.label}: {text}; not declared" for text in made.left_out]
                yield each.key, made.declared

    def _found(self, declared: Mapping[str, Properties]) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield the keys of other objects that these refer to, with how a program finds each."""
        seen = set[tuple[str, str]]()
        for own, properties in declared.items():
            each = self._hub.objects[own]
            for place in places(tree(each.kind.model), properties):
                key = (place.to, str(place.id))
                other = self._objects.get(key)
                if key in seen or (other is not None and other.key in declared):
                    continue
                if other is None:
                    if place.to not in self._hub.unread:
                        self._warnings.append(
                            f"{each.label}: {show(place.path)}: refers to {place.id}, which eGain "
                            "does not have; the program has its id as text"
                        )
                    continue
                seen.add(key)
                find = None if other.id in self._known.here else self._criteria(other)
                if find is not None:
                    yield other.key, find

    def _criteria(self, each: Object) -> Mapping[str, str] | None:
        """Return how a program finds an object; None if it cannot."""
        kind = each.kind
        for role in sorted(each.roles or ()) if is_egains(each) else ():
            same = [o for o in self._hub.of(kind.resource) if role in (o.roles or ())]
            if len(same) == 1:
                return {"role": role}
        if kind.field not in kind.model.find_by:
            return None
        find = {kind.field: each.name}
        rows = [row for (to, _), row in self._rows.items() if to == kind.resource]
        same_name = with_text([dict(row) for row in rows], wire_name(kind.field), each.name)
        alone = [row["id"] for row in same_name] == [each.id]
        return find if alone and not list(validate_find(kind, find)) else None

    def _named(
        self, declared: Mapping[str, Properties], found: Mapping[str, Mapping[str, str]]
    ) -> list[Item]:
        """Return all objects of the program, in the order of references, with their names."""
        order = {kind.resource: place for place, kind in enumerate(self._kinds)}
        everything = sorted(
            (self._hub.objects[key] for key in (*declared, *found)),
            key=lambda o: (order[o.kind.resource], o.name, str(o.id)),
        )
        names = {k.resource: naming.Names(self._known.here.values()) for k in self._kinds}
        logical = {
            each.key: names[each.kind.resource].free(naming.logical(each.name, each.kind.label))
            for each in everything
        }
        kinds_of: dict[str, set[str]] = {}
        for each in everything:
            kinds_of.setdefault(logical[each.key], set()).add(each.kind.resource)
        modules = [writing.module(kind, self._target.prefix) for kind in self._kinds]
        variables = naming.Names()
        items = []
        for each in everything:
            name = logical[each.key]
            wanted = naming.variable(
                name, each.kind.label, shared=len(kinds_of[name]) > 1, modules=modules
            )
            items.append(
                Item(
                    kind=each.kind,
                    id=str(each.id),
                    value=each.name,
                    name=name,
                    variable=variables.free(wanted, "_"),
                    declared=declared.get(each.key, {}),
                    find=found.get(each.key),
                )
            )
        return items

    def _comments(self, items: Sequence[Item]) -> dict[str, str]:
        ids = {item.id for item in items}
        return {
            str(each.id): f'{each.label}, in this stack as "{self._known.here[str(each.id)]}"'
            if each.id in self._known.here
            else each.label
            for each in self._hub.objects.values()
            if each.id not in ids
        }

    def _entry(self, item: Item, used: Settings) -> Mapping[str, Any]:
        provider, mark = self._target.providers[item.kind.resource], dict(self._target.mark)
        if item.find is not None:
            return import_file.found(
                item.kind, item.name, item.id, item.find, item.value, provider, mark
            )
        paths = secret_paths(tree(item.kind.model), item, used)
        inputs = import_file.sealed(item.declared, paths)
        return import_file.entry(item.kind, item.name, item.id, inputs, {TENANT: mark}, provider)
