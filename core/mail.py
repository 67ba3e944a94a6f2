"""Sending mail: through SMTP, or into a folder where no server is configured (the embedded size)."""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from core import clock
from core.canonical import sha256_hex
from core.errors import Misconfigured


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One mail. `key` is stable over retries and becomes the Message-ID, so that a mail sent twice shows once."""

    key: str
    to: str
    subject: str
    body: str
    language: str
    attachments: Sequence[Attachment] = field(default=())


class Mailer(Protocol):
    """Something that sends mails."""

    def send(self, mail: Mail) -> None:
        """Hand `mail` over durably, or raise."""


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Date"] = formatdate(clock.now().timestamp())
    message["Message-ID"] = f"<{sha256_hex(mail.key.encode())[:32]}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    for attachment in mail.attachments:
        main, _, sub = attachment.media_type.partition("/")
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)
    message["Content-Language"] = mail.language  # last: setting the content drops headers of this kind
    return message


class FolderMailer:
    """Mails as ``.eml`` files, one per key: for one machine without a mail server, and for looking at them."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder, self._sender = folder, sender

    def send(self, mail: Mail) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        stamp = clock.now().strftime("%Y%m%d-%H%M%S")
        digest = sha256_hex(mail.key.encode())[:12]
        if any(self._folder.glob(f"*-{digest}.eml")):
            return
        partial = self._folder / f"{stamp}-{digest}.partial"
        partial.write_bytes(_message(mail, self._sender).as_bytes())
        partial.rename(partial.with_suffix(".eml"))  # half a mail would count as sent


class SmtpMailer:
    """Mails through an SMTP server: ``smtp://[user:password@]host[:port]`` (STARTTLS where offered) or ``smtps://``."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise Misconfigured("MADOGUCHI_MAIL_URL: write smtp://host:port or smtps://user:password@host")
        self._parts, self._sender = parts, sender

    def send(self, mail: Mail) -> None:
        secure = self._parts.scheme == "smtps"
        port = self._parts.port or (465 if secure else 25)
        connect = smtplib.SMTP_SSL if secure else smtplib.SMTP
        with connect(self._parts.hostname or "", port, timeout=20) as server:
            server.ehlo()
            if not secure and server.has_extn("starttls"):
                server.starttls()
            if self._parts.username:
                server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
            server.send_message(_message(mail, self._sender))


def mailer(url: str | None, folder: Path, sender: str) -> Mailer:
    """The mailer that the settings ask for."""
    return SmtpMailer(url, sender) if url else FolderMailer(folder, sender)
