"""What has to be there before the platform runs: keys, tables, the published catalogue. Done at each start."""

import structlog

from core.context import Context
from core.settings import settings
from procedures import proposals, versions
from signing import seal
from web import demonstration, keys, schema

log = structlog.get_logger()


def prepare(ctx: Context, catalogue: bool = True) -> None:
    """Make what is missing under the data folder and in the database; without `catalogue`, no procedures."""
    folder = ctx.settings.data_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys.make(ctx)
    if ctx.settings.seal_key is None:
        seal.prepare(folder)
    schema.upgrade(ctx.database)
    if ctx.settings.environment == "production" and (ended := demonstration.end(ctx)):
        log.warning("demonstration_ended", clerks=ended)
    if catalogue:
        publish(ctx)
    else:
        versions.publish_catalogue(ctx.database, ctx.settings.catalogue_dir, paths=[])


def publish(ctx: Context) -> None:
    """Publish what is new in the catalogue, but nothing past two people where they are the rule."""
    folder = ctx.settings.catalogue_dir
    paths = proposals.published_at_start(ctx.database, folder)
    versions.publish_catalogue(ctx.database, folder, paths=paths)


if __name__ == "__main__":
    prepare(Context(settings()))
