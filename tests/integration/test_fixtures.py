"""The fixtures lend what they promise."""

from pathlib import Path

import redis
import sqlalchemy as sa

from accounts.models import Organisation
from core import audit
from core.context import Context
from core.database import EVERYONE, Database
from core.mail import Mail, mailer
from tests.fixtures.servers import Post


def test_a_database_on_each_engine(database: Database, organisation: str, other_organisation: str) -> None:
    with database.writing(organisation) as session:
        audit.append(session, "test", "test:1", "system")
    with database.reading(EVERYONE) as session:
        assert set(session.scalars(sa.select(Organisation.id))) == {organisation, other_organisation}
        assert list(audit.verify(session, organisation)) == []
        assert audit.length(session, other_organisation) == 0


def test_a_context_has_keys(embedded_ctx: Context) -> None:
    key = embedded_ctx.keyring.new_case_key()
    assert embedded_ctx.keyring.decrypt(key, embedded_ctx.keyring.encrypt(key, b"x", "t"), "t") == b"x"


def test_valkey_is_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def test_the_post_keeps_mails(post: Post, tmp_path: Path) -> None:
    mailer(post.url, tmp_path, "from@example.invalid").send(
        Mail("key", "to@example.invalid", "件名", "本文", "ja")
    )
    assert post.mails[0]["Subject"] == "件名"
