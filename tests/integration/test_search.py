"""The search over published procedures: on both databases, for whom it is, and as things change."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import yaml

from core import clock
from core.context import Context
from core.database import EVERYONE
from procedures import search
from procedures.finding import called, listings
from procedures.finding.index import Index, Needle, index_of
from procedures.finding.occasions import CIRCUMSTANCES, LIFE_EVENTS
from procedures.models import Listing
from tests.factories.catalogues import found_by, publish_some
from translations.furigana import MARK, strip
from translations.languages import LANGUAGES
from translations.messages import translate
from translations.text import Phrase

RESIDENCE = {
    "procedure": "residence",
    "title": {
        "ja": "住民票の写しの交付申請",
        "ja-simple": "{住民票|じゅうみんひょう}の{写|うつ}し",
        "en": "Copy of the residence record",
        "ko": "주민표 사본",
    },
    **found_by("住所", "引っ越し", life_events=["moving"], **{"for": ["resident"]}),
}
PARKING = {
    "procedure": "parking",
    "kind": "permit",
    "title": {"ja": "駐車場の利用許可", "en": "Permit to use a car park"},
    **found_by("ちゅうしゃじょう", "パーキング", life_events=["moving", "opening_a_shop"],
               circumstances=["disabled"], **{"for": ["resident", "business"]}),
}  # fmt: skip
WASTE = {
    "procedure": "bulky-waste",
    "title": {"ja": "粗大ごみの収集予約", "en": "Collection of bulky waste"},
    "summary": {"ja": "引っ越しで出る大きなごみも集めます。", "en": "Large things."},
    **found_by("そだいごみ", "リサイクル"),
}

RESIDENCE_TYPED = (
    "住民票", "じゅうみんひょう", "ジュウミンヒョウ", "ｼﾞｭｳﾐﾝﾋｮｳ", "juminhyo", "zyuuminhyou", "jūminhyō", "RESIDENCE",
    "residense", "residnce record", "주민표", "住民表の写し", "住民票写し", "じゅうみんひよう",
)  # fmt: skip
PARKING_TYPED = (
    "ぱーきんぐ", "パーキソグ", "chushajo", "tyuusyazyou", "car park", "利用許可 駐車場", "駐車場 permit",
)  # fmt: skip
ODD = ("", " ", "\u3000", "(", "%", "_", "\\", "'", "ー", "a" * 100, "あ い う え お か き く け こ", "𠮟る")
Find = Callable[..., list[str]]


@pytest.fixture
def find(ctx: Context, organisation: str, other_organisation: str) -> Find:
    """Names of what is found in a catalogue of three procedures of one organisation and one of another."""
    publish_some(ctx, organisation, [RESIDENCE, PARKING, WASTE])
    publish_some(ctx, other_organisation, [{**RESIDENCE, "procedure": "residence-here"}])

    def names(words: str = "", *tags: str, language: str = "ja", of: str | None = organisation) -> list[str]:
        with ctx.database.reading(EVERYONE) as session:
            return [hit.procedure_id for hit in search.find(session, language, words, of, tags).hits]

    return names


def test_words_in_any_script_sound_or_spelling_find_it(find: Find) -> None:
    for words in RESIDENCE_TYPED:
        assert find(words)[:1] == ["residence"], words
    for words in PARKING_TYPED:
        assert find(words)[:1] == ["parking"], words


def test_the_best_come_first(find: Find) -> None:
    assert find("引っ越し") == ["residence", "bulky-waste", "parking"], (
        "one of the words before one of the summary, and that before what is only meant for the occasion"
    )
    assert find("ごみ") == ["bulky-waste"]


def test_the_words_of_life_events_and_of_the_guide_find_what_is_tagged(
    ctx: Context, organisation: str
) -> None:
    """Every name on a page, in each language, and everything else that people say, typed as it stands."""
    names = {f"event:{name}": words for name, words in LIFE_EVENTS.items()}
    names |= {f"who:{name}": words for name, words in CIRCUMSTANCES.items()}
    also = yaml.safe_load(called.ALSO.read_text())
    assert set(names) <= set(also) <= {*names, "for:business", "for:visitor"}
    keys = {"event": "life_events", "who": "circumstances"}
    tagged = [
        {"procedure": tag.replace(":", "-").replace("_", "-"), "title": "手続",
         **found_by("てつづき", **{keys[tag.split(":")[0]]: [tag.split(":")[1]]})}
        for tag in names
    ]  # fmt: skip
    publish_some(ctx, organisation, tagged)
    missed = []
    with ctx.database.reading(organisation) as session:
        for tag, shown in names.items():
            assert set(also[tag]) >= {"ja", "en", "zh", "ko"}
            said = {strip(translate(shown, language)) for language in LANGUAGES}
            said |= {
                form for words in also[tag].values() for word in words for form in (strip(word), _read(word))
            }
            for words in sorted(said):
                found = search.find(session, "ja", words)
                if tag.replace(":", "-").replace("_", "-") not in [hit.procedure_id for hit in found.hits]:
                    missed.append((tag, words))
                assert not found.corrected, words
    assert missed == []


def _read(text: str) -> str:
    return MARK.sub(r"\2", text)


def test_a_slip_in_romaji_is_heard(find: Find, ctx: Context) -> None:
    for typed in ("sodaigmi", "sodaigomj", "ssodaigomi"):
        assert find(typed) == ["bulky-waste"], typed
    with ctx.database.reading(EVERYONE) as session:
        assert search.find(session, "ja", "sodaigmi").corrected == {"sodaigmi": "sodaigomi"}
    assert find("sdgm") == []


def test_words_and_an_occasion_narrow_each_other(find: Find, ctx: Context) -> None:
    assert find("引っ越し 駐車場") == find("駐車場 moving") == ["parking"]
    assert find("障がい 引越し") == ["parking"]
    assert find("住民票 障がい") == [], "tagged with something else"
    with ctx.database.reading(EVERYONE) as session:
        assert search.find(session, "ja", "住民票 障がい").alone == {"住民票": 2, "障がい": 1}


def test_what_was_guessed_or_left_out_is_said(find: Find, ctx: Context) -> None:
    assert find("駐車場 qqqqqqq") == ["parking"]
    with ctx.database.reading(EVERYONE) as session:
        assert search.find(session, "ja", "駐車場 qqqqqqq").left_out == ("qqqqqqq",)
        assert search.find(session, "en", "residense").corrected == {"residense": "residence"}
        apart = search.find(session, "ja", "駐車場 住民票")
        assert (apart.total, apart.alone) == (0, {"駐車場": 1, "住民票": 2})
        nothing = search.find(session, "ja", "qqqqqqq")
        assert (nothing.total, nothing.left_out, nothing.hits) == (0, ("qqqqqqq",), [])


def test_tags_narrow_and_count(find: Find, ctx: Context, organisation: str) -> None:
    assert set(find("", "event:moving")) == {"residence", "parking"}
    assert find("", "event:moving", "who:disabled") == ["parking"]
    assert find("写し", "event:opening_a_shop") == []
    assert find("", "event:nothing_known") == []
    with ctx.database.reading(EVERYONE) as session:
        counts = search.find(session, "ja", tags=["event:moving"]).counts
    assert (counts["for:business"], counts["kind:permit"], counts[f"of:{organisation}"]) == (1, 1, 2)


def test_others_are_not_seen_in_a_session_of_one(find: Find, ctx: Context, other_organisation: str) -> None:
    assert find("住民票", of=None) == ["residence-here", "residence"]
    with ctx.database.reading(other_organisation) as session:
        assert [hit.procedure_id for hit in search.find(session, "ja", "住民票").hits] == ["residence-here"]
        assert search.find(session, "ja", "駐車場").total == 0
        assert len(index_of(session)) == 1
        assert search.titles(session, "en", ["parking", "residence-here"]) == [
            ("residence-here", Phrase("Copy of the residence record", "en"))
        ]


def test_a_hit_says_what_people_ask(find: Find, ctx: Context) -> None:
    with ctx.database.reading(EVERYONE) as session:
        (hit,) = search.find(session, "en", "car park").hits
    assert (str(hit.title), hit.minutes, hit.processing_period, hit.kind) == (
        "Permit to use a car park", 5, "3 working days", "permit"
    )  # fmt: skip
    assert (hit.fee, hit.has_fee, hit.languages) == (None, True, ("ja",))


def test_what_is_published_counts_from_its_moment(ctx: Context, organisation: str) -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)

    def titles() -> list[str]:
        with ctx.database.reading(EVERYONE) as session:
            return [str(hit.title) for hit in search.find(session, "en").hits]

    with clock.at(now):
        assert titles() == []
        publish_some(ctx, organisation, [WASTE])
        later = {**WASTE, "title": {"ja": "粗大ごみ", "en": "Bulky waste, simpler"}}
        publish_some(ctx, organisation, [later], now + timedelta(days=1))
        assert titles() == ["Collection of bulky waste"]
    with clock.at(now + timedelta(days=2)):
        assert titles() == ["Bulky waste, simpler"]
    with clock.at(now):
        assert titles() == ["Collection of bulky waste"]


def test_pages(ctx: Context, organisation: str) -> None:
    many = [{"procedure": f"p{number:02}", "title": f"手続{number:02}"} for number in range(45)]
    publish_some(ctx, organisation, many)
    with ctx.database.reading(EVERYONE) as session:
        pages = [search.find(session, "ja", "手続", page=page) for page in (1, 2, 3, 99, -5)]
    assert [len(page.hits) for page in pages] == [20, 20, 5, 5, 20]
    assert [page.paging.number for page in pages] == [1, 2, 3, 3, 1]
    shown = [hit.procedure_id for page in pages[:3] for hit in page.hits]
    assert shown == [one["procedure"] for one in many]


def test_numbers_in_titles_are_in_their_own_order(ctx: Context, organisation: str) -> None:
    titles = {"p2": "手続２", "p10": "手続10", "p1": "手続1", "p9": "手続九"}
    publish_some(ctx, organisation, [{"procedure": id, "title": title} for id, title in titles.items()])
    with ctx.database.reading(EVERYONE) as session:
        found = search.find(session, "ja", organisation=organisation)
    assert [hit.procedure_id for hit in found.hits] == ["p1", "p2", "p10", "p9"]


def test_listings_of_older_publications_are_made(find: Find, ctx: Context, organisation: str) -> None:
    with ctx.database.writing(organisation) as session:
        before = session.execute(sa.select(Listing.digest, Listing.titles).order_by(Listing.digest)).all()
        session.execute(sa.delete(Listing))
    with ctx.database.writing(organisation) as session:
        assert listings.complete(session) == len(before) == 3
        assert listings.complete(session) == 0
    with ctx.database.reading(organisation) as session:
        assert (
            session.execute(sa.select(Listing.digest, Listing.titles).order_by(Listing.digest)).all()
            == before
        )


def test_odd_words_are_answered(find: Find) -> None:
    for words in ODD:
        assert isinstance(find(words), list), words


def test_no_words_keep_the_server_busy(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    ranks = Index.ranks

    def counted(self: Index, needle: Needle) -> dict[int, int]:
        looked.append(needle.word)
        return ranks(self, needle)

    monkeypatch.setattr(Index, "ranks", counted)
    find(
        "住民標写し証明許可 residense0 residense1 residense2 ぱーきんくば そだいこみが 駐車揚利用許司 ささささ さささか"
    )
    assert 8 < len(looked) <= 20 + search.MOST_WORDS
