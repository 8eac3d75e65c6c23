"""The text of the program: readable, in the order of references. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from ..schema.kinds import Kind
from ..schema.model import Path
from ..schema.state import KEPT
from ..schema.tree import show, tree
from ..text import cut, plural, visible
from . import naming
from .expressions import WIDTH
from .model import Item, leaves
from .statements import Program, Statements

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
    body, needed, names = list[str](), dict[str, None](), naming.Names()
    statements = Statements(program, by_id, variable, needed)
    split = is_split(len(program.items))
    for kind in program.kinds:
        own = [item for item in items if item.kind.resource == kind.resource]
        if own:
            body += ["", *([] if split else [f"# {kind.plural.capitalize()}"])]
            body += statements.declarations(kind, own, names)
    classes = sorted({item.kind.resource for item in items} | statements.types)
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
    label = items[0].kind.label if is_split(len(program.items)) else "eGain object"
    yield f'"""{plural(sum(item.find is None for item in items), label)}, {WRITTEN}.'
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
