"""`flask procedures new`: a few questions, and the first file is there."""

import re
from pathlib import Path
from typing import Any, Final, get_args

import click

from core.told import Told, series, tell
from procedures.checks.texts import singular
from procedures.definition import base
from procedures.definition.procedure import Kind
from procedures.starter import Wish, short, starter
from procedures.starter_texts import Tongue
from web import workplaces
from web.commands.procedures import group
from web.request import context
from web.telling import SPOKEN, Yen, agreed, ask, echo, language, said, sorry, worded

__all__ = ["group"]


class _Slug(click.ParamType[str]):
    """Lower-case words joined by hyphens."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).strip()
        if not re.match(base.SLUG.pattern, text):
            self.fail(
                said(tell("write lower-case words joined by hyphens, e.g. dog-registration")), param, ctx
            )
        return text


class Languages(click.ParamType[tuple[str, ...]]):
    """Languages that sample texts are written in, the first being the original: ``ja,en``."""

    name = "languages"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The tags, each once."""
        tags = dict.fromkeys(re.split(r"[\s,、，]+", str(value).strip().lower()))
        unknown = [tag for tag in tags if tag not in get_args(Tongue)]
        if unknown:
            text = tell(
                "%(languages)s cannot be written here: ja, en, or both: ja,en", languages=series(unknown)
            )
            self.fail(said(text), param, ctx)
        return tuple(tags)


SLUG: Final = _Slug()
REVIEWED: Final = tell("one person drafts, another decides")
LEADS: Final = {
    "certificate": tell("one clerk looks at it and issues the certificate; a fee is paid first"),
    "notification": tell("complete when it arrives"),
    "lottery": tell("a draw decides"),
    "permit": tell(
        "one person drafts, another decides; a fee is paid after the decision, then the permit is issued"
    ),
}
"""What a kind leads to: the workflow that the file begins with."""
CALLED: Final = {
    "permit": tell("permission"),
    "certificate": tell("certificate"),
    "notification": tell("notification"),
    "lottery": tell("lottery"),
    "grant": tell("subsidy or allowance"),
    "contract": tell("contract"),
    "booking": tell("booking"),
    "inspection": tell("inspection"),
    "recruitment": tell("recruitment"),
    "petition": tell("petition"),
}
"""What a kind is called."""
NEXT: Final = {
    "preview": tell("see it"),
    "check": tell("find mistakes"),
    "test": tell("run its examples"),
}


@group.command()
@SPOKEN
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file; none: in the catalogue."
)
def new(out: Path | None) -> None:
    """Ask what is needed and write a commented file that works as it stands."""
    folder = context().settings.catalogue_dir
    name = ask(tell("Name of the procedure in addresses, e.g. dog-registration"), type=SLUG)
    languages = ask(
        tell("Languages of its texts, the original first (%(choices)s)", choices="ja,en"),
        language(),
        type=Languages(),
    )
    titles = worded(tell("Title that people read"), languages)
    workplace = workplaces.Workplace(folder, languages)
    department = workplace.department()
    file = out or folder / department / f"{name}.yaml"
    if file.exists():
        raise sorry(tell("%(file)s is already there", file=file))
    desk = workplace.desk()
    kind = workplaces.listed(tell("Kind"), {kind: _meaning(kind) for kind in get_args(Kind)})
    paid = kind not in ("lottery", "notification")
    fee = _yen(tell("Fee in yen for each copy") if kind == "certificate" else tell("Fee in yen"), paid)
    item = worded(
        tell("Do you ask about several people or things? What is one called, e.g. dog; nothing: no"),
        languages,
        needed=False,
    )
    _say_how_rows_are_called(item.get("en", ""))
    original = languages[0]
    each = _yen(tell("Fee in yen for each %(item)s", item=item.get(original, "")), paid and bool(item))
    question = worded(
        tell("A question of yes or no that leads to more, e.g. Do you want delivery?; nothing: no"),
        languages,
        needed=False,
    )
    wish = Wish(
        procedure=name,
        department=department,
        kind=kind,
        language=original,
        title=titles.pop(original),
        desk=desk,
        fee=fee,
        others=titles,
        item=item,
        each=each,
        question=question,
        extra=_yen(tell("Fee in yen that a yes adds"), paid and bool(question)),
        adults=agreed(tell("Only for people aged 18 or over?")),
    )
    workplace.write()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(starter(wish, file.resolve()))
    echo(tell("written: %(file)s", file=file))
    for verb, what in NEXT.items():
        command = f"flask --app wsgi procedures {verb} {short(file)}"
        echo(tell("%(what)s: %(command)s", what=what, command=command))


def _say_how_rows_are_called(label: str) -> None:
    """A word about a name that seems to be one of several."""
    if singular(label):
        echo(
            tell(
                "'%(label)s' seems to be several: its rows will be called '%(label)s 1', '%(label)s 2'. "
                "`row_label` in the file says what one is called",
                label=label,
            )
        )


def _yen(question: Told, asked: bool) -> int:
    """What is paid, 0 where it is not `asked`."""
    return int(ask(question, "0", type=Yen())) if asked else 0


def _meaning(kind: str) -> Told:
    return tell("%(kind)s: %(leads)s", kind=CALLED[kind], leads=LEADS.get(kind, REVIEWED))
