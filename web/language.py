"""The language of a page: chosen by link, kept in a cookie, else negotiated; and what templates say things with."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, request
from markupsafe import Markup, escape

from core.errors import Message, message
from translations import dates, furigana
from translations.languages import DEFAULT, LANGUAGES
from translations.messages import translate
from translations.negotiation import negotiate
from translations.text import Phrase, Text

COOKIE = "language"
YEAR = 365 * 24 * 3600


def choose() -> None:
    """Set ``g.language`` from ``?lang=``, the cookie, or what the browser accepts. Unknown tags are passed over."""
    asked = request.args.get("lang", "")
    kept = request.cookies.get(COOKIE, "")
    if asked in LANGUAGES:
        g.language, g.language_chosen = asked, True
    elif kept in LANGUAGES:
        g.language = kept
    else:
        g.language = negotiate(request.headers.get("Accept-Language"), tuple(LANGUAGES))


def keep(response: Response) -> Response:
    """Keep a choice made by link, and tell caches what the answer depended on."""
    if g.get("language_chosen"):
        secure = request.is_secure
        response.set_cookie(COOKIE, g.language, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)
    response.headers["Content-Language"] = g.get("language", DEFAULT)
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def text(thing: Text | Phrase | None) -> Markup:
    """A procedure's text for this reader, furigana as ruby, marked where it is in another language than the page."""
    if thing is None:
        return Markup("")
    language = g.language
    phrase = thing.phrase(language) if isinstance(thing, Text) else thing
    html = _html(phrase.text)
    if phrase.language in ("", language) or (language == "ja-simple" and phrase.language == "ja"):
        return html
    return Markup('<span lang="{}">{}</span>').format(phrase.language, html)


_html = lru_cache(maxsize=8192)(furigana.to_html)


def say(thing: Any) -> Markup:
    """Anything a page says: an interface message, a procedure's text, or plain text."""
    if isinstance(thing, Text | Phrase):
        return text(thing)
    if isinstance(thing, Message):
        return furigana.to_html(translate(thing, g.language))
    return escape(thing)


def _(msgid: str, **params: object) -> Markup:
    if not params:
        return _fixed(msgid, g.language)
    return furigana.to_html(translate(Message(msgid, params), g.language))


@lru_cache(maxsize=8192)
def _fixed(msgid: str, language: str) -> Markup:
    return furigana.to_html(translate(Message(msgid), language))


def plain_(msgid: str, **params: object) -> str:
    """An interface text without furigana, for titles and attributes."""
    return plain(Message(msgid, params))


def language_url(tag: str) -> str:
    """The present page in the language `tag`."""
    return "?" + urlencode(
        [*((k, v) for k, v in request.args.items(multi=True) if k != "lang"), ("lang", tag)]
    )


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
        languages=LANGUAGES,
        current_language=lambda: LANGUAGES[g.language],
        date_text=lambda day: dates.format_date(day, g.language),
        weekday_text=lambda day: dates.format_weekday(day, g.language),
        moment_text=lambda moment, zone="Asia/Tokyo": dates.format_datetime(moment, g.language, zone),
        points=dates.format_points,
        yen=lambda amount: dates.format_money(amount, g.language),
    )
    app.jinja_env.tests["day"] = lambda value: isinstance(value, date) and not isinstance(value, datetime)
