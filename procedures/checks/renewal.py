"""What a procedure renews: documents that exist and come to an end, and answers that the form takes."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path as FilePath

from core.told import NOTHING, tell
from procedures import calendar, loader, stored
from procedures.checks.subject import Found, Subject
from procedures.definition import Procedure, Renewal
from procedures.definition.renewal import REMINDED
from procedures.expressions.checker import did_you_mean
from procedures.loader import INLINE
from procedures.problems import DefinitionErrors
from procedures.yaml_reader import Path


def documents(subject: Subject) -> Iterator[Found]:
    """Each document that is renewed exists, and is not valid for ever."""
    renew = subject.procedure.renew
    for place, name in enumerate(renew.documents if renew else ()):
        path: Path = ("renew", "documents", place)
        owner, _, id = name.rpartition("/")
        procedure = _procedure(subject, owner)
        if isinstance(procedure, Found):
            yield Found(path, procedure.code, procedure.text, procedure.hint)
        elif procedure is not None:
            yield from _document(path, procedure, id)


def _procedure(subject: Subject, name: str) -> Procedure | Found | None:
    """The procedure that issues the document; none where that cannot be known outside a catalogue."""
    if name in ("", subject.procedure.procedure):
        return subject.procedure
    if subject.loaded.file == INLINE:
        return None
    found = sorted(FilePath(subject.loaded.file).absolute().parent.parent.glob(f"*/{name}.yaml"))
    if not found:
        text, hint = (
            tell("no procedure named '%(name)s'", name=name),
            tell("write `procedure/document`, or `document` of this one"),
        )
        return Found((), "renewed-procedure", text, hint)
    try:
        return loader.load(found[0]).procedure
    except DefinitionErrors:  # told where it stands
        return None


def _document(path: Path, procedure: Procedure, id: str) -> Iterator[Found]:
    known = [document.id for document in procedure.issue]
    if id not in known:
        hint = did_you_mean(id, known) or (
            tell("documents: %(known)s", known=", ".join(known)) if known else NOTHING
        )
        yield Found(
            path,
            "renewed-document",
            tell("'%(procedure)s' issues no document '%(id)s'", procedure=procedure.procedure, id=id),
            hint,
        )
    elif not _ends(procedure, id):
        text = tell("the document '%(id)s' is valid for ever, so nobody renews it", id=id)
        yield Found(path, "no-end", text, tell("add `valid_for: 2 years` to it"))


def _ends(procedure: Procedure, id: str) -> bool:
    document = next(document for document in procedure.issue if document.id == id)
    return bool(document.valid_for) or any(state.expires for state in procedure.workflow.states.values())


def opens(subject: Subject) -> Iterator[Found]:
    """Whoever is reminded can renew at once."""
    renew, day = subject.procedure.renew, date(2026, 1, 1)
    if renew and (calendar.add(day, renew.opens) - day).days < REMINDED:
        text = tell(
            "holders are reminded %(reminded)s days before the end, and could not renew then",
            reminded=REMINDED,
        )
        yield Found(
            ("renew", "opens"),
            "renewal-late",
            text,
            tell("write `opens: %(reminded)s days` or more", reminded=REMINDED),
        )


def answers(subject: Subject) -> Iterator[Found]:
    """What follows from renewing, or is asked again, is a question of this form; each answer is one of its field."""
    renew = subject.procedure.renew
    if renew is None:
        return
    known = [field.id for field in subject.procedure.fields()]
    named: list[tuple[Path, str]] = [(("renew", "answers", id), id) for id in renew.answers]
    named += [(("renew", "ask_again", place), id) for place, id in enumerate(renew.ask_again)]
    for path, id in named:
        if id not in known:
            hint = did_you_mean(id, known)
            yield Found(
                path,
                "renewal-field",
                tell("no field named '%(id)s'", id=id),
                hint,
                on_key=path[1] == "answers",
            )
    yield from _wrong_answers(subject.procedure, renew)


def _wrong_answers(procedure: Procedure, renew: Renewal) -> Iterator[Found]:
    for id, written in renew.answers.items():
        field = procedure.field(id)
        if field is None:
            continue
        path: Path = ("renew", "answers", id)
        if field.subfields():
            yield Found(
                path,
                "renewal-answer",
                tell("'%(id)s' is a group: its rows cannot follow from renewing", id=id),
            )
            continue
        options = [option.value for option in getattr(field, "options", None) or ()]
        try:
            answer = stored.as_stored(field, written)
        except ValueError as error:
            yield Found(path, "renewal-answer", tell("'%(name)s': %(error)s", name=id, error=error.args[0]))
            continue
        wrong = [one for one in (answer if isinstance(answer, list) else [answer]) if one not in options]
        if options and wrong:
            hint = did_you_mean(str(wrong[0]), options) or tell(
                "options: %(options)s", options=", ".join(options)
            )
            yield Found(
                path,
                "renewal-answer",
                tell("'%(id)s' has no option '%(wrong)s'", id=id, wrong=wrong[0]),
                hint,
            )


CHECKS = (documents, opens, answers)
