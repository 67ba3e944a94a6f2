"""The language of a page: chosen by link, kept in a cookie, else negotiated; and what templates say things with."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from flask import Flask, Response, g, redirect, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as BaseResponse

from core.errors import Message, message
from translations import dates, furigana
from translations.languages import DEFAULT, LANGUAGES, PSEUDO, Language, find
from translations.messages import translate
from translations.negotiation import negotiate
from translations.text import Name, Phrase, Text
from web.request import context

COOKIE = "language"
READINGS = "readings"
"""Cookie and parameter of the switch of furigana: ``on`` or ``off``."""
YEAR = 365 * 24 * 3600


def offered() -> dict[str, Language]:
    """The languages of this platform by tag; the made-up ones too where they are tried out."""
    return LANGUAGES | PSEUDO if context().settings.test_languages else LANGUAGES


def choose() -> None:
    """Set ``g.language`` from ``?lang=``, the cookie, or what the browser accepts. Unknown tags are passed over.

    ``g.readings`` says whether furigana are shown: yes, until somebody turns them off.
    """
    here, known = g._get_current_object(), offered()
    asked, cookies = request.args.to_dict(), request.cookies.to_dict()
    here.chosen = {}
    if asked.get("lang") in known:
        here.language = here.chosen[COOKIE] = asked["lang"]
    elif cookies.get(COOKIE) in known:
        here.language = cookies[COOKIE]
    else:
        here.language = negotiate(request.headers.get("Accept-Language"), tuple(LANGUAGES))
    if asked.get(READINGS) in ("on", "off"):
        here.chosen[READINGS] = asked[READINGS]
    here.readings = (here.chosen.get(READINGS) or cookies.get(READINGS)) != "off"


def switch(wish: str) -> None:
    """Choose by a pressed button: a language's tag, or ``readings-on`` and ``readings-off``; others change nothing."""
    name, _, value = wish.partition("-")
    if name == READINGS and value in ("on", "off"):
        g.chosen[READINGS] = value
    elif wish in offered():
        g.language = g.chosen[COOKIE] = wish


def switch_language(target: str, pressed: str) -> BaseResponse:
    """Back to `target` in the language of the pressed button (``lang:en``, ``lang:readings-off``)."""
    switch(pressed.removeprefix("lang:"))
    return redirect(target, 303)


def keep(response: Response) -> Response:
    """Keep what was chosen, and tell caches what the answer depended on."""
    here = g._get_current_object()
    for name, value in here.get("chosen", {}).items():
        secure = request.is_secure
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)
    response.headers["Content-Language"] = here.get("language", DEFAULT)
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def text(thing: Text | Phrase | None) -> Markup:
    """A procedure's text for this reader, furigana as ruby, marked where it is in another language than the page."""
    if thing is None:
        return Markup("")
    here = g._get_current_object()
    language = here.language
    phrase = thing.phrase(language) if isinstance(thing, Text) else thing
    _meet(phrase.text)
    html = _html(phrase.text, here.get("readings", True))
    if phrase.language in ("", language) or (language == "ja-simple" and phrase.language == "ja"):
        return html
    if isinstance(thing, Name):
        return Markup('<span lang="{}" translate="no">{}</span>').format(phrase.language, html)
    here.setdefault("foreign", {})[phrase.language] = None
    return Markup('<span lang="{}">{}</span>').format(phrase.language, html)


def beside(thing: Any, language: str | None) -> Markup:
    """The same in `language` beside it, marked as such; nothing where that says nothing new."""
    if language in (None, g.language) or not isinstance(thing, Text | Message):
        return Markup("")
    other = (
        thing.phrase(language) if isinstance(thing, Text) else Phrase(translate(thing, language), language)
    )
    if other.language != language or other.text == translate(thing, g.language):
        return Markup("")
    return Markup(' <small class="beside" lang="{}" dir="{}">{}</small>').format(
        language, find(language).direction, furigana.strip(other.text)
    )


def _with_readings(text: str) -> Markup:
    """`text` for HTML, with readings where this reader wants them. Not kept: it may hold what a person wrote."""
    _meet(text)
    return furigana.to_html(text if readings_shown() else furigana.strip(text))


def _meet(text: str) -> None:
    if "{" in text and furigana.MARK.search(text):
        g.readings_met = True


@lru_cache(maxsize=8192)
def _html(text: str, readings: bool) -> Markup:
    return furigana.to_html(text if readings else furigana.strip(text))


def say(thing: Any) -> Markup:
    """Anything a page says: an interface message, a procedure's text, or plain text."""
    if isinstance(thing, Text | Phrase):
        return text(thing)
    if isinstance(thing, Message):
        return _with_readings(translate(thing, g.language))
    return escape(thing)


def _(msgid: str, **params: object) -> Markup:
    if not params:
        here = g._get_current_object()
        return _fixed(msgid, here.language, here.get("readings", True))
    return _with_readings(translate(Message(msgid, params), g.language))


@lru_cache(maxsize=8192)
def _fixed(msgid: str, language: str, readings: bool) -> Markup:
    return _html(translate(Message(msgid), language), readings)


def plain_(msgid: str, **params: object) -> str:
    """An interface text without furigana, for titles and attributes."""
    return plain(Message(msgid, params))


def language_url(tag: str) -> str:
    """The present page in the language `tag`."""
    return _page_with("lang", tag)


def readings_url() -> str:
    """The present page with furigana where it has none, and without where it has them."""
    return _page_with(READINGS, "off" if readings_shown() else "on")


def further_query() -> list[tuple[str, str]]:
    """What the present address says besides language and furigana."""
    return [(k, v) for k, v in request.args.items(multi=True) if k not in ("lang", READINGS)]


def _page_with(name: str, value: str) -> str:
    return "?" + urlencode([*further_query(), (name, value)])


def readings_shown() -> bool:
    """Whether this reader wants furigana."""
    return bool(g.get("readings", True))


Met = tuple[tuple[str, ...], bool]
"""What a piece of a page holds: texts in other languages than its own, furigana."""


def rendered(render: Callable[[], Markup]) -> tuple[Markup, Met]:
    """What `render` gives and what was met in it, for a piece of a page that is kept; see `met_again`."""
    before = g.pop("foreign", {}), g.pop("readings_met", False)
    piece = render()
    met = tuple(g.pop("foreign", {})), bool(g.pop("readings_met", False))
    g.foreign, g.readings_met = before
    return piece, met


def met_again(met: Met) -> None:
    """A kept piece is shown again: the page holds what it held."""
    foreign, readings = met
    g.setdefault("foreign", {}).update(dict.fromkeys(foreign))
    g.readings_met = readings or g.get("readings_met", False)


def has_readings() -> bool:
    """Whether a switch of furigana makes sense: plain Japanese always has them, other Japanese where it was met."""
    return bool(g.language == "ja-simple" or (g.language == "ja" and g.get("readings_met")))


def foreign_languages() -> list[str]:
    """The languages other than the page's that texts met so far are in, by their names in the page's."""
    locale = find(g.language).locale
    return [str(Locale.parse(find(tag).locale).get_display_name(locale)) for tag in g.get("foreign", ())]


class Read(str):
    """A text with readings: ruby where a template prints it by itself, still marked where it becomes part of a text."""

    __slots__ = ()

    def __html__(self) -> str:
        return _html(str(self), readings_shown())


def _aloud(written: str) -> str:
    """A day, a moment or an amount as this reader gets it: in plain Japanese with readings, as all of its texts."""
    return Read(dates.read_aloud(written)) if g.language == "ja-simple" else written


def plain(thing: Any) -> str:
    """The same as text without furigana, for titles and attributes."""
    return (
        furigana.strip(translate(thing, g.language))
        if isinstance(thing, Message | Text | Phrase)
        else str(thing)
    )


DURATIONS = {
    "working day": message("%(number)s working days"),
    "day": message("%(number)s days"),
    "week": message("%(number)s weeks"),
    "month": message("%(number)s months"),
    "year": message("%(number)s years"),
}


ONE = {
    "working day": message("one working day"),
    "day": message("one day"),
    "week": message("one week"),
    "month": message("one month"),
    "year": message("one year"),
}


UNSPACED = ("ja", "zh")
"""Languages that put nothing between two sentences."""


def duration(written: str) -> Markup:
    """A span of time as definitions write it (``3 working days``) in the reader's words."""
    number, _space, unit = written.partition(" ")
    unit = unit.removesuffix("s")
    return _(ONE[unit].msgid) if number == "1" else _(DURATIONS[unit].msgid, number=number)


def install(app: Flask) -> None:
    """Hook the choice into `app` and give templates their words."""
    app.before_request(choose)
    app.after_request(keep)
    app.jinja_env.globals.update(
        _=_,
        text=text,
        say=say,
        plain=plain,
        duration=duration,
        plain_=plain_,
        language_url=language_url,
        further_query=further_query,
        languages=LANGUAGES,
        offered_languages=offered,
        language_of=find,
        current_language=lambda: find(g.language),
        between=lambda: "" if g.language.startswith(UNSPACED) else " ",
        beside=beside,
        has_readings=has_readings,
        readings_shown=readings_shown,
        readings_url=readings_url,
        foreign_languages=foreign_languages,
        date_text=lambda day: _aloud(dates.format_date(day, g.language)),
        weekday_text=lambda day: dates.format_weekday(day, g.language),
        moment_text=lambda moment, zone="Asia/Tokyo": _aloud(dates.format_datetime(moment, g.language, zone)),
        points=dates.format_points,
        yen=lambda amount: _aloud(dates.format_money(amount, g.language)),
    )
    app.jinja_env.tests["day"] = lambda value: isinstance(value, date) and not isinstance(value, datetime)
