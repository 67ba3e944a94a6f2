"""Mails about a resident's account: from the platform itself, in a session of `EVERYONE`."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from accounts import email, mandates
from core import codes
from core.context import Context
from core.errors import Message, message
from core.mail import Mail
from translations.dates import format_date
from translations.furigana import in_brackets, strip
from translations.messages import translate
from workflows.notices import NOTICES

MINUTES = int(codes.LIFETIME.total_seconds() // 60)
SENDER = message("Madoguchi")


def compose(session: Session, ctx: Context, payload: Mapping[str, Any], key: str) -> Mail | None:
    """The mail that an outbox row asks for; none where its code is over."""
    if "mandate" in payload:
        return _invitation(session, ctx, payload, key)
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


def written(
    key: str, to: str, language: str, name: str, details: Mapping[str, object], link: str = ""
) -> Mail:
    """The notice `name` as a mail, with `link` under its texts."""
    notice = NOTICES[name]

    def say(part: Message) -> str:
        return translate(Message(part.msgid, details), language)

    parts = [say(notice.happened), *([say(notice.next)] if notice.next else []), *([link] if link else [])]
    body = "\n\n".join([*parts, "-- \n" + say(SENDER)]) + "\n"
    return Mail(key, to, strip(say(notice.subject)), in_brackets(body), language)
