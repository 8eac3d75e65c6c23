"""The page of one kind of object."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence

from fields import Facts, kind, limits, on_the_wire, parts, secrets

from egain_pulumi.program.resource import EgainResource, type_token
from egain_pulumi.schema.kinds import Kind, targets
from egain_pulumi.schema.model import Model, Part
from egain_pulumi.schema.secrets import is_secret
from egain_pulumi.schema.tree import Record, Slot, tree
from examples import EXAMPLES, RULES

Resource = type[EgainResource]

EXTRA = (
    "Attributes that eGain has and this page does not, under eGain's own names. They are merged "
    "into what is sent: objects merge, everything else replaces. The whole of it is a secret, and "
    "drift in it is not detected."
)
VERSION = (
    "Never sent. If you change it, the declared secrets are sent again. On an import, it is what "
    "asks for them to be sent."
)


def page(resource: Resource, everything: Sequence[Resource]) -> str:
    """Return the page as Markdown."""
    model, own = resource.kind.model, resource.kind.as_kind()
    sections = [
        f"# {resource.__name__}\n\n{_introduction(resource)}",
        _facts(resource, everything),
        f"## Example\n\n```python\n{EXAMPLES[_noun(model)]}```",
        f"## Arguments\n\n{_arguments(model)}",
        *(f"### `{path}`\n\n{_nested(record)}" for path, record in parts(model)),
        *_rules(model),
        f"## Updates\n\n{_changes(own)}",
        f"## Secrets\n\n{_secrets(model)}",
        f"## Scopes\n\n{_scopes(model)}",
        f"## Existing objects\n\n{_existing(own)}",
        f"## Outputs\n\n{_outputs(own)}",
    ]
    return "\n\n".join(sections) + "\n"


def file_name(resource: Resource) -> str:
    """Return the name of the page's file."""
    return f"{resource.kind.model.label.replace(' ', '-')}.md"


def link(resource: Resource) -> str:
    """Return a link to the page from another one."""
    return f"[{resource.__name__}]({file_name(resource)})"


def refers_to(resource: Resource, everything: Sequence[Resource]) -> list[Resource]:
    """Return the kinds that this one may refer to."""
    names = set(targets(tree(resource.kind.model)))
    return [other for other in everything if other.__name__ in names]


def _introduction(resource: Resource) -> str:
    paragraphs = inspect.cleandoc(resource.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(p.split()) for p in paragraphs if not p.startswith("https://"))


def _facts(resource: Resource, everything: Sequence[Resource]) -> str:
    model = resource.kind.model
    to = ", ".join(map(link, refers_to(resource, everything)))
    by = ", ".join(link(other) for other in everything if resource in refers_to(other, everything))
    unique = resource.kind.as_kind().unique
    rows = [
        ("refers to", to or "nothing"),
        ("referred to by", by or "nothing"),
        ("unique in a tenant", f"`{unique}`" if unique else "nothing"),
        ("type token", f"`{type_token(model)}`"),
        ("in eGain", f"[the vendor's page]({model.vendor_page})"),
    ]
    return _table(("", ""), rows)


def _arguments(model: type[Model]) -> str:
    after = [("`extra`", "mapping", "no", "", EXTRA, "")]
    after.append(("`secrets_version`", "whole number", "no", "", VERSION, ""))
    after.append(("`opts`", "`pulumi.ResourceOptions`", "no", "", "Pulumi's own options.", ""))
    name = (
        "`resource_name`",
        "text",
        "yes",
        "",
        "Its name in this program; the first argument.",
        "",
    )
    rows = [name, *map(_row, tree(model).slots.values()), *after]
    return f"All but the first are keyword arguments.\n\n{_table(HEAD, rows)}"


def _rules(model: type[Model]) -> Iterator[str]:
    rules = "\n".join(f"- {rule.text}" for rule in RULES.get(_noun(model), ()))
    if rules:
        yield f"## Rules across arguments\n\n{rules}"


HEAD = ("argument", "type", "required", "limits", "meaning", "in eGain")


def _nested(record: Record) -> str:
    about = inspect.cleandoc(record.model.__doc__ or "").partition(" (contract:")[0]
    about = about if about.endswith(".") else f"{about}."
    return f"{about}\n\n{_table(('key', *HEAD[1:]), map(_row, record.slots.values()))}"


def _row(slot: Slot) -> tuple[str, ...]:
    facts = Facts.of(slot.info)
    required = "yes" if slot.required else "no"
    if slot.default is not None:
        required = f"no, `{slot.default}`"
    text = facts.description
    examples = slot.info.examples
    if examples:
        text += f" Example: `{examples[0]}`."
    if is_secret(slot.node) and "secret" not in text:
        text += " A secret."
    limit = "; ".join(filter(None, ("unique" if slot.unique else "", limits(slot.node, facts))))
    return f"`{slot.name}`", kind(slot.node, facts), required, limit, text, on_the_wire(slot)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]] | Iterator[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines
    )


def _changes(own: Kind) -> str:
    lines = [
        "An update reads eGain's object, lays the declared values over it, and sends the whole "
        "object back. Nothing is replaced unless you set `replace_on_changes`."
    ]
    for slot in own.tree.slots.values():
        if slot.uncertain:
            lines.append(
                f"\n\nA change of `{slot.name}` is sent and read back, because it is not "
                "documented whether eGain allows it. If eGain kept the old value, the update "
                "fails and says how to replace the object."
            )
    if own.unique:
        lines.append(
            f"\n\nA `{own.unique}` that another object of the tenant has is refused. The preview "
            "reports one that a program declares twice."
        )
    lines.append(
        "\n\nAn undeclared argument or key of a mapping is not managed: an update keeps it, and "
        "it is not drift. If you remove one from the program, it is removed in eGain. `active` is "
        "always managed."
    )
    return " ".join(lines).replace(" \n", "\n")


def _secrets(model: type[Model]) -> str:
    found = [f"`{path}`" for path in secrets(tree(model))]
    own = f"{', '.join(found)}, and all of `extra`" if found else "All of `extra`"
    text = (
        f"{own}. {'They are' if found else 'It is'} encrypted in the state, and appear"
        f"{'' if found else 's'} in previews as `[secret]`. What eGain returns of "
        f"{'them' if found else 'it'} is neither compared nor stored."
    )
    if found:
        text += (
            " If someone changed them in the console, change `secrets_version` to send them again."
            " `keep_secret()` in place of a value stands for a secret that eGain has and the "
            "program does not know: it is never sent and never compared."
        )
    if model.undeclared_secrets:
        names = ", ".join(f"`{name}`" for name in model.undeclared_secrets)
        text += f" Declare eGain's {names}, which may hold credentials, in `extra`."
    return text


def _scopes(model: type[Model]) -> str:
    rows = [
        ("create, update, delete", f"`{model.write_scope}`"),
        ("refresh, `get`, `find`", f"`{model.read_scope}`"),
    ]
    text = _table(("to", "needs"), rows)
    if model.read_scope == model.write_scope:
        return f"{text}\n\nWithout it, a refresh keeps the state and warns that it did not check."
    return f"{text}\n\nThe manage scope includes reading."


def _existing(own: Kind) -> str:
    name, model = own.resource, own.model
    keeps = "If there is a secret, or `extra`," if secrets(tree(model)) else "If there is `extra`"
    paragraphs = [
        f'**Get:** `{name}.get("…", id="…")` reads one by its id, in previews too, which then '
        "need credentials. It is never changed or deleted.",
        f'**Import:** `ResourceOptions(import_="…")` with its id or `"{own.field}:…"` makes the '
        "object part of the stack. eGain must have the declared values; otherwise an error lists "
        "the differences. With `egain:onConflict: overwrite` the declared values are sent. "
        f"{keeps} that eGain does not show exactly as declared, the import stops, unless "
        "`secrets_version=1` asks to send what is declared. An import never changes `active`. Set "
        "the option on the resource: a transform would start Pulumi's own import, which fails.",
    ]
    if model.find_by:
        criteria = " or ".join(f"`{key}`" for key in model.find_by)
        example = f'{name}.find("…", {model.find_by[0]}="…")'
        paragraphs.insert(
            0,
            f"**Find:** `{example}` looks up the object with this {criteria} once, at `pulumi up`. "
            "None or several is an error that lists the existing objects. Until then, its id is "
            "unknown in previews. It is never changed or deleted.",
        )
    else:
        paragraphs.append(f"There is no `find`: the name of an {model.label} is not unique.")
    return "\n\n".join(paragraphs)


def _outputs(own: Kind) -> str:
    text = "`id`, and every argument under its own name, as declared (`None` if undeclared)."
    if own.model.find_by:
        text += f" After `find`: `id` and `{own.field}`."
    return f"{text} After `get`: `id`, and every field that is set and not secret."


def _noun(model: type[Part]) -> str:
    return model.__name__.removesuffix("Model")
