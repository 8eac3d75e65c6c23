"""What a change does to a hub, and whom it hurts: the report of a preview, for people. Pure.

    from egain_pulumi import hub, review

    plan = hub.preview(text, kinds)
    found = review.review(
        plan, kinds, review.context(text), hub.silences(text_of_reach_toml)
    )

    found.risks                      rows that need a person: what, whom it affects
    found.changes                    what happens to each object, property by property
    found.accounts, found.channels   active accounts that are affected, and their channels
    found.cost                       calls of eGain's API that `pulumi up` will make, and their time
    review.sentence(found)           one sentence in eGain's terms, as `words`
    review.markdown(found)           the report for a pull request, at most `LONGEST` characters
    review.document(found)           the same for programs: `docs/report.schema.json`

Names and values are data that anybody may have written: in Markdown each of them is inside of a
code span, where nothing means anything (`words.code`).
"""

from .analysis import review
from .context import Context, context
from .document import document
from .markdown import LONGEST, markdown
from .markup import marked, plain
from .model import Change, Cost, Property, Review, Risk, Target
from .sentence import sentence

__all__ = [
    "LONGEST",
    "Change",
    "Context",
    "Cost",
    "Property",
    "Review",
    "Risk",
    "Target",
    "context",
    "document",
    "markdown",
    "marked",
    "plain",
    "review",
    "sentence",
]
