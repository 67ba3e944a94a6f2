"""Texts: labels tell questions apart, and every language has them."""

import re
from collections.abc import Iterator
from typing import Final

from core.told import Told, series, tell
from procedures.checks.subject import Found, Subject
from procedures.definition import FieldDefinition
from procedures.expressions.checker import did_you_mean
from procedures.yaml_reader import Path
from translations.languages import LANGUAGES
from translations.procedures import stale, texts, translated, translations_for
from translations.text import Text

_DIFFERENT: Final = tell("say what makes them different")
_LISTED: Final = 5
_IRREGULAR: Final = {"children": "child", "people": "person", "men": "man", "women": "woman"}
_ENDINGS: Final = (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x"), ("s", ""))
NOT_FOR_APPLICANTS: Final = ("workflow.", "examples.")
"""Where texts begin that need no translation."""


def labels(subject: Subject) -> Iterator[Found]:
    """Two questions on one page, two answers to one question and two attachments have two labels.

    The rows of a group are looked at for themselves.
    """
    for index, page in enumerate(subject.procedure.pages):
        path: Path = ("pages", index, "fields")
        yield from _labels(page.fields, path)
        for place, field in enumerate(page.fields):
            yield from _labels(field.subfields(), (*path, place, "fields"))
    files = [(each.id, each.label) for each in subject.procedure.attachments]
    yield from _alike(files, ("attachments",), tell("attachments"))


def _labels(fields: tuple[FieldDefinition, ...], path: Path) -> Iterator[Found]:
    seen: dict[str, str] = {}
    for place, field in enumerate(fields):
        options = [(option.value, option.label) for option in getattr(field, "options", ())]
        yield from _alike(options, (*path, place, "options"), tell("options"))
        label = field.own_label()
        if label is None:
            continue
        text = str(label)
        if text in seen:
            message = tell(
                "'%(id)s' and '%(seen)s' have the same label on one page", id=field.id, seen=seen[text]
            )
            at = (*path, place, "label" if field.label else "id")
            yield Found(at, "same-label", message, _DIFFERENT)
        seen[text] = field.id


def _alike(things: list[tuple[str, Text]], path: Path, kind: Told) -> Iterator[Found]:
    seen: dict[str, str] = {}
    for place, (name, label) in enumerate(things):
        if str(label) in seen:
            text = tell(
                "the %(kind)s '%(name)s' and '%(seen)s' have the same label",
                kind=kind,
                name=name,
                seen=seen[str(label)],
            )
            yield Found((*path, place, "label"), "same-label", text, _DIFFERENT)
        seen[str(label)] = name


def plural_rows(subject: Subject) -> Iterator[Found]:
    """An English label of a group in the plural: each of its rows would be called "Meeting rooms 1"."""
    for index, page in enumerate(subject.procedure.pages):
        for place, field in enumerate(page.fields):
            yield from _plural(field, ("pages", index, "fields", place))
            for inner_place, inner in enumerate(field.subfields()):
                yield from _plural(inner, ("pages", index, "fields", place, "fields", inner_place))


def _plural(field: FieldDefinition, path: Path) -> Iterator[Found]:
    label = field.label.as_dict().get("en") if field.subfields() and field.label else None
    if label is None or getattr(field, "row_label", None) or not (one := singular(label)):
        return
    text = tell("each row is called '%(label)s 1', '%(label)s 2'", label=label)
    hint = tell("say what one is called: `row_label: %(one)s`", one=one)
    yield Found((*path, "label"), "plural-rows", text, hint, severity="warning")


def singular(label: str) -> str | None:
    """The singular of an English plural; none where it seems to be no plural."""
    before, blank, last = label.rpartition(" ")
    if last.lower() in _IRREGULAR:
        one = _IRREGULAR[last.lower()]
        return f"{before}{blank}{one.capitalize() if last.istitle() else one}"
    if not re.search(r"[a-z]{2}(?<![sui])s$", last):
        return None
    ending, single = next(each for each in _ENDINGS if last.endswith(each[0]))
    return f"{before}{blank}{last.removesuffix(ending)}{single}"


def languages(subject: Subject) -> Iterator[Found]:
    """Each text has the language of the file, and no language the house does not know."""
    own = subject.procedure.language
    if own not in LANGUAGES:
        yield Found(
            ("language",), "unknown-language", tell("no language '%(own)s'", own=own), _known_languages(own)
        )
        return
    for path, text in subject.texts:
        for tag in text.languages:
            if tag not in LANGUAGES:
                at = (*path, tag)
                yield Found(
                    at,
                    "unknown-language",
                    tell("no language '%(tag)s'", tag=tag),
                    _known_languages(tag),
                    on_key=True,
                )
        if own not in text.languages:
            hint = tell("add `%(own)s: …`: it is the language of the file", own=own)
            yield Found(
                path, "no-source", tell("this text is missing in %(name)s", name=LANGUAGES[own].name), hint
            )


def _known_languages(tag: str) -> Told:
    return did_you_mean(tag, LANGUAGES) or tell("languages: %(languages)s", languages=", ".join(LANGUAGES))


def missing_translations(subject: Subject) -> Iterator[Found]:
    """A warning for each language that lacks texts or has stale ones, with its share and the first of them.

    Languages that nobody began are named in one.
    """
    department, name = subject.procedure.department, subject.procedure.procedure
    found = translations_for(department, name)
    everything = [
        (path, text)
        for path, text in texts(translated(subject.procedure, found))
        if not path.startswith(NOT_FOR_APPLICANTS)
    ]
    untouched: list[str] = []
    for tag, language in LANGUAGES.items():
        missing = [path for path, text in everything if tag not in text.languages]
        if len(missing) == len(everything) and not stale(department, name, tag):
            untouched.append(language.name)
        elif missing:
            old = stale(department, name, tag) | found.get(tag, {}).keys()
            share = 100 * (len(everything) - len(missing)) // len(everything)
            listed = [tell("%(path)s (stale)", path=path) if path in old else path for path in missing]
            of_them = sum(path in old for path in missing)
            message = tell(
                "%(name)s: %(share)s %% translated, %(missing)s texts missing",
                name=language.name,
                share=share,
                missing=len(missing),
            )
            if of_them:
                message = tell("%(message)s, %(count)s of them stale", message=message, count=of_them)
            first = series([*listed[:_LISTED], *(["…"] if len(listed) > _LISTED else [])])
            lacking = tell("%(texts)s", texts=first)
            yield Found(("language",), "untranslated", message, lacking, severity="warning")
    if untouched:
        message = tell("0 %% translated: %(untouched)s", untouched=", ".join(untouched))
        hint = tell(
            "people read the file's language there; translate, or leave it where you do not offer them"
        )
        yield Found(("language",), "untranslated", message, hint, severity="warning")


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
            yield Found(
                at,
                "unknown-language",
                tell("no language '%(tag)s'", tag=tag),
                _known_languages(tag),
                on_key=True,
            )
            continue
        done = sum(tag in text.languages for text in everything)
        if 100 * done < percent * len(everything):
            share = 100 * done // len(everything)
            message = tell(
                "%(name)s: %(share)s %% translated, but %(percent)s %% are demanded",
                name=LANGUAGES[tag].name,
                share=share,
                percent=percent,
            )
            hint = tell("translate it: flask translations export --language %(tag)s, or demand less", tag=tag)
            yield Found(at, "too-little-translated", message, hint)


CHECKS = (labels, plural_rows, languages, missing_translations, demanded_languages)
