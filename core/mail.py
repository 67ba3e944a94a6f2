"""Sending mail: through SMTP, or into a folder where no server is configured (the embedded size)."""

import smtplib
import ssl
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
    """Mails through an SMTP server: ``smtps://[user:password@]host[:port]``, ``smtp://`` with STARTTLS where offered.

    The server's certificate must be good for its name; an authority of one's own is named in ``SSL_CERT_FILE``.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise Misconfigured("MADOGUCHI_MAIL_URL: write smtp://host:port or smtps://user:password@host")
        self._parts, self._sender = parts, sender

    def send(self, mail: Mail) -> None:
        with self._connect() as server:
            server.ehlo()
            if not self._secure and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            if self._parts.username:
                self._log_in(server)
            server.send_message(_message(mail, self._sender))

    @property
    def _secure(self) -> bool:
        return self._parts.scheme == "smtps"

    def _connect(self) -> smtplib.SMTP:
        host, port = self._parts.hostname or "", self._parts.port or (465 if self._secure else 25)
        if self._secure:
            return smtplib.SMTP_SSL(host, port, timeout=20, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=20)

    def _log_in(self, server: smtplib.SMTP) -> None:
        """Only where the connection is encrypted: somebody in between can take the offer of STARTTLS out of it."""
        if not isinstance(server.sock, ssl.SSLSocket):
            raise Misconfigured(
                "MADOGUCHI_MAIL_URL: the mail server does not offer STARTTLS, and a password is sent over "
                "TLS only; write smtps://"
            )
        server.login(unquote(self._parts.username or ""), unquote(self._parts.password or ""))


def mailer(url: str | None, folder: Path, sender: str) -> Mailer:
    """The mailer that the settings ask for."""
    return SmtpMailer(url, sender) if url else FolderMailer(folder, sender)
