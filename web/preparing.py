"""What has to be there before the platform runs: keys, tables, the published catalogue. Done at each start."""

from pathlib import Path

import sqlalchemy as sa

from accounts.models import Account
from applications.models import Draft
from core.context import Context
from core.database import EVERYONE
from core.errors import Misconfigured
from core.secrets import Keyring
from core.settings import settings
from procedures import proposals, versions
from signing import seal
from web import schema


def prepare(ctx: Context, catalogue: bool = True) -> None:
    """Make what is missing under the data folder and in the database; without `catalogue`, no procedures."""
    folder = ctx.settings.data_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    make_keys(ctx)
    if ctx.settings.seal_key is None:
        seal.prepare(folder)
    schema.upgrade(ctx.database)
    if catalogue:
        publish(ctx)
    else:
        versions.publish_catalogue(ctx.database, ctx.settings.catalogue_dir, paths=[])


def publish(ctx: Context) -> None:
    """Publish what is new in the catalogue, but nothing past two people where they are the rule."""
    folder = ctx.settings.catalogue_dir
    paths = proposals.published_at_start(ctx.database, folder)
    versions.publish_catalogue(ctx.database, folder, paths=paths)


def make_keys(ctx: Context) -> None:
    """Make the key ring where there is none and nothing that an old one encrypted. Raises `Misconfigured`."""
    ring = ctx.settings.data_dir / "keys" / "keyring.json"
    if ring.exists():
        return
    if _holds_anything(ctx):
        raise Misconfigured(
            f"{ring} is missing, but the database holds what was encrypted with it: copy it from another "
            "machine of this installation or from the back-up"
        )
    Keyring.create(ring, "1")


def _holds_anything(ctx: Context) -> bool:
    url = ctx.database.engine.url
    if url.drivername == "sqlite" and not Path(str(url.database)).exists():
        return False
    tables = sa.inspect(ctx.database.engine)
    keys = [key for key in (Draft.id, Account.account_id) if tables.has_table(key.class_.__tablename__)]
    with ctx.database.reading(EVERYONE) as session:
        return any(session.scalar(sa.select(key).limit(1)) is not None for key in keys)


if __name__ == "__main__":
    prepare(Context(settings()))
