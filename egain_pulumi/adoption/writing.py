"""The text of the program: readable, in the order of references. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ..schema.kinds import Kind
from ..schema.model import Path, Reference
from ..schema.shape import only_id
from ..schema.state import KEPT
from ..schema.tree import Items, Leaf, Link, Node, Record, Table, show, tree
from ..text import cut, plural, visible
from .expressions import WIDTH, Call, Code, Expression, lines, number
from .model import Item, leaves
from .settings import Settings

MAIN: Final = "__main__.py"
WRITTEN: Final = "written by egain-pulumi adopt"
"""What the first line of each file says."""
_ABOUT_KEPT: Final = (
    "# Secrets that only eGain knows. They keep working; an update that would have to send",
    '# one stops. To take one over, write config.require_secret("…") in place of',
    "# keep_secret(), after pulumi config set --secret.",
)
ONE_FILE: Final = 60
"""Objects; a program with more has a module for each kind."""


@dataclass(frozen=True)
class Program:
    """What a program consists of."""

    items: Sequence[Item]
    settings: Settings
    tenant: str
    """The address of the tenant, without credentials."""
    kinds: Sequence[Kind]
    named: Mapping[str, str] = field(default_factory=dict)
    """By id, what a comment says of an object that the program refers to by id."""


def module(kind: Kind, prefix: str = "") -> str:
    """Return the module of a kind in a program of several files."""
    return prefix + kind.plural.replace(" ", "_")


def is_split(count: int) -> bool:
    """Return whether a program of so many objects has several files."""
    return count > ONE_FILE


def files(program: Program, entry: str, prefix: str = "") -> dict[str, str]:
    """Return the files of a program by name. `entry` is the one that runs all of it."""
    if not is_split(len(program.items)):
        return {entry: _text(program, program.items, lambda item: item.variable)}
    by_module: dict[str, list[Item]] = {}
    for item in program.items:
        by_module.setdefault(module(item.kind, prefix), []).append(item)
    written = {}
    for name, items in by_module.items():

        def variable(item: Item, here: str = name) -> str:
            there = module(item.kind, prefix)
            return item.variable if there == here else f"{there}.{item.variable}"

        written[f"{name}.py"] = _text(program, items, variable)
    imports = "\n".join(f"import {name}  # noqa: F401" for name in sorted(by_module))
    first = f'"""eGain objects, a module for each kind; {WRITTEN}."""'
    return {entry: f"{first}\n\n{imports}\n", **written}


def _text(program: Program, items: Sequence[Item], variable: Callable[[Item], str]) -> str:
    by_id = {(item.kind.resource, item.id): item for item in program.items}
    body, needed = list[str](), dict[str, None]()
    writer = _Writer(program, by_id, variable, needed)
    for kind in program.kinds:
        own = [item for item in items if item.kind.resource == kind.resource]
        if own:
            body += ["", f"# {kind.plural.capitalize()}"]
        for item in sorted(own, key=lambda each: each.find is None):
            body += writer.declaration(item)
    classes = sorted({item.kind.resource for item in items})
    functions = sorted(name for name in needed if name in ("icon_file", "keep_secret"))
    config = ["", "config = pulumi.Config()"] if "config" in needed else []
    own_imports = sorted(name for name in needed if name.startswith("import "))
    parts = [
        *_docstring(program, items),
        "",
        *(["import pulumi"] if config else []),
        *_import([*classes, *functions]),
        *(["", *own_imports] if own_imports else []),
        *config,
        *_kept(items),
        *body,
    ]
    return "\n".join(parts) + "\n"


def _docstring(program: Program, items: Sequence[Item]) -> Iterator[str]:
    count = plural(sum(item.find is None for item in items), "eGain object")
    yield f'"""{count}, {WRITTEN}.'
    yield ""
    yield f"The tenant: {program.tenant}"
    yield '"""'


def _import(names: Sequence[str]) -> Iterator[str]:
    flat = f"from egain_pulumi import {', '.join(names)}"
    if len(flat) <= WIDTH:
        yield flat
        return
    yield "from egain_pulumi import ("
    yield from (f"    {name}," for name in names)
    yield ")"


def _kept(items: Sequence[Item]) -> Iterator[str]:
    """Yield the list of the secrets that the program does not know."""
    places = [(item, path) for item in items for path in kept_paths(item)]
    if places:
        yield ""
        yield from _ABOUT_KEPT
        for item, path in places:
            yield cut(f"#   {item.variable}: {visible(show(path))}", WIDTH)


def kept_paths(item: Item) -> list[Path]:
    """Return where an object has a secret that only eGain knows."""
    found = leaves(tree(item.kind.model), item.declared)
    return [path for path, leaf, value in found if leaf.secret and value == KEPT]


class _Writer:
    """Writes declarations, and notes what they need."""

    def __init__(
        self,
        program: Program,
        by_id: Mapping[tuple[str, str], Item],
        variable: Callable[[Item], str],
        needed: dict[str, None],
    ) -> None:
        self._program, self._by_id = program, by_id
        self._variable, self._needed = variable, needed

    def declaration(self, item: Item) -> Iterator[str]:
        """Yield the lines that declare or find an object."""
        before = f"{item.variable} = "
        if item.find is not None:
            call = Call(f"{item.kind.resource}.find", [(None, item.name), *item.find.items()])
            yield from lines(call, before)
            return
        yield from self._comments(item)
        slots = tree(item.kind.model).slots
        given_by_name = [
            (name, self._expression(item, slot.node, item.declared[name], (name,)))
            for name, slot in slots.items()
            if name in item.declared and not (name == "active" and item.declared[name] is True)
        ]
        arguments = [(None, item.name), *given_by_name]
        yield from lines(Call(item.kind.resource, arguments, short=False), before)

    def _comments(self, item: Item) -> Iterator[str]:
        for id in dict.fromkeys(_ids(tree(item.kind.model), item.declared)):
            if id in self._program.named:
                yield cut(f"# {id}: {visible(self._program.named[id])}", WIDTH)

    def _expression(self, item: Item, node: Node, value: Any, path: Path) -> Expression:
        match node:
            case Link() | Record() if (only := only_id(node)) is not None:
                return self._reference(only, value["id"])
            case Leaf(reference=Reference() as reference):
                return self._reference(reference, value)
            case Record(slots=slots):
                return {
                    name: self._expression(item, slots[name].node, part, (*path, name))
                    for name, part in value.items()
                }
            case Table():
                return {
                    key: self._expression(item, node.item, part, (*path, key))
                    for key, part in value.items()
                }
            case Items():
                return [
                    self._expression(item, node.item, part, (*path, index))
                    for index, part in enumerate(value)
                ]
            case Leaf(icon=True) if isinstance(value, Mapping):
                self._needed["icon_file"] = None
                return Call("icon_file", [(None, value["path"])])
            case Leaf():
                return self._leaf(item, node, value, path)
        return list(value)

    def _leaf(self, item: Item, node: Leaf, value: Any, path: Path) -> Expression:
        if node.secret and value == KEPT:
            self._needed["keep_secret"] = None
            return Call("keep_secret", [])
        setting = self._program.settings.used.get((item.id, path))
        if setting is not None:
            self._needed["config"] = None
            how = "require_secret" if setting.secret else "require"
            return Call(f"config.{how}", [(None, setting.key)])
        return number(value)

    def _reference(self, reference: Reference, id: str) -> Expression:
        item = self._by_id.get((reference.to or "", id))
        if item is None:
            return id
        name = self._variable(item)
        if "." in name:
            self._needed[f"import {name.partition('.')[0]}"] = None
        return Code(name)


def _ids(node: Node, value: Any) -> Iterator[str]:
    match node:
        case Link():
            yield value["id"]
        case Leaf(reference=Reference()):
            yield value
        case Record(slots=slots):
            for name, part in value.items():
                yield from _ids(slots[name].node, part)
        case Table() | Items():
            for part in value.values() if isinstance(value, Mapping) else value:
                yield from _ids(node.item, part)
