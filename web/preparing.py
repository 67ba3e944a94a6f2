"""What has to be there before the platform runs: keys, tables, the published catalogue. Done at each start."""

from core.context import Context
from core.secrets import Keyring
from core.settings import settings
from procedures import versions
from signing import seal
from web import schema


def prepare(ctx: Context) -> None:
    """Make what is missing under the data folder and in the database."""
    folder = ctx.settings.data_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    Keyring.create(folder / "keys" / "keyring.json", "1")
    if ctx.settings.seal_key is None:
        seal.prepare(folder)
    schema.upgrade(ctx.database)
    versions.publish_catalogue(ctx.database, ctx.settings.catalogue_dir)


if __name__ == "__main__":
    prepare(Context(settings()))
