"""Saved drafts are kept for 30 days after the last change, and then gone with everything that belongs to them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from applications import drafts
from applications.models import Application, Draft, UploadedFile
from core import audit, clock
from core.context import Context
from core.database import EVERYONE
from core.errors import NotFound
from signing.models import SigningCode
from signing.service import request_code
from tests.factories.applications import MIHON, NONCE, SIGNS, TAX, TOKYO, filed, fill, publish
from web import jobs


def test_a_draft_is_forgotten_after_thirty_days_with_files_and_codes(ctx: Context) -> None:
    publish(ctx)
    with clock.shifted(-timedelta(days=30, minutes=1)):
        with ctx.database.writing(MIHON) as session:
            old, _document = fill(session, ctx, SIGNS)
        with ctx.database.writing(TOKYO) as session:
            codes, document = fill(session, ctx, TAX)
            request_code(session, ctx, codes, document, NONCE)
        case = filed(ctx, SIGNS).application
    with clock.shifted(-timedelta(days=29)), ctx.database.writing(MIHON) as session:
        young, _document = fill(session, ctx, SIGNS)
    with ctx.database.reading(EVERYONE) as session:
        rows = list(session.scalars(sa.select(UploadedFile)))
    assert jobs.forget(ctx) == 2
    assert jobs.forget(ctx) == 0
    with ctx.database.reading(MIHON) as session:
        with pytest.raises(NotFound):
            drafts.load(session, ctx, old.id)
        assert drafts.load(session, ctx, young.id)[1].files
        assert session.get(Application, case.id)
        assert session.scalar(sa.select(Draft.id).where(Draft.filed_as == case.id)), "filing again finds it"
        assert not list(audit.verify(session, MIHON))
    with ctx.database.reading(EVERYONE) as session:
        assert session.scalars(sa.select(SigningCode.draft_id)).all() == []
        kept = set(session.scalars(sa.select(UploadedFile.id)))
    for row in rows:
        assert (row.id in kept) is (row.draft_id != old.id)
        if row.id in kept:
            ctx.files.open(row.storage_key).close()
        else:
            with pytest.raises(NotFound):
                ctx.files.open(row.storage_key)
