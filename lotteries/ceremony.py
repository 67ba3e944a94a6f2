"""The ceremony, step by step: freeze, commit, reveal, draw, confirm by a second person, publish. No step runs twice.

Every step after the freeze recomputes the pool's root first and refuses to go on where an entry has changed.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import organisations
from accounts.models import Clerk
from core import clock
from core.canonical import sha256_hex
from core.context import Context
from core.errors import Misconfigured, Refused, message
from lotteries import draw as drawing
from lotteries import entries, log, pool, publication, rounds, verify
from lotteries.models import STATES, Draw, DrawState, Entry, Placement, Witness

OFFICER = "lottery_officer"
_HEX = re.compile(r"[0-9a-f]{64}")
_BATCH = 5_000


def freeze(session: Session, ctx: Context, draw_id: str, actor: str, now: bool = False) -> Draw:
    """Close the pool and fix its root. Refused while applications can come in or duplicates are undecided.

    `now` closes a pool whose reception is still open; only a demonstration may.
    """
    draw = _in_state(session, draw_id, "open")
    version = rounds.version_of(session, draw)
    lottery = rounds.definition_of(version.procedure)
    if now and ctx.settings.environment != "demonstration":
        raise Misconfigured("a pool can be frozen before reception ends in the demonstration only")
    ends = rounds.receives_until(session, version.procedure)
    if not now and (ends is None or clock.now() <= ends):
        raise Refused(message("Applications are still taken; the pool cannot be frozen yet."))
    if undecided := len(entries.duplicates(session, draw_id)):
        raise Refused(
            message("%(count)d second entries of a household must be decided about first.", count=undecided)
        )
    if [entry.id for entry in lottery.lists] != draw.lists:
        raise Refused(message("The preference lists were changed while the round was open."))
    members = pool.read(session, draw)
    if not members:
        raise Refused(message("There is no entry to draw from."))
    if {entry.unit for entry in members} - lottery.units.keys():
        raise Refused(message("There are entries for a unit that the rules do not name any more."))
    tree = drawing.Tree.over(drawing.leaves(members))
    draw.rules = publication.rules_of(version, lottery)
    draw.root, draw.entries = tree.root.hex(), len(members)
    draw.tickets = sum(entry.weight for entry in members)
    draw.demand = _demand(members)
    draw.tree_key = pool.store_tree(ctx, tree)
    draw.state, draw.frozen_at = "frozen", clock.now()
    for position, name in enumerate(lottery.witnesses):
        session.add(
            Witness(organisation_id=draw.organisation_id, draw_id=draw.id, position=position, name=name)
        )
    rules = drawing.digest_of(draw.rules).hex()
    log.note(
        session,
        draw,
        "frozen",
        actor,
        root=draw.root,
        rules=rules,
        entries=draw.entries,
        tickets=draw.tickets,
    )
    return draw


def register(session: Session, draw_id: str, name: str, commitment: str, actor: str) -> None:
    """Take one witness's commitment: the SHA-256 (hex) of 32 bytes that nobody else knows."""
    draw = _in_state(session, draw_id, "frozen")
    witness = _witness(session, draw, name)
    if not _HEX.fullmatch(commitment):
        raise Refused(message("A commitment is 64 hexadecimal digits in lower case."))
    if witness.commitment not in (None, commitment):
        raise Refused(message("This witness has committed already."))
    others = (w.commitment for w in publication.witnesses_of(session, draw) if w.name != name)
    if commitment in others:
        raise Refused(message("Another witness has handed in the same commitment."))
    if witness.commitment is None:
        witness.commitment = commitment
        log.note(session, draw, "registered", actor, witness=witness.position, commitment=commitment)


def missing(session: Session, draw: Draw) -> list[str]:
    """Names of the witnesses who have still to commit (after the freeze) or to reveal (after the commitment)."""
    witnesses = publication.witnesses_of(session, draw)
    if draw.state == "frozen":
        return [w.name for w in witnesses if w.commitment is None]
    return [w.name for w in witnesses if w.revealed is None] if draw.state == "committed" else []


def commit(session: Session, draw_id: str, actor: str) -> Draw:
    """Publish rules digest, root, round and the witnesses' commitments, before any randomness is known."""
    draw = _in_state(session, draw_id, "frozen")
    if silent := missing(session, draw):
        raise Refused(message("These witnesses have not committed yet: %(names)s.", names=", ".join(silent)))
    pool.read_unchanged(session, draw)
    draw.state, draw.committed_at = "committed", clock.now().replace(microsecond=0)
    draw.reveal_by = draw.committed_at + timedelta(hours=(draw.rules or {})["reveal_hours"])
    zone = ZoneInfo(organisations.timezone(session))
    draw.beacon_round = draw.reveal_by.astimezone(zone).date().isoformat()
    commitments = [witness.commitment for witness in publication.witnesses_of(session, draw)]
    reveal_by = publication.utc(draw.reveal_by)
    log.note(
        session,
        draw,
        "committed",
        actor,
        round=draw.beacon_round,
        reveal_by=reveal_by,
        commitments=commitments,
    )
    return draw


def reveal(session: Session, draw_id: str, name: str, value: str, actor: str) -> None:
    """Take one witness's value (32 bytes as hex), if it is the one committed to and the time for it is not over."""
    draw = _in_state(session, draw_id, "committed")
    witness = _witness(session, draw, name)
    if not _HEX.fullmatch(value) or sha256_hex(bytes.fromhex(value)) != witness.commitment:
        raise Refused(message("This value is not the one the witness has committed to."))
    if witness.revealed is not None:
        return
    if draw.reveal_by is None or clock.now() > draw.reveal_by:
        raise Refused(message("The time for revealing is over; the witness is struck, as the rules say."))
    witness.revealed = value
    log.note(session, draw, "revealed", actor, witness=witness.position, value=value)


def draw(session: Session, ctx: Context, draw_id: str, clerk: Clerk) -> Draw:
    """Draw. Whoever has not revealed by the deadline is struck first; before it, everybody is waited for."""
    round = _in_state(session, draw_id, "committed")
    _check_officer(clerk)
    members = pool.read_unchanged(session, round)
    _strike_silent(session, round)
    rules = round.rules or {}
    witnesses = publication.witnesses_of(session, round)
    values = [bytes.fromhex(w.revealed) for w in witnesses if w.revealed is not None]
    if len(values) < rules["least_witnesses"]:
        raise Refused(
            message("Too few witnesses have revealed their value; this draw is to be declared void.")
        )
    value = drawing.value_of(values)
    seed = drawing.seed_of(
        drawing.digest_of(rules), bytes.fromhex(round.root or ""), round.beacon_round or "", value
    )
    placings = drawing.place(drawing.Rules.of(rules), seed, members)
    round.value, round.seed = value.hex(), seed.hex()
    stored = publication.store_result(session, ctx, round, members, placings)
    round.state, round.drawn_at, round.drawn_by = "drawn", clock.now(), f"clerk:{clerk.id}"
    round.result_key, round.result_sha256 = stored.key, stored.sha256
    log.note(session, round, "drawn", round.drawn_by, seed=round.seed, result=stored.sha256)
    return round


def confirm(session: Session, ctx: Context, draw_id: str, clerk: Clerk) -> Draw:
    """A second person lets the stand-alone verifier recompute everything, against the pool as it stands."""
    round = _in_state(session, draw_id, "drawn")
    _check_second(round, clerk)
    pool.read_unchanged(session, round)
    result = _stored_result(ctx, round)
    failures = verify.verify(result).failures
    failures += verify.commitment_problems(result, publication.commitment(session, round))
    if failures:
        raise Refused(message("The result does not verify: %(failure)s.", failure=failures[0]))
    round.state, round.confirmed_by = "confirmed", f"clerk:{clerk.id}"
    log.note(session, round, "confirmed", round.confirmed_by, result=round.result_sha256)
    return round


def publish(session: Session, ctx: Context, draw_id: str, clerk: Clerk) -> Draw:
    """Publish the confirmed result and place every entry; telling the cases is the edge's part."""
    round = _in_state(session, draw_id, "confirmed")
    _check_second(round, clerk)
    pool.read_unchanged(session, round)
    live = sa.select(Entry.number, Entry.id).where(Entry.draw_id == round.id, Entry.state == "live")
    ids = {number: id for number, id in session.execute(live)}  # noqa: C416 - a result is no mapping
    for rows in _batches(round, _stored_result(ctx, round)["entries"], ids):
        session.execute(sa.insert(Placement), rows)
    round.state, round.published_at, round.published_by = "published", clock.now(), f"clerk:{clerk.id}"
    log.note(session, round, "published", round.published_by, result=round.result_sha256)
    return round


def void(session: Session, draw_id: str, clerk: Clerk, reason: str) -> Draw:
    """Declare a draw void before it is published. It stays public under its id, with `reason`."""
    round = rounds.get(session, draw_id, lock=True)
    _check_officer(clerk)
    if round.state in ("published", "void"):
        raise Refused(message("A published draw stands; it is never drawn again."))
    round.state = "void"
    log.note(session, round, "void", f"clerk:{clerk.id}", text=reason)
    return round


def _in_state(session: Session, draw_id: str, state: DrawState) -> Draw:
    draw = rounds.get(session, draw_id, lock=True)
    if draw.state != state:
        raise Refused(
            message(
                "This step needs a draw in the state “%(needed)s”; this one is “%(state)s”.",
                needed=STATES[state],
                state=STATES[draw.state],
            )
        )
    return draw


def _demand(members: list[drawing.Entry]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for entry in members:
        unit = found.setdefault(entry.unit, [0, 0])
        unit[0] += 1
        unit[1] += entry.weight
    return found


def _witness(session: Session, draw: Draw, name: str) -> Witness:
    for witness in publication.witnesses_of(session, draw):
        if witness.name == name:
            return witness
    raise Refused(message("The rules name no witness “%(name)s”.", name=name))


def _check_officer(clerk: Clerk) -> None:
    if not clerk.active or all(duty.role != OFFICER for duty in clerk.duties):
        raise Refused(message("This is for clerks with the role of lottery officer."))


def _check_second(round: Draw, clerk: Clerk) -> None:
    _check_officer(clerk)
    if round.drawn_by == f"clerk:{clerk.id}":
        raise Refused(message("Whoever ran the draw cannot confirm or publish it; a second person must."))


def _strike_silent(session: Session, round: Draw) -> None:
    silent = [w for w in publication.witnesses_of(session, round) if w.revealed is None]
    if silent and (round.reveal_by is None or clock.now() <= round.reveal_by):
        names = ", ".join(witness.name for witness in silent)
        raise Refused(message("These witnesses may still reveal their value: %(names)s.", names=names))
    for witness in silent:
        witness.struck_at = clock.now()
        log.note(session, round, "struck", "system", witness=witness.position)


def _stored_result(ctx: Context, round: Draw) -> dict[str, Any]:
    with ctx.files.open(round.result_key or "") as file:
        content = file.read()
    if sha256_hex(content) != round.result_sha256:
        raise Refused(message("The stored result was changed; this draw cannot go on."))
    result: dict[str, Any] = verify.parse(content)
    return result


def _batches(
    round: Draw, placed: list[dict[str, Any]], ids: dict[str, int]
) -> Iterator[list[dict[str, Any]]]:
    kept = ("number", "unit", "rank", "result", "via", "waiting")
    for start in range(0, len(placed), _BATCH):
        yield [
            {
                "entry_id": ids[entry["number"]],
                "organisation_id": round.organisation_id,
                "draw_id": round.id,
                **{key: entry[key] for key in kept},
            }
            for entry in placed[start : start + _BATCH]
        ]
