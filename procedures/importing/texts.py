"""Texts of a foreign form in the language of the file, with those of its other languages that the house knows."""

import re
from collections.abc import Iterator

from procedures.importing.model import Form, Question, Words
from translations.languages import LANGUAGES

Said = str | dict[str, str]


class Speaker:
    """Says texts in `language` and remembers the languages it had to drop."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.dropped: set[str] = set()
        self._translated = self._bare = self._other = False

    @property
    def mixed(self) -> bool:
        """Whether some texts are in another language than the file's."""
        return self._other or (self._translated and self._bare)

    def own(self, words: Words) -> str:
        """The text in the file's language, else the one the form has."""
        return words.get(self.language) or words.get("") or next(iter(words.values()))

    def say(self, words: Words, otherwise: str = "") -> Said:
        """The text as a procedure file writes it."""
        if not words:
            return otherwise
        self._other = self._other or not (words.get(self.language) or words.get(""))
        self._translated = self._translated or ("" in words and self.language in words)
        self._bare = self._bare or set(words) == {""}
        self.dropped |= {tag for tag in words if tag and tag not in LANGUAGES and tag != self.language}
        others = {tag: text for tag, text in words.items() if tag in LANGUAGES and tag != self.language}
        return {self.language: self.own(words), **others} if others else self.own(words)


def language_of(form: Form) -> str:
    """The language its texts are in, as far as letters tell."""
    tags = [tag for words in _texts(form) for tag in words if tag in LANGUAGES]
    unnamed = "".join(words.get("", "") for words in _texts(form))
    if not unnamed and tags:
        return max(dict.fromkeys(tags), key=tags.count)
    if re.search(r"[\u3041-\u30ff]", unnamed):
        return "ja"
    if re.search(r"[\uac00-\ud7a3]", unnamed):
        return "ko"
    return "ja" if re.search(r"[\u4e00-\u9fff]", unnamed) else "en"


def _texts(form: Form) -> Iterator[Words]:
    parts = [form.title, form.summary, *form.declarations, *(file.label for file in form.files)]
    yield from (words for words in parts if words)
    for page in form.pages:
        yield page.title
        yield from _labels(page.questions)


def _labels(questions: list[Question]) -> Iterator[Words]:
    for question in questions:
        if question.label:
            yield question.label
        yield from _labels(question.fields)
