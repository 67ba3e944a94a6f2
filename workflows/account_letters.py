"""Mails about a resident's account: from the platform itself, in a session of `EVERYONE`."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from accounts import email, mandates, notices, organisations, residents, vault
from accounts.models import Suggestion
from core import codes
from core.context import Context
from core.errors import Message, message
from core.mail import Mail
from translations.dates import format_date
from translations.furigana import in_brackets, strip
from translations.messages import translate
from translations.text import Text
from workflows import suggestions
from workflows.notices import NOTICES

SEPARATORS = {"ja": "、", "ja-simple": "、", "zh-Hans": "、", "zh-Hant": "、"}
"""Between the parts of a list."""
MINUTES = int(codes.LIFETIME.total_seconds() // 60)
SENDER = message("Madoguchi")
ABOUT = frozenset(("sign_in", "mandate", "suggestion"))
"""What the payloads of these mails name."""


def compose(session: Session, ctx: Context, payload: Mapping[str, Any], key: str) -> Mail | None:
    """The mail that an outbox row asks for; none where its code is over."""
    if "mandate" in payload:
        return _invitation(session, ctx, payload, key)
    if "suggestion" in payload:
        return _suggestion(session, ctx, payload, key)
    found = email.address_of(session, ctx, payload["sign_in"])
    if found is None:
        return None
    to, language = found
    details = {"code": email.mailed_code(ctx, payload["sign_in"], payload["salt"]), "minutes": MINUTES}
    return written(key, to, language, str(payload["notice"]), details)


def _invitation(session: Session, ctx: Context, payload: Mapping[str, Any], key: str) -> Mail | None:
    found = mandates.invitation(session, ctx, payload["mandate"])
    if found is None:
        return None
    document, expires_on = found
    details = {
        "name": document.mandator,
        "until": format_date(expires_on, document.language),
        "days": mandates.INVITED_FOR.days,
    }
    link = f"{ctx.settings.base_url}/my/mandates"
    return written(key, document.email, document.language, str(payload["notice"]), details, link)


def _suggestion(session: Session, ctx: Context, payload: Mapping[str, Any], key: str) -> Mail | None:
    """About a procedure that may be for the holder; none where they switched it off, or the procedure closed."""
    row = session.get(Suggestion, payload["suggestion"])
    consent = notices.consent_of(session, row.account_id) if row else None
    if row is None or consent is None:
        return None
    account = residents.get(session, row.account_id)
    about, to = notices.read(ctx, account, row), vault.read(ctx, account).email
    names = (about.organisation_id, about.procedure_id)
    found = next((one for one in suggestions.candidates(session) if one.names == names), None)
    if found is None or to is None:
        return None
    reasons = [translate(one, consent.language) for one in suggestions.looked_at(found.procedure)]
    base, procedure = ctx.settings.base_url, found.procedure
    details = {
        "procedure": procedure.title,
        "summary": procedure.summary,
        "organisation": Text(organisations.get(session, about.organisation_id).title),
        "why": SEPARATORS.get(consent.language, ", ").join(reasons),
        "stop": f"{base}/my/notices",
    }
    link = f"{base}/{about.organisation_id}/{about.procedure_id}/"
    return written(key, to, consent.language, str(payload["notice"]), details, link)


def written(
    key: str, to: str, language: str, name: str, details: Mapping[str, object], link: str = ""
) -> Mail:
    """The notice `name` as a mail, with `link` under its texts."""
    notice = NOTICES[name]

    def say(part: Message) -> str:
        return translate(Message(part.msgid, details), language)

    parts = [say(notice.happened), *([say(notice.next)] if notice.next else []), *([link] if link else [])]
    parts += [say(notice.after)] if notice.after else []
    body = "\n\n".join([*parts, "-- \n" + say(SENDER)]) + "\n"
    return Mail(key, to, strip(say(notice.subject)), in_brackets(body), language)
