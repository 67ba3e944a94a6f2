"""The parts of the measurement, each beside what it is compared with."""

import os
import random
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from core.context import Context
from core.database import EVERYONE
from core.settings import ROOT, Settings
from procedures import search, versions
from procedures.checks import check_file
from procedures.compiling import Compiled, check_files, compile_files
from procedures.definition import Procedure
from procedures.finding.folding import fold
from procedures.models import Listing, ProcedureVersion, Publication
from procedures.versions import publish_compiled
from tools.bench.catalogue.queries import queries
from tools.bench.catalogue.table import Table, Took, timed, timed_with_children
from web import schema
from web.preparing import prepare


def checking(table: Table, files: Sequence[Path]) -> list[Compiled]:
    """`procedures check` of a thousand files, beside one process that checks two hundred; then compiling all."""
    _, one = timed(lambda: [check_file(path) for path in files[:200]])
    problems, many = timed_with_children(lambda: check_files(files[:1000]))
    errors = sum(problem.severity == "error" for problem in problems)
    table.add("check 1,000 files", f"{many}, {errors} errors; one process: {one.cpu * 5:.1f} s of CPU")
    made, took = timed_with_children(lambda: compile_files(files))
    table.add(f"check and compile {len(files):,} files", str(took))
    return made


def on_database(
    table: Table, folder: Path, url: str, files: Sequence[Path], compiled: Sequence[Compiled], number: int
) -> None:
    """Publish, start, look up and search on one database."""
    catalogue = folder / "catalogue"
    made = Context(Settings(data_dir=folder, database_url=url, catalogue_dir=catalogue, rate_limits=False))
    schema.upgrade(made.database)
    changed, took = timed_with_children(lambda: publish_compiled(made.database, catalogue, compiled))
    table.add(f"write {len(changed):,} compiled procedures", str(took))
    _, took = timed_with_children(lambda: prepare(made))
    table.add("prepare a start, nothing changed", str(took))
    with files[0].open("a") as file:
        file.write("# changed\n")
    _, took = timed_with_children(lambda: versions.publish_catalogue(made.database, catalogue))
    table.add("publish the catalogue, one file changed", str(took))
    _web_process(table, made)
    _looking_up(table, made)
    _searching(table, made, number)
    made.database.dispose()


def _web_process(table: Table, ctx: Context) -> None:
    settings = ctx.settings
    environment = {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "MADOGUCHI_DATABASE_URL": settings.sqlalchemy_url,
        "MADOGUCHI_CATALOGUE_DIR": str(settings.catalogue_dir),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.catalogue.process"],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for line in done.stdout.splitlines():
        what, _, figure = line.partition("|")
        table.add(what, figure)


def _looking_up(table: Table, ctx: Context) -> None:
    with ctx.database.reading(EVERYONE) as session:
        some = session.execute(
            sa.select(Publication.organisation_id, Publication.procedure_id, Publication.digest)
        ).all()
    cold, again, rows, models = [], [], [], []
    for owner, name, digest in random.Random(3).sample(list(some), min(len(some), versions.KEPT - 100)):
        query = sa.select(ProcedureVersion.compiled).where(ProcedureVersion.digest == digest)
        with ctx.database.reading(owner) as session:
            text, took = timed(partial(session.scalar, query))
        rows.append(took)
        models.append(timed(partial(Procedure.model_validate_json, str(text)))[1])
        with ctx.database.reading(owner) as session:
            cold.append(timed(partial(versions.current, session, name))[1])
            again.append(timed(partial(versions.get, session, digest))[1])
    table.times("look up the current version, cold", cold)
    table.times("… reading one row", rows)
    table.times("… making the definition of its JSON", models)
    table.times("look up a version, warm", again)


def _searching(table: Table, ctx: Context, number: int) -> None:
    sorts: dict[str, list[Took]] = {}
    nothing: dict[str, int] = {}
    baseline: list[Took] = []
    with ctx.database.reading(EVERYONE) as session:
        search.find(session, "ja", "見本")
        for place, (sort, words) in enumerate(queries(number)):
            found, took = timed(partial(search.find, session, "ja", words))
            sorts.setdefault(sort, []).append(took)
            nothing[sort] = nothing.get(sort, 0) + (not found.total)
            if place % 15 == 4:
                baseline.append(timed(partial(_by_like, ctx, words))[1])
        table.times("search, all sorts of words", [took for times in sorts.values() for took in times])
        for sort, times in sorts.items():
            table.times(f"… {sort} ({nothing[sort]} of {len(times)} found nothing)", times)
        table.times("LIKE on titles in the database (no ranks, no typing errors)", baseline)
        table.times(
            "the first page of everything", [timed(partial(search.find, session, "en"))[1] for _ in range(30)]
        )
        guided = partial(search.find, session, "en", tags=("for:resident", "event:moving", "who:older"))
        table.times("three answers of the guide, with counts", [timed(guided)[1] for _ in range(30)])


def _by_like(ctx: Context, words: str) -> int:
    conditions = [Listing.titles.contains(word, autoescape=True) for word in fold(words).split()]
    with ctx.database.reading(EVERYONE) as session:
        return len(session.execute(sa.select(Listing.id).where(*conditions)).all())
