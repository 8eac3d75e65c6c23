"""Words that eGain's samples use, where its documentation lists none. Pure.

A word that is not known is a warning, since a tenant may know more of them
(docs/vendor-api.md#channel).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..names import closest
from .model import Problem

TEXT_NAMES: Final = (
    "msg_hub_off_hours",
    "msg_hub_retain_and_retry",
    "msg_hub_invalid_content_type_to_customer",
    "msg_hub_invalid_content_type_to_agent",
    "msg_hub_channel_msg_failed",
    "msg_hub_blocked_file_extension",
    "msg_hub_attachment_size_exceeds_limit",
)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
NO_LANGUAGE: Final = "is not written as eGain's samples write a language (en-US)"


def is_language(text: str) -> bool:
    """Return whether a language is written as in eGain's samples: `en-US`, `de`, `zh-Hans-CN`."""
    return _LANGUAGE.fullmatch(text) is not None


KNOWN_TEXTS: Final = ", ".join(f"`{name}`" for name in TEXT_NAMES)


def texts_advice(channel: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the languages and names of a channel's texts that are probably misspelled."""
    field = "l10n_properties"
    texts = channel.get(field)
    for language, named in texts.items() if isinstance(texts, Mapping) else ():
        if isinstance(language, str) and not is_language(language):
            meant = _as_language(language)
            yield (field, language), NO_LANGUAGE + (f"; did you mean {meant}?" if meant else "")
        for name in named if isinstance(named, Mapping) else ():
            if isinstance(name, str) and name not in TEXT_NAMES:
                meant = closest(name, TEXT_NAMES)
                hint = f"did you mean {meant}?" if meant else "sent as written"
                yield (field, language, name), f"is not a text that eGain is known to use; {hint}"


def _as_language(text: str) -> str | None:
    parts = text.replace("_", "-").lower().split("-")
    forms = {2: str.upper, 4: str.capitalize}
    found = "-".join([parts[0], *(forms.get(len(p), str)(p) for p in parts[1:])])
    return found if is_language(found) else None
