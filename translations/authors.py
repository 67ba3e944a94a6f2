"""What the tools for authors say, in their language: a catalogue of its own, beside that of the pages.

Residents and clerks never read these texts, so they are translated into the languages authors write procedures in.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from core.errors import Message
from core.told import Series, Told
from translations import messages
from translations.languages import fallbacks
from translations.text import Text

DOMAIN: Final = "authors"
TAGS: Final = ("ja",)
"""Languages with a catalogue; readers of others, and of what it lacks, read English."""


def said(text: object, language: str) -> str:
    """`text` for an author who reads `language`; what is no sentence of ours stays as it is."""
    if isinstance(text, Series):
        return text.msgid.join(said(part, language) for part in text.params["parts"])
    if isinstance(text, Told):
        found = catalogue(language).get(text.msgid, text.msgid)
        if not text.params:
            return found
        return found % {name: said(value, language) for name, value in text.params.items()}
    return messages.translate(text, language) if isinstance(text, Message | Text) else str(text)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Translations by English source. Read once a process."""
    texts: dict[str, str] = {}
    for tag in reversed(fallbacks(language)):
        if tag in TAGS:
            texts.update(
                (messages.entry_id(entry), str(forms))
                for entry in messages.read(tag, domain=DOMAIN)
                if entry.id and (forms := messages.entry_forms(entry))
            )
    return texts
