"""A published version keeps the table it was published with, and people choose from it on a page."""

from pathlib import Path

from core.context import Context
from forms import page as form_page
from forms.types import Reading
from procedures import loader, versions
from procedures.values import Values
from tests.factories.fields import TODAY
from tests.unit.test_tables import ROWS, written


def _publish(ctx: Context, organisation: str, path: Path) -> str:
    with ctx.database.writing(organisation) as session:
        return versions.publish(session, loader.load(path), "command")


def _offered(ctx: Context, organisation: str, digest: str, words: str) -> list[str]:
    """The rows that a page of this version offers for `words`."""
    with ctx.database.reading(organisation) as session:
        procedure = versions.get(session, digest).procedure
    page = next(page for page in procedure.pages if any(field.id == "dwelling" for field in page.fields))
    reading = Reading(TODAY, Values(procedure, {}, TODAY))
    raw, _ = form_page.act(page, {"dwelling-words": [words]}, "find:dwelling")
    shown = form_page.show(page, raw, {}, reading)
    [content] = [field.content for field in shown.fields if field.name == "dwelling"]
    return [str(match.words) for match in content.rows]


def test_a_version_keeps_its_table(ctx: Context, organisation: str, tmp_path: Path) -> None:
    old = _publish(ctx, organisation, written(tmp_path))
    assert _publish(ctx, organisation, written(tmp_path)) == old
    new = _publish(ctx, organisation, written(tmp_path, ROWS + "B-1,見本の新居,4DK\r\n"))
    assert new != old
    assert _offered(ctx, organisation, old, "見本") == ["A-1 · 見本住宅 · 2DK"]
    assert _offered(ctx, organisation, new, "見本") == ["A-1 · 見本住宅 · 2DK", "B-1 · 見本の新居 · 4DK"]
