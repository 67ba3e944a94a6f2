"""What has to be there before the platform runs: keys, tables, the published catalogue. Done at each start."""

import sqlalchemy as sa

from applications.models import Draft
from core.context import Context
from core.database import EVERYONE
from core.errors import Misconfigured
from core.secrets import Keyring
from core.settings import settings
from procedures import versions
from signing import seal
from web import schema


def prepare(ctx: Context) -> None:
    """Make what is missing under the data folder and in the database."""
    folder = ctx.settings.data_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _check_keys(ctx)
    Keyring.create(folder / "keys" / "keyring.json", "1")
    if ctx.settings.seal_key is None:
        seal.prepare(folder)
    schema.upgrade(ctx.database)
    versions.publish_catalogue(ctx.database, ctx.settings.catalogue_dir)


def _check_keys(ctx: Context) -> None:
    """A new key ring beside old cases would leave them unreadable: refuse, and say what to do."""
    ring = ctx.settings.data_dir / "keys" / "keyring.json"
    if ring.exists() or not sa.inspect(ctx.database.engine).has_table(Draft.__tablename__):
        return
    with ctx.database.reading(EVERYONE) as session:
        if session.scalar(sa.select(Draft.id).limit(1)):
            raise Misconfigured(
                f"{ring} is missing, but the database holds what was encrypted with it: copy it from another "
                "machine of this installation or from the back-up"
            )


if __name__ == "__main__":
    prepare(Context(settings()))
