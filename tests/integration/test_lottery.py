"""A draw from the first application to the published result: by its rules, with two people, checked from outside."""

import json
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from applications.models import Answers, Application
from core import clock
from core.canonical import sha256_hex
from core.context import Context
from core.database import EVERYONE
from core.errors import NotFound, Refused
from lotteries import ceremony, draw, entries, numbers, promotions, publication, queries, rounds, verify
from lotteries.models import Entry, Placement
from procedures import loader, versions
from tests.factories import applications as people
from tests.factories.applications import HOUSING, TOKYO
from tests.factories.draws import (
    DRAW,
    NAMES,
    VALUES,
    committed,
    drawn,
    enter,
    file,
    frozen,
    officer,
    published,
    result_of,
    revealed,
)
from web import ceremony as edge
from web.app import create_app


@pytest.fixture
def catalogue(ctx: Context) -> Context:
    people.publish(ctx)
    return ctx


@pytest.fixture
def embedded(embedded_ctx: Context) -> Context:
    people.publish(embedded_ctx)
    return embedded_ctx


@pytest.fixture
def pool(embedded: Context) -> Context:
    """Thirty entries in an open draw."""
    for number in range(30):
        enter(embedded, number)
    return embedded


def refuse(ctx: Context, match: str, *step: Any) -> None:
    function, *arguments = step
    with pytest.raises(Refused, match=match), ctx.database.writing(TOKYO) as session:
        function(session, *arguments)


def test_a_case_that_cannot_be_told_keeps_nobody_else_waiting(
    catalogue: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = catalogue
    first, second, *others = file(ctx, 6)
    published(ctx)
    with ctx.database.writing(TOKYO) as session:
        of_two = sa.update(Answers).where(Answers.application_id.in_([first, second]))
        whole = session.scalars(sa.select(Answers.document).where(Answers.application_id == second)).one()
        session.execute(of_two.values(document=b"unreadable"))
    monkeypatch.setattr(edge, "_BATCH", 2)
    assert edge.tell_cases(ctx, DRAW) == len(others)
    with ctx.database.reading(TOKYO) as session:
        assert {id for id, *_ in queries.to_announce(session, DRAW, 10)} == {first, second}
    with ctx.database.writing(TOKYO) as session:
        session.execute(sa.update(Answers).where(Answers.application_id == second).values(document=whole))
    assert edge.tell_cases(ctx, DRAW) == 1, "told later, once it can be"


def test_from_filing_to_the_result(catalogue: Context, tmp_path: Path) -> None:
    """The whole way with real applications: filed, numbered, drawn, checked by the verifier, told their result."""
    ctx = catalogue
    filed = file(ctx, 5)
    published(ctx)
    assert edge.tell_cases(ctx, DRAW) == 5
    assert edge.tell_cases(ctx, DRAW) == 0
    result = tmp_path / "result.json"
    result.write_text(json.dumps(result_of(ctx), ensure_ascii=False))
    states = []
    with ctx.database.reading(TOKYO) as session:
        before = tmp_path / "commitment.json"
        before.write_text(json.dumps(publication.commitment(session, rounds.get(session, DRAW))))
        for id in filed:
            view = queries.of_application(session, ctx, id)
            assert view
            assert view.drawn
            states.append((session.get_one(Application, id).state, view.drawn.result))
            receipt = tmp_path / "receipt.json"
            receipt.write_text(json.dumps(queries.receipt(session, ctx, id)))
            options = (
                "--commitment",
                before,
                "--receipt",
                receipt,
                "--number",
                view.number,
                "--secret",
                view.secret,
            )
            done = subprocess.run(
                [sys.executable, "-I", verify.__file__, result, *options],
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout
        mails = [mail["notice"] for mail in people.waiting(session, "mail")]
    assert sorted(states) == [("waiting_list", "waiting")] * 3 + [("won", "won")] * 2
    assert mails.count("lottery_numbered") == 5
    assert mails.count("lottery_result") == 5


def test_the_result_has_the_published_format(pool: Context) -> None:
    published(pool)
    result = result_of(pool)
    assert list(result) == [
        "format", "draw", "rules", "rules_sha256", "pool", "commitment", "randomness", "seed", "entries",
    ]  # fmt: skip
    assert set(result["entries"][0]) == {
        "number", "weight", "unit", "salt", "lists", "rank", "result", "via", "waiting",
    }  # fmt: skip
    assert result["randomness"]["value"] == draw.value_of(map(bytes.fromhex, VALUES.values())).hex()
    assert verify.verify(result).good
    assert "見本町" not in json.dumps(result, ensure_ascii=False)
    assert all(set(entry["lists"]) <= {"P1"} for entry in result["entries"])


def test_entering_twice_is_one_entry(embedded: Context) -> None:
    first = enter(embedded, 1)[1]
    with embedded.database.writing(TOKYO) as session:
        version = versions.current(session, HOUSING)
        again = entries.enter(session, embedded, version, session.get_one(Application, "application-1"), {})
        assert (again.number, again.weight) == (first.number, first.weight)
        assert session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 1


def test_numbers_are_eight_digits_with_a_check(embedded: Context) -> None:
    number = enter(embedded, 1)[1].number
    assert numbers.typed(f" {number[:4]}-{number[4:]} ") == number
    for place in range(8):
        for digit in "0123456789":
            wrong = number[:place] + digit + number[place + 1 :]
            assert wrong == number or numbers.typed(wrong) is None


def test_a_taken_number_is_passed_over(embedded: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    chances = iter(["11111117", "11111117", "22222224"])
    monkeypatch.setattr(entries, "new_number", lambda: next(chances))
    assert [enter(embedded, n)[1].number for n in (1, 2)] == ["11111117", "22222224"]


def test_a_second_entry_of_a_household_waits_for_a_decision(embedded: Context) -> None:
    first = enter(embedded, 0, street="見本町１－２")[1]
    second = enter(embedded, 3, street="見本町1-2 ")[1]
    assert (second.state, second.duplicate_of) == ("duplicate", first.number)
    refuse(embedded, "decided", ceremony.freeze, embedded, DRAW, "command", True)
    with embedded.database.writing(TOKYO) as session:
        entries.settle(session, DRAW, second.number, True, "command")
    frozen(embedded)
    with embedded.database.reading(TOKYO) as session:
        assert rounds.get(session, DRAW).entries == 1
        assert queries.receipt(session, embedded, "application-3")["entry"]["number"] == second.number
        with pytest.raises(NotFound):
            queries.receipt(session, embedded, "application-0")


def test_withdrawn_before_the_freeze_makes_room(embedded: Context) -> None:
    enter(embedded, 0, street="見本町1")
    with embedded.database.writing(TOKYO) as session:
        entries.withdraw(session, "application-0")
    assert enter(embedded, 3, street="見本町1")[1].state == "live"


def test_the_pool_stays_open_while_applications_come_in(pool: Context) -> None:
    refuse(pool, "still taken", ceremony.freeze, pool, DRAW, "command")


def test_nobody_enters_after_the_freeze(pool: Context) -> None:
    frozen(pool)
    with pytest.raises(Refused, match="has begun"):
        enter(pool, 31)


def test_no_step_comes_twice_or_early(pool: Context) -> None:
    first = officer(pool, "early")
    refuse(pool, "Commitment published", ceremony.draw, pool, DRAW, first)
    committed(pool)
    refuse(pool, "Taking applications", ceremony.freeze, pool, DRAW, "command", True)
    refuse(pool, "Pool frozen", ceremony.commit, DRAW, "command")


def test_witnesses_commit_first_and_keep_their_word(pool: Context) -> None:
    frozen(pool)
    refuse(pool, "not committed yet", ceremony.commit, DRAW, "command")
    refuse(pool, "64 hexadecimal", ceremony.register, DRAW, NAMES[0], "AB", "command")
    refuse(pool, "no witness", ceremony.register, DRAW, "somebody", "ab" * 32, "command")
    with pool.database.writing(TOKYO) as session:
        ceremony.register(session, DRAW, NAMES[0], sha256_hex(bytes.fromhex(VALUES[0])), "command")
    refuse(pool, "already", ceremony.register, DRAW, NAMES[0], "ab" * 32, "command")
    refuse(
        pool, "same commitment", ceremony.register, DRAW, NAMES[1], sha256_hex(bytes.fromhex(VALUES[0])), "c"
    )
    with pool.database.writing(TOKYO) as session:
        for position in (1, 2):
            commitment = sha256_hex(bytes.fromhex(VALUES[position]))
            ceremony.register(session, DRAW, NAMES[position], commitment, "command")
        ceremony.commit(session, DRAW, "command")
    refuse(pool, "not the one", ceremony.reveal, DRAW, NAMES[0], VALUES[1], "command")
    refuse(pool, "may still reveal", ceremony.draw, pool, DRAW, officer(pool, "first"))


def test_a_silent_witness_is_struck_after_the_deadline(pool: Context) -> None:
    revealed(pool, 0, 2)
    first = officer(pool, "first")
    with clock.shifted(timedelta(hours=25)):
        refuse(pool, "is over", ceremony.reveal, DRAW, NAMES[1], VALUES[1], "command")
        with pool.database.writing(TOKYO) as session:
            ceremony.draw(session, pool, DRAW, first)
    result = result_of(pool)
    assert [w["revealed"] for w in result["randomness"]["witnesses"]] == [VALUES[0], None, VALUES[2]]
    assert verify.verify(result).good


def test_too_few_witnesses_make_the_draw_void(pool: Context) -> None:
    revealed(pool, 0)
    first = officer(pool, "first")
    with clock.shifted(timedelta(hours=25)):
        refuse(pool, "Too few", ceremony.draw, pool, DRAW, first)
        with pool.database.writing(TOKYO) as session:
            ceremony.void(session, DRAW, first, "立会人が足りませんでした")
    with pool.database.reading(EVERYONE) as session:
        assert queries.view(session, DRAW).events[-1].details == {"text": "立会人が足りませんでした"}


@pytest.mark.parametrize(
    "change", [{"weight": 9}, {"unit": "1001"}, {"state": "withdrawn"}, {"salt": "00" * 32}]
)
def test_a_changed_entry_stops_every_later_step(pool: Context, change: dict[str, Any]) -> None:
    first, second = drawn(pool)
    with pool.database.writing(TOKYO) as session:
        chosen = sa.select(Entry.id).where(Entry.unit != "1001").limit(1).scalar_subquery()
        session.execute(sa.update(Entry).where(Entry.id == chosen).values(**change))
    refuse(pool, "changed after the freeze", ceremony.confirm, pool, DRAW, second)
    assert first.id != second.id


def test_two_people_are_needed(pool: Context) -> None:
    first, second = drawn(pool)
    refuse(pool, "second person", ceremony.confirm, pool, DRAW, first)
    refuse(
        pool,
        "role of lottery officer",
        ceremony.confirm,
        pool,
        DRAW,
        people.clerk(pool, TOKYO, "x", ("chief", "*")),
    )
    refuse(pool, "Confirmed", ceremony.publish, pool, DRAW, second)
    with pool.database.writing(TOKYO) as session:
        ceremony.confirm(session, pool, DRAW, second)
    refuse(pool, "second person", ceremony.publish, pool, DRAW, first)


def test_a_changed_result_file_is_not_confirmed(pool: Context) -> None:
    _, second = drawn(pool)
    with pool.database.reading(TOKYO) as session:
        key = rounds.get(session, DRAW).result_key or ""
    path = pool.settings.data_dir / "files" / key[:2] / key
    path.write_text(path.read_text().replace('"rank": 1,', '"rank": 2,', 1))
    refuse(pool, "was changed", ceremony.confirm, pool, DRAW, second)


def test_promotions_go_down_the_waiting_list(pool: Context) -> None:
    second = published(pool)
    with pool.database.reading(TOKYO) as session:
        rows = list(session.scalars(sa.select(Placement).order_by(Placement.unit, Placement.rank)))
    unit = next(row.unit for row in rows if row.waiting == 2)
    winners = [row.number for row in rows if row.unit == unit and row.result == "won"]
    waiting = [row for row in rows if row.unit == unit and row.result == "waiting"]
    with pool.database.writing(TOKYO) as session:
        skipped = entries.by_number(session, DRAW, waiting[0].number)
        entries.withdraw(session, skipped.application_id)
        done = promotions.promote(session, DRAW, winners[0], "declined", second)
        assert done
        assert done.promoted == waiting[1].number
        up = queries.look_up(session, DRAW, waiting[1].number)
        assert up
        assert (up.result, up.promoted, up.waiting) == ("won", True, 2)
    refuse(pool, "given on already", promotions.promote, DRAW, winners[0], "declined", second)
    refuse(pool, "no seat", promotions.promote, DRAW, waiting[0].number, "declined", second)


def test_another_organisation_sees_and_changes_nothing(pool: Context) -> None:
    with pytest.raises(NotFound), pool.database.writing("mihon") as session:
        ceremony.freeze(session, pool, DRAW, "command", now=True)
    with pool.database.reading("mihon") as session:
        assert queries.all_draws(session) == []


def test_two_organisations_may_name_procedures_alike(pool: Context) -> None:
    loaded = loader.load(people.CATALOGUE / "tokyo-housing" / f"{HOUSING}.yaml")
    with pool.database.writing("mihon") as session:
        versions.publish(session, loaded, "command")
        version = versions.current(session, HOUSING)
        assert rounds.ensure(session, version).id == f"mihon-{DRAW}"
        assert rounds.ensure(session, version).id == f"mihon-{DRAW}"


def test_weights_are_whole_and_bounded(embedded: Context) -> None:
    with embedded.database.writing(TOKYO) as session:
        lottery = rounds.definition_of(versions.current(session, HOUSING).procedure)
    for tickets in (Decimal("1.5"), Decimal(0), Decimal(10**6), "7"):
        with pytest.raises(entries.BadRules):
            entries._weight(lottery, {"tickets": tickets})


def test_the_ceremony_from_the_command_line(embedded: Context) -> None:
    filed = file(embedded, 3)
    run = create_app(embedded.settings).test_cli_runner().invoke
    first, second = officer(embedded, "first"), officer(embedded, "second")
    steps = [
        ["freeze", DRAW, "--now"],
        ["commit", DRAW, "--demonstration"],
        ["reveal", DRAW, "--demonstration", "--witness", NAMES[1]],
        ["reveal", DRAW, "--demonstration"],
        ["draw", DRAW, "--as", first.email],
        ["publish", DRAW, "--as", second.email],
        ["list"],
    ]
    for step in steps:
        done = run(args=["lottery", *step])
        assert done.exit_code == 0, done.output
    assert "published" in done.output
    files = sorted((embedded.settings.data_dir / "witnesses" / DRAW).iterdir())
    assert len(files) == 3
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    again = run(args=["lottery", "draw", DRAW, "--as", first.email])
    assert (again.exit_code, "Traceback" in again.output) == (1, False)
    assert run(args=["lottery", "freeze", "no-such-draw"]).exit_code == 1
    result = result_of(embedded)
    assert verify.verify(result).good
    vacated = next(entry["number"] for entry in result["entries"] if entry["result"] == "won")
    promoted = run(args=["lottery", "promote", DRAW, vacated, "--reason", "declined", "--as", second.email])
    assert promoted.exit_code == 0, promoted.output
    with embedded.database.reading(TOKYO) as session:
        assert {session.get_one(Application, id).state for id in filed} == {"won"}


def test_the_publisher_is_not_who_drew_on_the_command_line_either(pool: Context) -> None:
    revealed(pool)
    first = officer(pool, "first")
    run = create_app(pool.settings).test_cli_runner().invoke
    assert run(args=["lottery", "draw", DRAW, "--as", first.email]).exit_code == 0
    refused = run(args=["lottery", "publish", DRAW, "--as", first.email])
    assert refused.exit_code == 1
    assert "second person" in refused.output
