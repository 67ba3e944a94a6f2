"""Filling in a form: one topic a page, whatever is pressed nothing typed is lost."""

from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts import holdings
from applications import drafts, uploads
from applications.journey import CHECK, comes_late, complete_page, keep_raw
from applications.vault import DraftDocument
from applications.windows import Shown, Window, signer
from core import clock
from core.errors import NotFound, Refused, message
from forms import page as form_page
from forms import prefill
from forms.inputs import first
from forms.types import FieldError, Line, Raw, Reading
from forms.whose import told
from procedures import reception, versions
from procedures.definition import Page
from satisfaction.leaving import REASONS
from web import access, acting, again, mine, sent
from web import resident as residents
from web.again import Typed
from web.app import STARTS, limiter
from web.carrying import carry
from web.language import switch_language
from web.opened import Open, change, ended, open_draft
from web.request import context, language, zone

blueprint = Blueprint("apply", __name__, url_prefix="/<organisation_id>/<procedure_id>")
KEEP = "keep"
"""What the page's script presses while somebody types: what stands there is kept, nothing is judged or shown."""
OVERVIEW = "overview"
"""The button to the task list; what stands on the page is kept."""
REFRESH = "refresh"
"""What the page's script presses where further questions follow from an answer."""
TURN = "page:turn"
"""The input by which a page numbers what it sends; no field can be called that."""
SHOWN = "page:shown"
"""The input by which a page says what it showed: see `applications.windows`."""
ELSEWHERE = "X-Elsewhere"
"""Tells the page's script that another window has answered the same questions otherwise."""


@blueprint.post("/start")
@access.public
@limiter.limit(STARTS)
@again.harmless
def start(organisation_id: str, procedure_id: str) -> Response:
    """Begin a draft and open its first page."""
    ctx = context()
    with ctx.database.reading(organisation_id) as db:
        version = versions.current(db, procedure_id)
    if not reception.of(version.procedure, clock.now(), zone(organisation_id)).open:
        raise Refused(message("Applications are not being taken at the moment."))
    document = DraftDocument(acting=acting.chosen(version.procedure, request.form.get("for", "")))
    carry(version.procedure, document, clock.today(zone(organisation_id)))
    with ctx.database.writing(organisation_id) as db:
        draft = drafts.start(db, ctx, version, language(), document)
    opened = Open(organisation_id, draft, document, version)
    if not residents.keep(holdings.DRAFT, organisation_id, draft.id, document.acting.get("mandate")):
        access.remember_draft(draft.id)
    elif prefill.values(version.procedure, mine.stored(ctx, residents.scope(), opened.document.acting)):
        return redirect(url_for("prefill.ask", **opened.address), 303)
    return redirect(opened.url(opened.journey.first_open), 303)


@blueprint.get("/apply/<draft_id>/<page_id>")
@access.applicant
def show(organisation_id: str, procedure_id: str, draft_id: str, page_id: str) -> str | Response:
    """A page of the form, with what was typed before."""
    with context().database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id, page_id)
    if away := elsewhere(opened, page_id):
        return away
    page = opened.version.procedure.page(page_id)
    if page is None:
        raise NotFound("no such page")
    raw = window_of(opened, page).stands
    errors: tuple[FieldError, ...] = ()
    if request.args.get("mend"):
        errors = _read(opened, page, raw).errors
    return render_page(opened, page, raw, errors)


def elsewhere(opened: Open, step: str) -> Response | None:
    """Where to go instead: where the form has ended, and to the first open step where one was skipped."""
    if away := ended(opened):
        return away
    journey = opened.journey
    if step not in journey.steps or not journey.reachable(step):
        return redirect(opened.url(journey.first_open), 303)
    return None


def _reading(opened: Open) -> Reading:
    today = clock.today(zone(opened.organisation_id))
    sent = uploads.known(opened.document.files)
    return Reading(today, opened.journey.values, opened.booked, sent, opened.document.apart)


def window_of(opened: Open, page: Page) -> Window:
    """The page, which may be open in several windows."""
    return Window(opened.document, page, signer(context(), opened.draft.id))


def render_page(
    opened: Open,
    page: Page,
    raw: Raw,
    errors: tuple[FieldError, ...],
    showed: str = "",
) -> str:
    """The page with what stands in its inputs. `showed` is what it says it showed, where it was not made now."""
    window = window_of(opened, page)
    shown = form_page.show(page, raw, opened.document.answers, _reading(opened), errors)
    filled = opened.document.prefill.get("values")
    from_profile = prefill.unchanged(page, filled, raw) if filled else frozenset[str]()
    elsewhere = _elsewhere(opened, page, window)
    return render_template(
        "apply/page.html",
        page=page,
        form=prefill.described(prefill.described(shown, from_profile), elsewhere, "elsewhere"),
        showed=showed or window.written(),
        elsewhere=elsewhere,
        from_profile=from_profile,
        filled_by=opened.document.prefill.get("source"),
        filled_from=opened.document.prefill.get("reference"),
        errors=told(page.fields, raw, errors),
        switch_form="page-form",
        keep_url=url_for("apply.answer", **opened.address, page_id=page.id),
        page_url=opened.url(page.id, change=request.args.get("change")),
        files_url=_files_url(opened, page.id) if shown.takes_files else None,
        **opened.frame(page.id),
    )


def _elsewhere(opened: Open, page: Page, window: Window) -> dict[str, list[Line]]:
    """What was entered in another window and gave way, to be read, by field."""
    beside = window.beside(window.stands)
    if not beside:
        return {}
    raw = {name: values for inputs in beside.values() for name, values in inputs.items()}
    lines = form_page.lines(page, raw, opened.document.answers, _reading(opened), language())
    return {id: lines[id] for id in beside}


def _files_url(opened: Open, page_id: str) -> str:
    """Where a page with questions for files is sent to; whether it was opened for a change stays in the address."""
    change = request.args.get("change")
    return url_for("page_files.answer", **opened.address, page_id=page_id, change=change)


def posted() -> tuple[dict[str, list[str]], str]:
    """What was typed, and the button that was pressed."""
    raw = request.form.to_dict(flat=False)
    pressed = (raw.pop("do", None) or ["next"])[-1]
    for own in ("csrf_token", access.PROOF, TURN):
        raw.pop(own, None)
    return raw, pressed


@dataclass(frozen=True)
class Turn:
    """What came of one press of a button on a page."""

    page: Page
    raw: Raw
    errors: tuple[FieldError, ...] = ()
    unseen: bool = False
    """Whether another window's answer gave way that the page has not shown."""


def take(opened: Open, page_id: str, raw: Raw, pressed: str) -> Turn:
    """Let the document of the draft take what was typed; what is not right yet is kept as it was typed."""
    page = opened.version.procedure.page(page_id)
    if page is None or page_id not in opened.journey.steps:
        raise NotFound("no such page")
    shown, raw = Shown.read(first(raw, SHOWN)), asked(page, raw)
    if comes_late(opened.document, page_id, request.form.get(TURN, "")) and pressed in (KEEP, REFRESH):
        return Turn(page, raw)
    window = window_of(opened, page)
    met = window.meet(raw, shown, lambda raw: _read(opened, page, raw))
    if pressed in (KEEP, OVERVIEW) and _stands(opened, page, met.raw):
        return Turn(page, raw, unseen=window.unseen(shown, met.raw))
    window.put_beside(met)
    turn = _taken(opened, window, met.raw, pressed, window.unseen(shown, met.raw))
    window.remember(met, shown)
    return replace(turn, raw=met.sent) if pressed == REFRESH else turn


def _taken(opened: Open, window: Window, raw: Raw, pressed: str, unseen: bool) -> Turn:
    """Answers are taken over once they are right, and once a page was sent that shows what gave way to them."""
    page = window.page
    if pressed not in ("next", "save"):
        acted, problems = form_page.act(page, raw, pressed)
        keep_raw(opened.document, page, acted)
        return Turn(page, acted, problems, unseen)
    result = _read(opened, page, raw)
    if result.errors or unseen:
        keep_raw(opened.document, page, raw)
    else:
        complete_page(opened.document, page.id, result.answers)
        window.settle()
    return Turn(page, raw, result.errors, unseen)


def _read(opened: Open, page: Page, raw: Raw) -> form_page.PageResult:
    return form_page.read(page, raw, opened.document.answers, _reading(opened))


def _stands(opened: Open, page: Page, raw: Raw) -> bool:
    """Whether these inputs are the answers of a page that is done: keeping them late must not open it again."""
    if page.id not in opened.document.done:
        return False
    result = _read(opened, page, raw)
    known = opened.document.answers
    return not result.errors and all(known.get(id) == answer for id, answer in result.answers.items())


def asked(page: Page, raw: Raw) -> Raw:
    """What belongs to the page's fields (``household-0-income`` to `household`); nobody else's inputs are kept."""
    ids = {field.id for field in page.fields}
    return {name: values for name, values in raw.items() if name.partition("-")[0] in ids}


def as_sent(
    typed: Typed, organisation_id: str, procedure_id: str, draft_id: str, page_id: str
) -> str | Response:
    """The page with what was sent; the draft is not changed."""
    with context().database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id, page_id)
    page = opened.version.procedure.page(page_id)
    if page is None:
        raise NotFound("no such page")
    raw = asked(page, typed.to_dict(flat=False))
    return elsewhere(opened, page_id) or render_page(opened, page, raw, (), typed.get(SHOWN, ""))


@blueprint.post("/apply/<draft_id>/<page_id>")
@access.applicant
@again.shows(as_sent, keeps=True)
def answer(
    organisation_id: str, procedure_id: str, draft_id: str, page_id: str
) -> str | tuple[str, int] | Response:
    """Take what was typed on a page and go on, stay, stop or change the language, as the button says."""
    raw, pressed = posted()
    if not access.holds_draft(draft_id) and residents.lapsed(holdings.DRAFT, draft_id):
        _keep_for_later(organisation_id, draft_id, page_id, raw)
        return redirect(access.to_sign_in(), 303)
    turns: list[Turn] = []
    opened = change(
        organisation_id,
        procedure_id,
        draft_id,
        lambda opened: turns.append(take(opened, page_id, raw, pressed)),
        page_id=page_id,
    )
    return respond(opened, page_id, pressed, turns[-1])


def respond(opened: Open, page_id: str, pressed: str, turn: Turn) -> str | tuple[str, int] | Response:
    """What follows from a button: the next page, the same with what is wrong, or where it leads."""
    if pressed.startswith("lang:"):
        return switch_language(opened.url(page_id), pressed)
    if pressed == KEEP:
        return Response(status=204, headers={ELSEWHERE: "yes"} if turn.unseen else None)
    if opened.late:
        return redirect(url_for("late.show", **opened.address), 303)
    if pressed == "save":
        return redirect(url_for("resume.save", **opened.address), 303)
    if pressed == OVERVIEW:
        return redirect(url_for("overview.show", **opened.address), 303)
    stays = pressed != "next" or turn.unseen
    if stays and not turn.errors and not sent.by_script():  # what is shown can be gone back to
        place = _place(pressed, turn.raw)
        return redirect(opened.url(page_id, change=request.args.get("change"), _anchor=place), 303)
    if pressed != "next":
        return render_page(opened, turn.page, turn.raw, turn.errors)
    if turn.errors or turn.unseen:
        return render_page(opened, turn.page, turn.raw, turn.errors), 422
    return redirect(_onward(opened, page_id), 303)


def _place(pressed: str, raw: Raw) -> str | None:
    """Where on the page it goes on after a button: at what a look-up found, at a new row, at a shorter list."""
    verb, _, target = pressed.partition(":")
    match verb:
        case "lookup":
            return f"{target}-found"
        case "add":
            return "-".join((target, *raw.get(f"{target}-row", ())[-1:]))
        case "remove":
            return target.partition(":")[0]
    return None


def _keep_for_later(organisation_id: str, draft_id: str, page_id: str, raw: Raw) -> None:
    """Keep what was typed while the account's session ended. Nothing of the draft is shown before the next sign-in."""
    ctx = context()
    with ctx.database.writing(organisation_id) as db:
        draft, document = drafts.load(db, ctx, draft_id, lock=True)
        opened = Open(organisation_id, draft, document, versions.get(db, draft.version_digest))
        if page_id in opened.journey.steps and not draft.filed_as:
            take(opened, page_id, raw, KEEP)
            drafts.save(db, ctx, draft, document, draft.row_version)


def _onward(opened: Open, page_id: str) -> str:
    journey = opened.journey
    if journey.unmet:
        return url_for("apply.not_eligible", **opened.address)
    if request.args.get("change"):
        return opened.url(journey.first_open)
    following = journey.after(page_id)
    if following != CHECK and not journey.reachable(following):
        following = journey.first_open
    return opened.url(following)


@blueprint.get("/apply/<draft_id>/not-eligible")
@access.applicant
def not_eligible(organisation_id: str, procedure_id: str, draft_id: str) -> str | Response:
    """Why this person may not apply, and what they can do instead."""
    with context().database.reading(organisation_id) as db:
        opened = open_draft(db, organisation_id, procedure_id, draft_id)
    journey = opened.journey
    if not journey.unmet:
        return redirect(opened.url(journey.first_open), 303)
    mend = journey.to_mend
    return render_template(
        "apply/not_eligible.html",
        unmet=journey.unmet,
        page_id=mend,
        place="not_eligible",
        reasons=REASONS,
        **{**opened.frame(mend), "back": opened.url(mend)},
    )
