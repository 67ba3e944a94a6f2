"""Publishing procedures, and finding the version that counts."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from core import audit, clock
from core.context import Context
from core.database import EVERYONE
from core.errors import NotFound
from core.settings import ROOT
from procedures import loader, search, versions
from procedures.definition import Procedure
from procedures.models import ProcedureVersion, Publication
from procedures.problems import DefinitionErrors
from tests.factories.definitions import CERTIFICATE, changed

CATALOGUE = ROOT / "procedures" / "catalogue"


def _publish(ctx: Context, organisation: str, source: str, at: datetime | None = None) -> str:
    with ctx.database.writing(organisation) as session:
        return versions.publish(session, loader.load(source), "command", at)


def test_a_published_version_is_the_same_definition(ctx: Context, organisation: str) -> None:
    digest = _publish(ctx, organisation, CERTIFICATE)
    with ctx.database.reading(organisation) as session:
        version = versions.current(session, "sample-certificate")
        stored = session.get_one(ProcedureVersion, (organisation, digest))
    assert (version.digest, version.organisation_id) == (digest, organisation)
    assert version.procedure == loader.load(CERTIFICATE).procedure
    again = Procedure.model_validate_json(stored.compiled)
    assert again == version.procedure
    assert list(again.workflow.states) == list(version.procedure.workflow.states)
    assert again.title.source == "ja"
    assert json.loads(stored.compiled) == loader.compiled_form(again)


def test_publishing_again_does_nothing(ctx: Context, organisation: str) -> None:
    first, second = (_publish(ctx, organisation, CERTIFICATE) for _ in range(2))
    assert first == second
    with ctx.database.reading(organisation) as session:
        assert len(session.scalars(sa.select(Publication)).all()) == 1
        assert audit.length(session, organisation) == 1


def test_an_older_version_stays_readable_and_can_come_back(ctx: Context, organisation: str) -> None:
    old = _publish(ctx, organisation, CERTIFICATE)
    new = _publish(ctx, organisation, changed(("300 * number", "400 * number")))
    with ctx.database.reading(organisation) as session:
        assert versions.current(session, "sample-certificate").digest == new
        fee = versions.get(session, old).procedure.fee
        assert fee is not None
        assert fee.items[0].amount.source == "300 * number"
    assert _publish(ctx, organisation, CERTIFICATE) == old
    with ctx.database.reading(organisation) as session:
        assert versions.current(session, "sample-certificate").digest == old


def test_a_version_may_count_from_later_on(ctx: Context, organisation: str) -> None:
    later = datetime(2027, 4, 1, tzinfo=UTC)
    with clock.at(datetime(2026, 11, 22, tzinfo=UTC)):
        old = _publish(ctx, organisation, CERTIFICATE)
        new = _publish(ctx, organisation, changed(("300 * number", "400 * number")), later)
        with ctx.database.reading(organisation) as session:
            assert versions.current(session, "sample-certificate").digest == old
    with clock.at(later), ctx.database.reading(organisation) as session:
        assert versions.current(session, "sample-certificate").digest == new


def test_versions_of_others_are_not_found(ctx: Context, organisation: str, other_organisation: str) -> None:
    digest = _publish(ctx, organisation, CERTIFICATE)
    with ctx.database.reading(organisation) as session:
        versions.get(session, digest)
    with ctx.database.reading(other_organisation) as session:
        with pytest.raises(NotFound):
            versions.get(session, digest)
        with pytest.raises(NotFound):
            versions.current(session, "sample-certificate")


def test_the_catalogue_is_published_once(ctx: Context) -> None:
    published = versions.publish_catalogue(ctx.database, CATALOGUE)
    assert set(published) >= {"tax-certificate", "outdoor-advertising", "public-housing"}
    assert versions.publish_catalogue(ctx.database, CATALOGUE) == []
    with ctx.database.reading(EVERYONE) as session:
        assert search.find(session, "en").total == len(published)
        hits = {hit.procedure_id: hit for hit in search.find(session, "en", "tax certificate").hits}
        assert hits["tax-certificate"].organisation_id == "tokyo"
        assert [hit.procedure_id for hit in search.find(session, "ja", "おくがいこうこくぶつ").hits] == [
            "outdoor-advertising"
        ]
        assert search.find(session, "ja", "ＫＡＮＢＡＮＮＡＩ").hits == []


def test_a_catalogue_with_errors_publishes_nothing(ctx: Context, tmp_path: Path) -> None:
    (tmp_path / "organisations.yaml").write_text((CATALOGUE / "organisations.yaml").read_text())
    good = (CATALOGUE / "tokyo-taxation" / "tax-certificate.yaml").read_text()
    for folder, name, text in (
        ("tokyo-taxation", "tax-certificate", good),
        ("tokyo-housing", "broken", good.replace("kind:", "knd:")),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.yaml").write_text(text)
    with pytest.raises(DefinitionErrors, match="knd"):
        versions.publish_catalogue(ctx.database, tmp_path)
    with ctx.database.reading(EVERYONE) as session:
        assert search.find(session, "ja").hits == []


def test_an_unknown_department_is_an_error(ctx: Context, tmp_path: Path) -> None:
    (tmp_path / "organisations.yaml").write_text((CATALOGUE / "organisations.yaml").read_text())
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "sample-certificate.yaml").write_text(CERTIFICATE)
    with pytest.raises(DefinitionErrors, match="no organisation has the department 'samples'"):
        versions.publish_catalogue(ctx.database, tmp_path)


@pytest.mark.parametrize(
    "words", ["見本", "ﾐﾎﾝ", "しょうめい", "ショウメイ", "SAMPLE certificate", "見本　交付"]
)
def test_words_are_found_however_they_are_typed(
    embedded_ctx: Context, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.fixtures.contexts import PREFECTURE, add_organisations

    add_organisations(embedded_ctx)
    source = changed(("words: [しょうめい, 見本]", "words: [しょうめい, みほん]"))
    _publish(embedded_ctx, PREFECTURE, source)
    with embedded_ctx.database.reading(EVERYONE) as session:
        assert [hit.procedure_id for hit in search.find(session, "ja", words).hits] == ["sample-certificate"]
        assert search.find(session, "ja", words + " 税").left_out == ("税",)
        assert search.find(session, "ja", words, "mihon-shi").hits == []
