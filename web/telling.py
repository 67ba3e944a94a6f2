"""How the tools for authors speak: the language, and printing in it."""

import os
import re
from collections.abc import Sequence
from typing import Any, Final
from unicodedata import east_asian_width, normalize

import click

from core.told import Told, tell
from translations import authors
from web.request import context

TONGUES: Final = ("ja", "en")
_CHOSEN: Final = "madoguchi.language"
_TERMINAL: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where POSIX says the language of a terminal, the first one that is set counting."""


def _choose(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.meta[_CHOSEN] = value


_BESIDE_DIGITS: Final = str.maketrans("", "", ",円¥\\ ")
_YES: Final = ("y", "yes", "Y", "はい")
_NO: Final = ("n", "no", "N", "いいえ", "")
_HELP: Final = "The language of what is said; none: MADOGUCHI_LANGUAGE, or Japanese where the terminal is."
_OPTION: Final[dict[str, Any]] = {
    "type": click.Choice(TONGUES),
    "expose_value": False,
    "is_eager": True,
    "callback": _choose,
    "help": _HELP,
}
SPOKEN: Final = click.option("--language", **_OPTION)
"""On every command that speaks, but those whose own `--language` is that of a file's texts."""


def spoken() -> click.Option:
    """The same before the name of the command, for all of them."""
    return click.Option(["--language"], **_OPTION)


def language() -> str:
    """The language asked for, else that of the settings, else Japanese on a Japanese terminal, else English."""
    ctx = click.get_current_context(silent=True)
    chosen: str | None = ctx.meta.get(_CHOSEN) if ctx else None
    return chosen or context().settings.language or of_terminal()


def of_terminal() -> str:
    """Japanese or English, as the terminal says."""
    named = next(filter(None, map(os.environ.get, _TERMINAL)), "")
    return "ja" if named.startswith("ja") else "en"


def said(text: object) -> str:
    """`text` in the author's language."""
    return authors.said(text, language())


def echo(text: object = "", err: bool = False) -> None:
    """Print a sentence in the author's language."""
    click.echo(said(text), err=err)


def padded(text: object, width: int) -> str:
    """`text` with blanks behind it; wide signs count twice, as terminals show them."""
    shown = said(text)
    return shown + " " * (width - sum(1 + (east_asian_width(sign) in "WF") for sign in shown))


def sorry(text: object, status: int = 1) -> click.ClickException:
    """The end of a command, and why; status 2 where it was called in a way that cannot be."""
    return _Sorry(said(tell("Error: %(text)s", text=text)), status)


class _Sorry(click.ClickException):
    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.exit_code = status  # type: ignore[misc] # click declares it for the class

    def show(self, file: Any = None) -> None:  # noqa: ARG002 - as click has it
        click.echo(self.message, err=True)


def ask(question: Told, default: str | None = None, type: click.ParamType[Any] | None = None) -> Any:
    """Ask for a value until it is one of `type`."""
    while True:
        written = click.prompt(said(question), default, show_default=bool(default))
        try:
            return type.convert(written, None, None) if type else written
        except click.BadParameter as wrong:
            echo(tell("Error: %(text)s", text=wrong.message))


def worded(question: Told, languages: Sequence[str], needed: bool = True) -> dict[str, str]:
    """Ask for a text in each of `languages`, all of them on one line (備品 / Equipment) or one by one.

    Empty where nothing is answered to what is not `needed`.
    """
    if len(languages) > 1:
        question = tell("%(question)s (%(languages)s)", question=question, languages=" / ".join(languages))
    answer = str(ask(question, None if needed else "")).strip()
    if not answer:
        return {}
    parts = [part.strip() for part in re.split(r"\s+/\s+|／", answer)] if len(languages) > 1 else [answer]
    if len(parts) != len(languages) or not all(parts):
        parts = [answer]
    rest = languages[len(parts) :]
    return dict(zip(languages, parts, strict=False)) | {
        tag: str(ask(tell("The same in %(language)s", language=tag))) for tag in rest
    }


def agreed(question: Told) -> bool:
    """Ask a question that is answered by y or n; nothing is a no."""
    answer = ask(tell("%(question)s [y/N]", question=question), "", type=OneOf([*_YES, *_NO]))
    return answer in _YES


def insist(question: Told) -> None:
    """Go on only with a y."""
    if not agreed(question):
        raise click.Abort


class OneOf(click.ParamType[str]):
    """One of some words."""

    name = "word"

    def __init__(self, words: list[str]) -> None:
        self._words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word, if it is one of them."""
        if value not in self._words:
            words = ", ".join(filter(None, self._words))
            self.fail(said(tell("'%(value)s' is none of: %(words)s", value=value, words=words)), param, ctx)
        return str(value)


class Yen(click.ParamType[int]):
    """Whole yen, from 0, as people write them: ``2,000円``."""

    name = "yen"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, if it is one."""
        text = normalize("NFKC", str(value)).strip().translate(_BESIDE_DIGITS)
        if not text.isascii() or not text.isdigit():
            self.fail(said(tell("write the yen in digits only, e.g. 300")), param, ctx)
        return int(text)
