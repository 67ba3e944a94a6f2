"""Tables of applicants' signatures and of the codes that are out for one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, OrganisationOwned


class Signature(OrganisationOwned, Base):
    """A signature under an application: what was signed, byte for byte, and how sure it is who signed."""

    __tablename__ = "signatures"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    draft_id: Mapped[str] = mapped_column(sa.String(32), index=True)
    application_id: Mapped[str | None] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    """None until the draft is filed."""
    level: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    address_hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    """HMAC of the address that a code went to."""
    digest: Mapped[str] = mapped_column(sa.String(64))
    """SHA-256 of the signed bytes, in hex."""
    signed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """The signed bytes, encrypted under the case key: see `signing.content`."""
    evidence: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Encrypted JSON of what the level recorded: address, network origin."""


class SigningCode(OrganisationOwned, Base):
    """The one code that is out for a draft. Its row holds a keyed hash; the code itself stands only in the mail."""

    __tablename__ = "signing_codes"

    draft_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    digest: Mapped[str] = mapped_column(sa.String(64))
    """What it is for: SHA-256 of the bytes to be signed."""
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    browser: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    """A keyed hash of the browser that may use it."""
    address_hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), index=True)
    """HMAC of the address that it went to."""
    sent_at: Mapped[datetime]
    sent_count: Mapped[int] = mapped_column(default=1)
    counted_from: Mapped[datetime]
    """When `sent_count` began to count."""
