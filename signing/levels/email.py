"""Confirmation by e-mail: a one-time code shows that whoever files can read the mails of the address given.

The code is bound to the draft, to its content, to the address and to the browser; it works once, for ten minutes and
five tries. While it is good for what is asked, a new one can be had once a minute; anyway five times an hour. An
address gets ten an hour that are not typed, for whatever drafts: nobody floods somebody else's letterbox.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from applications.models import Draft
from core import clock, codes, outbox
from core.context import Context
from core.database import Prepared, table_of
from core.errors import Message, Refused, message, plural
from core.secrets import same
from signing.level import CODE_PURPOSE, Check, SignatureLevel, Signing, TooMany, TooSoon
from signing.models import SigningCode

_THIS = SigningCode.draft_id == sa.bindparam("draft")
_HOLD = Prepared(sa.select(Draft.id).where(Draft.id == sa.bindparam("draft")).with_for_update())
_OUT = Prepared(
    sa.select(
        SigningCode.digest,
        SigningCode.browser,
        SigningCode.sent_at,
        SigningCode.sent_count,
        SigningCode.counted_from,
        SigningCode.expires_at,
        SigningCode.attempts,
    ).where(_THIS)
)
_SENT = Prepared(
    sa.select(sa.func.sum(SigningCode.sent_count)).where(
        SigningCode.address_hash == sa.bindparam("address"), SigningCode.sent_at > sa.bindparam("since")
    )
)
_SEND = Prepared(sa.insert(table_of(SigningCode)))
_RENEW = Prepared(sa.update(table_of(SigningCode)).where(_THIS))
_TRY = Prepared(
    sa.update(table_of(SigningCode))
    .where(_THIS, SigningCode.attempts < codes.ATTEMPTS)
    .values(attempts=SigningCode.attempts + 1)
    .returning(
        SigningCode.code_hash,
        SigningCode.digest,
        SigningCode.browser,
        SigningCode.expires_at,
        SigningCode.attempts,
    )
)
_USED = Prepared(sa.delete(table_of(SigningCode)).where(_THIS))


class EmailSignature(SignatureLevel):
    """A code by e-mail, typed back."""

    name = "email"
    label = message("You sign with a code that we send to your e-mail address.")
    signed = message("Signed with a code sent by e-mail")
    asks_code = True

    def begin(self, session: Session, ctx: Context, signing: Signing) -> None:
        """Mail a fresh code; the one before it ends. Raises `Refused` without an address, `TooSoon`, `TooMany`."""
        if not signing.email:
            raise Refused(message("Enter an e-mail address in the form, so that we can send you a code."))
        now, draft = clock.now(), signing.draft
        # a double click asks twice at once, when there is no row of the code yet that could be locked
        _HOLD.run(session, draft=draft.id)
        before = _OUT.run(session, draft=draft.id).one_or_none()
        browser = _browser(ctx, signing)
        digest = signing.content.digest
        usable = (
            before is not None
            and (before.digest, before.browser) == (digest, browser)
            and before.expires_at > now
            and before.attempts < codes.ATTEMPTS
        )
        counted_from, count = _count(before, usable)
        address = ctx.keyring.blind("signing-address", signing.email.strip().casefold())
        if (
            _SENT.run(session, address=address, since=now - codes.WINDOW).scalar() or 0
        ) >= codes.MOST_FOR_ADDRESS:
            raise TooMany(
                message(
                    "We have sent many codes to this address already. What you filled in is saved: ask for another "
                    "one in an hour, or enter another address in the form."
                )
            )
        salt = codes.new_salt()
        (_RENEW if before else _SEND).run(
            session,
            **({"draft": draft.id} if before else {"draft_id": draft.id}),
            code_hash=_hash(ctx, signing, codes.code_of(ctx, CODE_PURPOSE, draft.id, salt)),
            digest=digest,
            browser=browser,
            address_hash=address,
            expires_at=now + codes.LIFETIME,
            attempts=0,
            sent_at=now,
            sent_count=count,
            counted_from=counted_from,
        )
        outbox.enqueue(
            session,
            "mail",
            f"draft:{draft.id}:signing:{salt[:12]}",
            {"notice": "signing_code", "draft": draft.id, "salt": salt},
        )

    def check(self, session: Session, ctx: Context, signing: Signing, typed: str) -> Check:
        """Compare the code. Each try is counted before it is judged, so that tries at once count each."""
        id = signing.draft.id
        counted = _TRY.run(session, draft=id).one_or_none()
        if counted is None or counted.expires_at <= clock.now() or counted.browser != _browser(ctx, signing):
            return Check(message("This code is no longer valid. Ask for a new one."))
        if counted.digest != signing.content.digest:
            return Check(message("Your answers have changed since the code was sent. Ask for a new one."))
        if not same(counted.code_hash, _hash(ctx, signing, codes.digits(typed))):
            return Check(_wrong(codes.ATTEMPTS - counted.attempts))
        _USED.run(session, draft=id)
        return Check(evidence={"email": signing.email or "", "origin": signing.origin})


def _count(before: sa.Row[Any] | None, usable: bool) -> tuple[datetime, int]:
    """From when and how many codes count, this one included. Raises `TooSoon` or `TooMany` where it is one too many.

    `usable`: the one that is out can be typed here. Nobody waits beside one that cannot.
    """
    now = clock.now()
    if before is None or now - before.counted_from >= codes.WINDOW:
        return now, 1
    if usable and now - before.sent_at < codes.PAUSE:
        raise TooSoon(message("We have just sent you a code. Wait a minute before you ask for another one."))
    if before.sent_count >= codes.MOST_IN_WINDOW:
        refused = TooSoon if usable else TooMany  # nobody waits on the next page where none can be typed
        raise refused(message("We have sent you several codes already. Ask for another one in an hour."))
    return before.counted_from, before.sent_count + 1


def _browser(ctx: Context, signing: Signing) -> bytes:
    return ctx.keyring.blind("signing-browser", signing.nonce)


def _hash(ctx: Context, signing: Signing, code: str) -> bytes:
    bound = f"{signing.nonce}|{ctx.keyring.blind('signing-address', signing.email or '').hex()}"
    return codes.hash_of(ctx, CODE_PURPOSE, signing.draft.id, bound, code)


def _wrong(left: int) -> Message:
    if left <= 0:
        return message("The code was wrong too often. Ask for a new one.")
    return plural(
        "The code is not right. %(count)s try is left.",
        "The code is not right. %(count)s tries are left.",
        count=left,
    )


PLUGIN = EmailSignature()
