"""What a tenant or a stack has, in one canonical form, and how two of them differ.

`kinds` are the six (`resources.KINDS`), in the order of creation:

    from egain_pulumi import comparison

    one = comparison.of_tenant({"channel": rows, ...}, kinds, key)   # Document
    other = comparison.of_stack(state, kinds, key)   # state: pulumi stack export
    other = comparison.of_preview(text, kinds)       # text: pulumi preview --json --show-sames
    other = comparison.parse(text, kinds)            # text: an export
    comparison.serialize(one)                        # canonical JSON

    found = comparison.compare(one, other)           # Comparison
    verdict = comparison.judge(found, comparison.allowances(compare_toml, names_of_kinds))
    comparison.text(verdict, names), markdown(...), html(...), document(...)

Objects are matched by kind and name, never by id. The rows of a kind are None if it could not be
read. `key` makes fingerprints of secrets; without
one, a document only says which secrets are set. Pure: no file, no network, no clock.
"""

from .allow import COMPARE_TOML, Allowance, Verdict, allowances, judge
from .build import of_preview, of_stack, of_tenant
from .difference import Comparison, Difference, compare
from .document import FORMAT, Document, Entry, NotAnExport, parse, serialize
from .render import markdown, text
from .render_html import html
from .render_json import document

__all__ = [
    "COMPARE_TOML",
    "FORMAT",
    "Allowance",
    "Comparison",
    "Difference",
    "Document",
    "Entry",
    "NotAnExport",
    "Verdict",
    "allowances",
    "compare",
    "document",
    "html",
    "judge",
    "markdown",
    "of_preview",
    "of_stack",
    "of_tenant",
    "parse",
    "serialize",
    "text",
]
