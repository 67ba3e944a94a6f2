"""The guide (支援ナビ): three questions that lead to what somebody needs. Answers stand in the address, as tags."""

from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.database import EVERYONE
from core.errors import Message, message
from procedures import search
from web import access
from web.narrowing import GROUPS, Asked
from web.request import context, language

blueprint = Blueprint("guide", __name__, url_prefix="/guide")

QUESTIONS: Final[dict[str, tuple[Message, Message]]] = {
    "for": (message("For whom are you looking?"), message("I do not know")),
    "event": (message("What is it about?"), message("Something else")),
    "who": (message("Does one of these fit you?"), message("None of these")),
}
"""Each question with the answer that narrows nothing."""
OPEN: Final = "any"


@blueprint.get("/")
@access.public
def ask() -> str | Response:
    """The next question that was not answered; after the last one, the list."""
    asked = Asked.of_request()
    answered = [name for name in QUESTIONS if request.args.get(name) in (OPEN, asked.value(name) or OPEN)]
    waiting = [name for name in QUESTIONS if name not in answered]
    if not waiting:
        return redirect(asked.url)
    with context().database.reading(EVERYONE) as db:
        found = search.find(db, language(), tags=asked.tags)
    choices = asked.choices(found, waiting[0])
    if not choices and len(waiting) < len(QUESTIONS):
        return redirect(asked.url)
    name = waiting[0]
    question, otherwise = QUESTIONS[name]
    given = {name: asked.value(name) or OPEN for name in answered}
    return render_template(
        "guide/question.html",
        asked=asked,
        found=found,
        question=question,
        number=len(answered) + 1,
        last=len(QUESTIONS),
        choices=[(words, count, _url(given | {name: value})) for value, words, count in choices],
        otherwise=otherwise,
        skip=_url(given | {name: OPEN}),
        answers=[
            (QUESTIONS[each][0], _answer(each, value), _before(given, each)) for each, value in given.items()
        ],
    )


def _answer(name: str, value: str) -> Message:
    return GROUPS[name].get(value, QUESTIONS[name][1])


def _before(given: dict[str, str], name: str) -> str:
    """The address of the question `name`, with the answers before it."""
    before = list(given)[: list(given).index(name)]
    return _url({each: given[each] for each in before})


def _url(answers: dict[str, str]) -> str:
    return "?".join(filter(None, (url_for("guide.ask"), urlencode(answers))))
