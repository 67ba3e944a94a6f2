"""`flask procedures new`: a few questions, and the first file is there."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, get_args

import click

from core.told import Told, series, tell
from procedures.definition import base
from procedures.definition.procedure import Kind
from procedures.starter import Tongue, Wish, short, starter
from web import workplaces
from web.commands.procedures import group
from web.request import context
from web.telling import SPOKEN, Yen, agreed, ask, echo, language, said, sorry

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
    titles = {tag: ask(tell("Title that people read (%(language)s)", language=tag)) for tag in languages}
    department = workplaces.department(folder, languages)
    file = out or folder / department / f"{name}.yaml"
    if file.exists():
        raise sorry(tell("%(file)s is already there", file=file))
    desk = workplaces.desk(folder, department, languages)
    kind = workplaces.listed(tell("Kind"), {kind: _meaning(kind) for kind in get_args(Kind)})
    fee = 0 if kind in ("lottery", "notification") else ask(tell("Fee in yen"), "0", type=Yen())
    item = _item(languages)
    wish = Wish(
        procedure=name,
        department=department,
        kind=kind,
        language=languages[0],
        title=titles.pop(languages[0]),
        desk=desk,
        fee=fee,
        adults=agreed(tell("Only for people aged 18 or over?")),
        others=titles,
        item=item,
        each=bool(fee and item) and agreed(tell("Is the fee for each %(item)s?", item=item[languages[0]])),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(starter(wish, file.resolve()))
    echo(tell("written: %(file)s", file=file))
    for verb, what in NEXT.items():
        command = f"flask --app wsgi procedures {verb} {short(file)}"
        echo(tell("%(what)s: %(command)s", what=what, command=command))


def _item(languages: Sequence[str]) -> dict[str, str]:
    """What is asked about as often as needed, in each language; empty for nothing."""
    question = tell(
        "Do you ask about several people or things? What is one called, e.g. dog; nothing: no (%(language)s)",
        language=languages[0],
    )
    first = ask(question, "")
    if not first:
        return {}
    rest = {tag: ask(tell("The same in %(language)s", language=tag)) for tag in languages[1:]}
    return {languages[0]: first, **rest}


def _meaning(kind: str) -> Told:
    return tell("%(kind)s: %(leads)s", kind=CALLED[kind], leads=LEADS.get(kind, REVIEWED))
