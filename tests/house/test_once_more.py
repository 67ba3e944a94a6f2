"""Nothing typed is ever lost: every form of residents can be shown again as it was sent (`web.again`)."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from core.context import Context
from core.settings import ROOT
from web.app import create_app

TEMPLATES = ROOT / "web" / "templates"
RESIDENTS = {"public", "applicant", "resident"}
BUTTONS = {
    "leaving.keep": "a tap on a reason",
    "my.delete": "the tick that says that somebody is sure, to be set once more",
    "pay.begin": "a tap on a way to pay",
}
"""Forms in which nothing is typed, although they send more than which button was pressed."""
_TYPED = re.compile(
    r"request\.form\.(?:get|getlist)\(\s*[\"'](\w+)|request\.(?:form|files)\b|\b(?:posted|typed)\(\)"
)
_INPUT = re.compile(r"<textarea|<select|ui\.text_input\(|fields\.field\(|<input(?![^>]*type=\"hidden\")")
_FORM = re.compile(r"<form\b([^>]*(?:\{\{.*?\}\}[^>]*)*)>(.*?)</form>", re.S)
TAPPED = {
    "catalogue/start.html": "for whom, beside the button",
    "my/delete.html": "the tick of somebody who is sure",
    "verify/form.html": "a file, which no page can keep; the code has a form of its own",
}
OTHERS = {"desk", "sign_in", "authors", "preview", "lotteries"}
"""Folders of clerks' and authors' pages; the look-up of a number has a page that says what was typed."""


@pytest.fixture
def app(embedded_ctx: Context) -> Flask:
    return create_app(embedded_ctx.settings)


def _of_residents(app: Flask) -> Iterator[tuple[str, Callable[..., Any]]]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if "POST" in (rule.methods or ()) and getattr(view, "__access__", "") in RESIDENTS:
            yield rule.endpoint, view


def _reads(view: Callable[..., Any]) -> bool:
    """Whether the view, or what it calls in its module, reads more of the form than the pressed button."""
    function = inspect.unwrap(view)
    module = ast.parse(inspect.getsource(inspect.getmodule(function)))  # type: ignore[arg-type]
    own = {one.name: one for one in module.body if isinstance(one, ast.FunctionDef)}
    seen: set[str] = set()
    waiting = [function.__name__]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in own:
            continue
        seen.add(name)
        body = own[name]
        text = "\n".join(ast.unparse(statement) for statement in body.body)
        if any(found[1] != "do" for found in _TYPED.finditer(text)):
            return True
        called = (node.func for node in ast.walk(body) if isinstance(node, ast.Call))
        waiting += [one.id for one in called if isinstance(one, ast.Name)]
    return False


def test_every_form_of_residents_can_be_shown_again(app: Flask) -> None:
    forgetful = {
        endpoint
        for endpoint, view in _of_residents(app)
        if _reads(view) and not (hasattr(view, "__again__") or hasattr(view, "__harmless__"))
    }
    assert forgetful == set(BUTTONS), "say with `again.shows` how their pages are shown as they were sent"


def test_what_needs_no_token_takes_nothing_that_is_kept(app: Flask) -> None:
    assert {endpoint for endpoint, view in _of_residents(app) if hasattr(view, "__harmless__")} == {
        "apply.start",
        "eligibility.answer",
        "lotteries.show",
        "my_sign_in.out",
        "shared_device.leave",
        "together.begin",
        "verify.upload",
    }


def test_every_form_that_is_shown_again_says_where_it_is_sent_and_changes_its_language() -> None:
    """It is also shown in answer to another address, and a link for the language would drop what was typed."""
    bare = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        folder = path.relative_to(TEMPLATES).parts[0]
        for head, body in _FORM.findall(path.read_text()):
            if folder in OTHERS or 'method="post"' not in head or not _INPUT.search(body):
                continue
            name = str(path.relative_to(TEMPLATES))
            if name in TAPPED:
                continue
            if 'id="page-form"' not in head:
                bare.append(f"{name}: no page-form")
            if folder != "eligibility" and "action=" not in head:
                bare.append(f"{name}: no action")
    assert bare == []
