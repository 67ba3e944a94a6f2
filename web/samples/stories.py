"""What becomes of one case: filed, paid, worked on, corrected, decided, rated; or left lying, as cases are."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications import contents, drafts, queries
from applications.filing import Incomplete
from applications.journey import Journey
from applications.models import Draft, UploadedFile
from applications.vault import DraftDocument
from core import clock
from core.outbox import OutboxMessage
from payments import checkout as checkouts
from payments.provider import HasOwnPage, provider
from procedures.versions import Version
from satisfaction import ratings
from signing import service as signing
from web.samples import people
from web.samples.people import Applicant
from web.samples.world import Later, World
from web.settling import settle
from workflows import case as casework
from workflows import cases, correction_page, corrections, desk, engine
from workflows.case import Case
from workflows.engine import Offer

PROVIDER = "demo"
REASONS = (
    "添付された図面の寸法と入力された大きさが合わず、確かめられないためです。",
    "申請の内容が、定められた基準を満たしていないためです。",
    "必要な資格を確かめられなかったためです。",
)
COMMENTS = (
    "過去の例を確かめてください。",
    "図面をもう一度見てください。",
    "担当の意見を書き足してください。",
)
REMARKS = (
    "番号が確かめられません。もう一度入力してください。",
    "書き方を確かめてください。",
    "新しいものに直してください。",
)
OPINIONS = ("わかりやすかったです。", "スマートフォンだけで終わりました。", "言葉がむずかしいところがありました。",
            "次に何をすればよいか、わかりにくかったです。", "待つ時間が長かったです。")  # fmt: skip
MOODS = {"certificate": (4, 5, 5, 4, 3), "permit": (4, 3, 3, 4, 2, 5), "lottery": (2, 3, 1, 3, 4, 2),
         "notification": (4, 5, 4, 3), "booking": (5, 4, 5, 3, 4)}  # fmt: skip
"""Scores to draw from, by kind of procedure."""


@dataclass
class Story:
    """One applicant and their case, told by the methods; each answers what follows and when."""

    world: World
    version: Version
    who: Applicant
    id: str = ""
    lying: bool = False
    """Nobody gets round to it."""

    @property
    def organisation(self) -> str:
        return self.version.organisation_id

    def file(self) -> Iterator[Later]:
        """Fill in, sign and file, as a browser would."""
        ctx, random = self.world.ctx, self.world.random
        document = people.filled(random, self.version.procedure, self.who, clock.today("Asia/Tokyo"))
        try:
            with ctx.database.writing(self.organisation) as session:
                draft = drafts.start(session, ctx, self.version, self.who.language, document)
                self._attach(session, draft, document)
                if self.version.procedure.signature.level != "none":
                    self._sign(session, draft, document)
                self.id = cases.file_application(session, ctx, draft.id).application.id
        except Incomplete:  # somebody else had the place that they wanted to book
            return
        yield from self._rate("submission")
        yield from self.goes_on()

    def _attach(self, session: Session, draft: Draft, document: DraftDocument) -> None:
        for one in Journey(self.version.procedure, document, clock.today("Asia/Tokyo")).attachments:
            content = people.picture(self.world.random, one.id)
            id, ctx = uuid4().hex, self.world.ctx
            stored = contents.keep(ctx, draft.case_key, id, io.BytesIO(content), 2 * len(content) + 1000)
            row = UploadedFile(
                id=id, draft_id=draft.id, attachment=one.id, storage_key=stored.key,
                media_type="image/png", size=stored.size, sha256=stored.sha256, created_at=clock.now(),
            )  # fmt: skip
            session.add(row)
            name = f"見本-{one.id}.png"
            document.files[one.id] = [{"id": row.id, "name": name, "size": row.size, "sha256": row.sha256}]
        session.flush()
        draft.row_version = drafts.save(session, self.world.ctx, draft, document, draft.row_version)

    def _sign(self, session: Session, draft: Draft, document: DraftDocument) -> None:
        """Ask for the code, read it in the mail that is to be sent, type it."""
        ctx = self.world.ctx
        signing.request_code(session, ctx, draft, document, "demonstration")
        session.flush()
        query = sa.select(OutboxMessage.payload).where(
            OutboxMessage.entity.startswith(f"draft:{draft.id}:signing:")
        )
        mail = session.scalars(query).one_or_none()
        code = signing.mailed_code(ctx, draft.id, mail["salt"]) if mail else ""
        signing.confirm(session, ctx, draft, document, "demonstration", code)

    def goes_on(self) -> Iterator[Later]:
        """What happens next, as the case stands."""
        world, random = self.world, self.world.random
        with world.ctx.database.reading(self.organisation) as session:
            case = casework.load(session, world.ctx, self.id)
            facts = casework.facts(session, case)
        if case.application.outcome:
            yield from self._rate("decision")
        elif random.random() < 0.008:
            yield world.after(0.1, 3), self.withdraw
        elif facts.correcting:
            if random.random() < 0.85:
                yield world.after(0.3, 5), self.answer
        elif case.state.payment:
            if random.random() < 0.9:
                yield world.after(0.02, 4), self.pay
            elif case.application.due_at:
                yield case.application.due_at + timedelta(minutes=1), self.expire
        elif not case.state.lottery and not self.lying:
            if random.random() < 0.4 and case.application.assignee_id is None:
                yield world.after(0.02, 0.2), self.assign
            yield world.after(0.2, 3.5), self.step

    def withdraw(self) -> Iterator[Later]:
        """The applicant gives up."""
        if not self._closed():
            with self.world.ctx.database.writing(self.organisation) as session:
                cases.withdraw(session, self.world.ctx, self.id)
        yield from ()

    def pay(self) -> Iterator[Later]:
        """Pay on the provider's page."""
        ctx = self.world.ctx
        with ctx.database.writing(self.organisation) as session:
            checkout = checkouts.reserve(session, self.id, PROVIDER, self.who.language)
            reference = queries.get(session, self.id).reference
        address = ctx.settings.base_url
        started = checkouts.start(ctx, checkout, reference, reference, checkouts.Return(address, address))
        with ctx.database.writing(self.organisation) as session:
            checkouts.record(session, checkout.id, started)
        page = cast(HasOwnPage, provider(PROVIDER))
        for event in page.parse_webhook(ctx, *page.press(ctx, checkout.id, "paid")):
            settle(ctx, PROVIDER, event)
        return self.goes_on()

    def expire(self) -> Iterator[Later]:
        """The deadline passes."""
        with self.world.ctx.database.writing(self.organisation) as session:
            cases.expire(session, self.world.ctx, self.id)
        return self.goes_on()

    def assign(self) -> Iterator[Later]:
        """Somebody takes the case from the queue."""
        reviewer = self.world.clerks[self.organisation]["reviewer"]
        with self.world.ctx.database.writing(self.organisation) as session:
            application = queries.get(session, self.id)
            if not application.outcome:
                desk.assign(session, self.world.ctx, self.id, reviewer, reviewer.id, application.row_version)
        yield from ()

    def step(self) -> Iterator[Later]:
        """A clerk does one of the things that the workflow allows; mostly the one that leads on."""
        world = self.world
        with world.ctx.database.writing(self.organisation) as session:
            case = casework.load(session, world.ctx, self.id)
            ways = self._ways(session, case)
            if ways:
                role, offer = world.random.choices(ways, [_weight(offer) for _, offer in ways])[0]
                self._do(session, case, role, offer)
        if ways:
            return self.goes_on()
        return iter(() if case.application.outcome else [(world.after(2, 5), self.step)])

    def _ways(self, session: Session, case: Case) -> list[tuple[str, Offer]]:
        facts = casework.facts(session, case)
        ways = [
            (role, offer)
            for role in ("reviewer", "chief")
            for offer in engine.allowed(
                case.procedure.workflow,
                facts,
                casework.acting(self.world.clerks[self.organisation][role], case.application.desk),
            )
            if offer.kind in ("step", "correction")
        ]
        return ways if any(offer.kind == "step" for _, offer in ways) else []

    def _do(self, session: Session, case: Case, role: str, offer: Offer) -> None:
        ctx, random = self.world.ctx, self.world.random
        clerk, seen = self.world.clerks[self.organisation][role], case.application.row_version
        if offer.kind == "correction":
            parts, _ = correction_page.correctable(case)
            kinds = ("phone", "text", "address")
            named = [field.id for part in parts for field in part.fields if field.type in kinds]
            remarks = {random.choice(named): random.choice(REMARKS)}
            corrections.request_correction(session, ctx, self.id, clerk, seen, remarks)
            return
        needs = offer.transition.needs
        reason = random.choice(REASONS) if "reason" in needs else ""
        comment = random.choice(COMMENTS) if "comment" in needs else ""
        cases.take(session, ctx, self.id, offer.id, clerk, seen, reason, comment)

    def answer(self) -> Iterator[Later]:
        """The applicant corrects what was named."""
        ctx = self.world.ctx
        if self._closed():
            return iter(())
        with ctx.database.writing(self.organisation) as session:
            form = correction_page.form(session, ctx, self.id)
            raw = dict(form.raw) if form else {}
            if "phone" in raw and form and "phone" in form.remarks:
                raw["phone"] = [f"0901234{self.who.number % 10_000:04d}"]
            corrections.answer_correction(session, ctx, self.id, raw)
        return self.goes_on()

    def _closed(self) -> bool:
        with self.world.ctx.database.reading(self.organisation) as session:
            return queries.get(session, self.id).outcome is not None

    def _rate(self, moment: str) -> Iterable[Later]:
        if self.world.random.random() < 0.45:
            yield self.world.after(0.01, 2), lambda: self.rate(moment)

    def rate(self, moment: str) -> None:
        """Say how it was."""
        random, procedure = self.world.random, self.version.procedure
        if moment not in procedure.satisfaction.ask_after:
            return
        score = random.choice(MOODS.get(procedure.kind, (3, 4)))
        good = score >= 4
        named = [
            name
            for name in ratings.REASONS
            if (name in ("easy", "quick", "clear")) == good and name != "outcome"
        ]
        opinion = random.choice(OPINIONS[:2] if good else OPINIONS[2:]) if random.random() < 0.3 else ""
        feedback = ratings.Feedback(score, random.sample(named, random.randint(1, 2)), opinion)
        with self.world.ctx.database.writing(self.organisation) as session:
            application = queries.get(session, self.id)
            ratings.rate(session, self.world.ctx, application, moment, feedback, self.who.language)


def _weight(offer: Offer) -> float:
    """How often a clerk chooses this: refusing, sending back and asking for corrections are rarer than going on."""
    if offer.kind == "correction":
        return 0.15
    if "reason" in offer.transition.needs:
        return 0.12
    return 0.07 if "comment" in offer.transition.needs else 1.0
