"""Five hundred of everything: what a list looks like when it is long, and how long its page takes."""

from collections.abc import Callable, Iterator
from itertools import product
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from accounts import holdings
from applications import drafts
from applications.models import Application
from core.context import Context
from procedures import versions
from satisfaction.models import Rating
from tests.browser.platform import Platform
from tests.factories import draws
from tests.factories.addresses import World
from tests.factories.applications import MIHON, SIGNS, TOKYO, fill, sign, upload
from tests.factories.organisations import DESK, Office
from tools.look.camera import Camera
from workflows import cases, messages
from workflows.messages import Words

MANY = 500
"""Items of what can be long: a queue, a catalogue, a draw, a question's choices."""
STORY = 100
"""Messages and notes of one case."""
DRAFTS = 30
FILES = 20
RATED = 60
"""Procedures that people rated."""
_WORDS = "看板の大きさについて、図面のとおりでよいかどうか教えてください。"
_LONG = _WORDS * 12


def draw(ctx: Context) -> None:
    """Applications of many households for one unit of two dwellings; before the draw is frozen."""
    draws.file(ctx, MANY)


def crowd(ctx: Context, of: Office, filed: list[str]) -> Application:
    """Give the office's account many of the cases `filed` and drafts, and a case with a long story and many files."""
    for _ in range(DRAFTS):
        with ctx.database.writing(of.id) as session:
            draft, _document = fill(session, ctx, SIGNS)
        with ctx.database.writing(of.account) as session:
            holdings.add(session, holdings.DRAFT, of.id, draft.id)
    story = _with_files(ctx)
    with ctx.database.writing(of.account) as session:
        for id in (*filed[:STORY], story.id):
            holdings.add(session, holdings.CASE, of.id, id)
    with ctx.database.writing(of.id) as session:
        for number in range(STORY):
            cases.comment(session, ctx, story.id, of.clerk, f"{number + 1}: {_WORDS}")
            words = Words(f"{number + 1}: {_LONG if number % 7 == 0 else _WORDS}", f"many-{number}")
            messages.by_applicant(session, ctx, story.id, words)
    return story


def _with_files(ctx: Context) -> Application:
    """A case to which as many files were handed in as an attachment may hold, and pictures among them."""
    with ctx.database.writing(MIHON) as session:
        draft, document = fill(session, ctx, SIGNS)
        attachment = versions.current(session, SIGNS).procedure.attachments[0]
        for number in range(FILES):
            kind = "image/jpeg" if number % 2 else "application/pdf"
            file = upload(session, ctx, draft.id, attachment.id, kind)
            document.files[attachment.id].append(file | {"name": f"{_WORDS[:20]}{number + 1}.pdf"})
        drafts.save(session, ctx, draft, document, draft.row_version)
        sign(session, ctx, draft, document)
        return cases.file_application(session, ctx, draft.id).application


def rate(ctx: Context) -> None:
    """Let people rate many procedures, well and badly; after those are published."""
    with ctx.database.writing(TOKYO) as session:
        ids = session.scalars(sa.select(Application.id).limit(RATED)).all()
        for (number, id), moment in product(enumerate(ids), ("submission", "decision")):
            version = versions.current(session, f"sample-{number}")
            session.add(
                Rating(
                    application_id=id, procedure_id=version.procedure.procedure, version_digest=version.digest,
                    moment=moment, score=number % 5 + 1, language="ja",
                )
            )  # fmt: skip


def pages(
    browser: Browser,
    platform: Platform,
    world: World,
    camera: Camera,
    open_page: Callable[..., Page],
) -> None:
    """Take the long lists and say how long each took the second time."""
    of = world.offices[MIHON]
    people: dict[str, Any] = {
        "clerk": open_page(browser, platform, camera.tag, of.desk(world.app)),
        "resident": open_page(browser, platform, camera.tag, of.holder(world.app)),
        "nobody": open_page(browser, platform, camera.tag, world.app.test_client()),
    }
    for name, who, path in _places(of):
        page = people[who]
        page.goto(path)
        started = perf_counter()
        page.goto(path, wait_until="commit")
        took = perf_counter() - started
        camera.take(page, name)
        print(f"    {took * 1000:.0f} ms, {len(page.content()) // 1000} kB: {path}", flush=True)
    for page in people.values():
        page.context.close()


def _places(of: Office) -> Iterator[tuple[str, str, str]]:
    queue, story = f"/desk/{DESK[of.id]}", of.more["story"]
    yield "queue-first", "clerk", queue
    yield "queue-middle", "clerk", f"{queue}?show=all&page=11"
    yield "case-long", "clerk", f"/desk/cases/{story.id}"
    yield "case-long-middle", "clerk", f"/desk/cases/{story.id}?messages=3"
    yield "my-many", "resident", "/my"
    yield "my-many-later", "resident", "/my?page=5"
    yield "status-long", "resident", f"/status/{story.reference}"
    yield "messages-long", "resident", f"/status/{story.reference}/messages?page=2"
    yield "lotteries-show", "nobody", f"/lotteries/{draws.DRAW}"
    yield "winners-many", "nobody", f"/lotteries/{draws.DRAW}/list?unit=1005"
    yield "waiting-many", "nobody", f"/lotteries/{draws.DRAW}/list?unit=1005&list=waiting"
    yield "satisfaction-many", "nobody", "/satisfaction"
