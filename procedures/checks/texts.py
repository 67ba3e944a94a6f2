"""Texts: labels tell questions apart, and every language has them."""

from collections.abc import Iterator

from procedures.checks.subject import Found, Subject
from procedures.definition import FieldDefinition
from procedures.expressions.checker import did_you_mean
from procedures.yaml_reader import Path
from translations.languages import LANGUAGES
from translations.procedures import texts, translated, translations_for


NOT_FOR_APPLICANTS = ("workflow.", "examples.")
"""Where texts begin that need no translation."""


def labels(subject: Subject) -> Iterator[Found]:
    """Two questions on one page have two labels; a group's rows are looked at for themselves."""
    for index, page in enumerate(subject.procedure.pages):
        yield from _labels(page.fields, ("pages", index, "fields"))
        for place, field in enumerate(page.fields):
            yield from _labels(field.subfields(), ("pages", index, "fields", place, "fields"))


def _labels(fields: tuple[FieldDefinition, ...], path: Path) -> Iterator[Found]:
    seen: dict[str, str] = {}
    for place, field in enumerate(fields):
        label = field.own_label()
        if label is None:
            continue
        text = str(label)
        if text in seen:
            message = f"'{field.id}' and '{seen[text]}' have the same label on one page"
            at = (*path, place, "label" if field.label else "id")
            yield Found(at, "same-label", message, "say what makes them different")
        seen[text] = field.id


def languages(subject: Subject) -> Iterator[Found]:
    """Each text has the language of the file, and no language the house does not know."""
    own = subject.procedure.language
    if own not in LANGUAGES:
        yield Found(("language",), "unknown-language", f"no language '{own}'", _known_languages(own))
        return
    for path, text in subject.texts:
        for tag in text.languages:
            if tag not in LANGUAGES:
                at = (*path, tag)
                yield Found(
                    at, "unknown-language", f"no language '{tag}'", _known_languages(tag), on_key=True
                )
        if own not in text.languages:
            hint = f"add `{own}: …`: it is the language of the file"
            yield Found(path, "no-source", f"this text is missing in {LANGUAGES[own].name}", hint)


def _known_languages(tag: str) -> str:
    return did_you_mean(tag, LANGUAGES) or f"languages: {', '.join(LANGUAGES)}"


def missing_translations(subject: Subject) -> Iterator[Found]:
    """A warning for each language that lacks texts, with its share and the first of them."""
    found = translations_for(subject.procedure.department, subject.procedure.procedure)
    everything = [
        (path, text)
        for path, text in texts(translated(subject.procedure, found))
        if not path.startswith(NOT_FOR_APPLICANTS)
    ]
    for tag, language in LANGUAGES.items():
        missing = [path for path, text in everything if tag not in text.languages]
        if missing:
            share = 100 * (len(everything) - len(missing)) // len(everything)
            first = ", ".join(missing[:3]) + (", …" if len(missing) > 3 else "")
            message = f"{language.name}: {share} % translated, {len(missing)} texts missing"
            yield Found(("language",), "untranslated", message, first, severity="warning")


def demanded_languages(subject: Subject) -> Iterator[Found]:
    """The file says how much of it must be translated; a stale translation does not count."""
    demanded = subject.procedure.languages
    if not demanded:
        return
    found = translations_for(subject.procedure.department, subject.procedure.procedure)
    everything = [
        text
        for path, text in texts(translated(subject.procedure, found))
        if not path.startswith(NOT_FOR_APPLICANTS)
    ]
    for tag, percent in demanded.items():
        at: Path = ("languages", tag)
        if tag not in LANGUAGES:
            yield Found(at, "unknown-language", f"no language '{tag}'", _known_languages(tag), on_key=True)
            continue
        done = sum(tag in text.languages for text in everything)
        if 100 * done < percent * len(everything):
            share = 100 * done // len(everything)
            message = f"{LANGUAGES[tag].name}: {share} % translated, but {percent} % are demanded"
            hint = f"translate it: flask translations export --language {tag}, or demand less"
            yield Found(at, "too-little-translated", message, hint)


CHECKS = (labels, languages, missing_translations, demanded_languages)
