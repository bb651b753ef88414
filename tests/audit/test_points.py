"""Verified points, checkpoints, and the mutations of a chain that must all be found."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.audit import chain, tree
from app.audit.jobs.chains import advance, walk_whole
from app.audit.models import Alarm, ChainPoint, Checkpoint, JournalEvent, JournalHead
from app.audit.operations import record
from app.audit.operations.checkpoints import NotACheckpoint, check_note, make_checkpoint, parse_note
from app.audit.operations.points import begun_at, state_of, store_point
from app.audit.operations.verify import verify_chain, walk
from app.core.authz import SYSTEM
from app.core.crypto import Signer
from tests.audit.test_journal import ThingTried
from tests.conftest import NOW
from tests.support.counting import counted_statements

CHAIN = "edition:7"


@pytest.fixture
def signer(app: Flask) -> Signer:
    found: Signer = app.extensions["signer"]
    return found


@pytest.fixture
def defenceless(session: Session) -> Session:
    """The journal as whoever owns the database has it: without its triggers."""
    if session.get_bind().dialect.name == "sqlite":
        for name in ("journal_events_no_update", "journal_events_no_delete"):
            session.execute(text(f"DROP TRIGGER {name}"))
    else:
        session.execute(text("DROP TRIGGER journal_events_append_only ON journal_events"))
    return session


def facts(session: Session, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        record(session, ThingTried(number, 7, f"note {number}"), actor=SYSTEM, now=NOW + timedelta(seconds=number))
    session.commit()


def rows(session: Session) -> list[JournalEvent]:
    return list(session.scalars(select(JournalEvent).where(JournalEvent.chain == CHAIN).order_by(JournalEvent.seq)))


def rewrite(session: Session, first: int) -> None:
    """What an owner of the database does to hide a change: every number, link, hash and the head are made to fit again."""
    prev, seq = "", 0
    for row in rows(session):
        seq += 1
        if seq >= first:
            fresh = chain.link(CHAIN, seq, row.name, row.at, row.actor_id, row.actor_role, row.subject, row.subject_id, row.commit, prev)
            statement = text("UPDATE journal_events SET seq = :seq, prev = :prev, hash = :hash WHERE id = :id")
            session.execute(statement, {"seq": seq, "prev": prev, "hash": fresh, "id": row.id})
            prev = fresh
        else:
            prev = row.hash
    session.execute(
        text("UPDATE journal_heads SET seq = :seq, hash = :hash WHERE chain = :chain"), {"seq": seq, "hash": prev, "chain": CHAIN}
    )
    session.expire_all()


def held(session: Session, signer: Signer) -> str:
    """A checkpoint over everything so far, as a witness keeps it."""
    made = make_checkpoint(session, name=CHAIN, occasion="daily", origin="http://localhost", signer=signer, now=NOW)
    assert made is not None
    session.commit()
    return made.note


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 20])
def test_the_root_is_that_of_the_whole_tree(count: int) -> None:
    leaves = [hashlib.sha256(bytes([n])).hexdigest() for n in range(count)]

    def whole(part: list[str]) -> bytes:
        if len(part) == 1:
            return hashlib.sha256(b"\x00" + bytes.fromhex(part[0])).digest()
        split = 1
        while split * 2 < len(part):
            split *= 2
        return hashlib.sha256(b"\x01" + whole(part[:split]) + whole(part[split:])).digest()

    peaks: list[bytes] = []
    for size, leaf in enumerate(leaves):
        peaks = tree.grown(tree.unpacked(tree.packed(peaks)), size, leaf)
    assert tree.root(peaks) == whole(leaves).hex()


def test_a_chain_is_walked_on_from_its_point(session: Session, signer: Signer) -> None:
    facts(session, 30)
    store_point(session, name=CHAIN, gone=walk(session, CHAIN), signer=signer, now=NOW)
    facts(session, 5, first=30)
    report = state_of(session, CHAIN, signer)
    assert (report.since, report.length, report.total, report.is_whole, report.is_current) == (30, 35, 35, True, True)
    assert report.head == verify_chain(session, CHAIN).head


def test_a_look_at_a_long_chain_reads_no_more_than_at_a_short_one(session: Session, signer: Signer) -> None:
    read = []
    for _ in range(2):
        facts(session, 20, first=20 * len(read))
        store_point(session, name=CHAIN, gone=walk(session, CHAIN), signer=signer, now=NOW)
        session.commit()
        session.expire_all()
        with counted_statements() as statements:
            walked = state_of(session, CHAIN, signer)
        read.append((len(statements), walked.length - walked.since))
    assert read == [(4, 0), (4, 0)]


def test_a_page_walks_only_so_far_and_says_so(session: Session, signer: Signer) -> None:
    facts(session, 12)
    report = state_of(session, CHAIN, signer, limit=5)
    assert (report.length, report.total, report.is_whole, report.is_current) == (5, 12, True, False)


@pytest.mark.parametrize("column", ["seq = 3", "hash = 'ab'", "peaks = ''", "leaves = 1", "broken_at = 4", "signature = ''"])
def test_a_point_that_was_moved_by_hand_is_not_believed(session: Session, signer: Signer, column: str) -> None:
    facts(session, 6)
    store_point(session, name=CHAIN, gone=walk(session, CHAIN), signer=signer, now=NOW)
    session.flush()
    session.execute(text(f"UPDATE chain_points SET {column} WHERE chain = '{CHAIN}'"))
    session.expire_all()
    assert begun_at(session, session.get(ChainPoint, CHAIN), signer).seq == 0


def test_a_break_is_named_and_judging_goes_on_in_a_new_segment(defenceless: Session, signer: Signer) -> None:
    facts(defenceless, 6)
    defenceless.execute(text("UPDATE journal_events SET actor_id = 99 WHERE chain = 'edition:7' AND seq = 3"))
    defenceless.expire_all()
    walk_whole(CHAIN)
    (alarm,) = defenceless.scalars(select(Alarm)).all()
    assert (alarm.kind, alarm.edition_id, alarm.detail) == ("chain", 7, "edition:7, fact 3: the row was altered")
    facts(defenceless, 4, first=6)
    walk_whole(CHAIN)
    report = state_of(defenceless, CHAIN, signer)
    assert (report.broken_at, report.length, report.head) == (3, 11, defenceless.get_one(JournalHead, CHAIN).hash)
    assert defenceless.scalar(select(func.count(Alarm.id))) == 1
    assert rows(defenceless)[6].prev == rows(defenceless)[5].hash, "the new segment commits to the old end"


def test_everything_is_verified_from_the_first_fact_when_asked(session: Session, signer: Signer) -> None:
    facts(session, 9)
    assert state_of(session, CHAIN, signer).whole_at is None
    walk_whole(CHAIN)
    report = state_of(session, CHAIN, signer)
    assert (report.since, report.walking, report.whole_at is not None) == (9, None, True)


def test_a_checkpoint_is_made_once_for_the_same_facts(session: Session, signer: Signer) -> None:
    facts(session, 4)
    advance()
    advance()
    made = session.scalars(select(Checkpoint).where(Checkpoint.chain == CHAIN)).all()
    assert [(each.size, each.occasion) for each in made] == [(4, "daily")]


def test_each_note_covers_the_one_before_it(session: Session, signer: Signer) -> None:
    facts(session, 4)
    first = held(session, signer)
    facts(session, 2, first=4)
    second = parse_note(held(session, signer))
    assert second.fields["previous"] == hashlib.sha256(first.encode()).hexdigest()
    assert [check_note(session, parse_note(first), signer), check_note(session, second, signer)] == ["", ""]


@pytest.mark.parametrize("last", [1, 2, 5])
def test_a_chain_that_was_cut_and_recomputed_fails_against_every_held_checkpoint(defenceless: Session, signer: Signer, last: int) -> None:
    notes = []
    for start in (0, 5):
        facts(defenceless, 5, first=start)
        notes.append(held(defenceless, signer))
    total = defenceless.get_one(JournalHead, CHAIN).seq
    defenceless.execute(text("DELETE FROM deliveries"))
    defenceless.execute(text(f"DELETE FROM journal_events WHERE chain = '{CHAIN}' AND seq > {total - 1 - last}"))
    rewrite(defenceless, 1)
    assert verify_chain(defenceless, CHAIN).is_whole, "by itself the chain shows nothing"
    assert "was cut" in check_note(defenceless, parse_note(notes[1]), signer)
    facts(defenceless, 20, first=50)
    assert "was rewritten" in check_note(defenceless, parse_note(notes[1]), signer)


def test_the_nightly_walk_finds_a_chain_that_is_shorter_than_its_checkpoint(defenceless: Session, signer: Signer) -> None:
    facts(defenceless, 6)
    held(defenceless, signer)
    defenceless.execute(text("DELETE FROM deliveries"))
    defenceless.execute(text(f"DELETE FROM journal_events WHERE chain = '{CHAIN}' AND seq > 4"))
    rewrite(defenceless, 1)
    walk_whole(CHAIN)
    assert [alarm.detail for alarm in defenceless.scalars(select(Alarm))] == ["the chain is shorter than its checkpoint of 6 facts"]


MUTATIONS = {
    "a byte of a payload is changed": ("UPDATE journal_events SET payload = replace(payload, 'note 3', 'note 4') WHERE {at}", 0),
    "a payload is changed with its commitment and everything recomputed": ("COMMIT", 4),
    "two facts are exchanged": ("SWAP", 0),
    "the last fact is dropped": ("DELETE FROM journal_events WHERE chain = 'edition:7' AND seq = 9", 0),
    "the last fact is dropped and the head moved": ("DELETE FROM journal_events WHERE chain = 'edition:7' AND seq = 9", 9),
    "a fact in the middle is dropped and everything renumbered": ("DELETE FROM journal_events WHERE {at}", 4),
    "a forged fact is inserted and everything recomputed": ("FORGE", 1),
    "a salt is changed": ("SALT", 0),
    "a name is changed and everything recomputed": ("UPDATE journal_events SET name = 'audit.thing_forged' WHERE {at}", 4),
    "a time is changed": ("UPDATE journal_events SET at = '2026-03-15 00:00:00.000000+00:00' WHERE {at}", 0),
}


@pytest.mark.parametrize("what", MUTATIONS)
def test_every_mutation_is_found(defenceless: Session, signer: Signer, what: str) -> None:
    facts(defenceless, 8)
    note = parse_note(held(defenceless, signer))
    defenceless.execute(text("DELETE FROM deliveries"))
    statement, recompute_from = MUTATIONS[what]
    _mutate(defenceless, statement)
    defenceless.expire_all()
    if recompute_from:
        rewrite(defenceless, 1 if recompute_from == 9 else recompute_from)
    by_itself = verify_chain(defenceless, CHAIN)
    outside = check_note(defenceless, note, signer)
    if recompute_from == 9:  # the ninth is the checkpoint's own fact, which no checkpoint covers yet
        assert (by_itself.is_whole, outside) == (True, "")
        return
    assert not by_itself.is_whole or outside
    if recompute_from:
        assert (by_itself.is_whole, outside != "") == (True, True)
    else:
        assert not by_itself.is_whole


def test_a_fact_that_was_made_to_fit_itself_is_betrayed_by_the_next(defenceless: Session) -> None:
    facts(defenceless, 6)
    _fit(defenceless, rows(defenceless)[3], name="audit.thing_forged")
    report = verify_chain(defenceless, CHAIN)
    assert (report.broken_at, report.reason) == (5, "the row does not link to the one before it")


def test_a_missing_number_is_named_although_every_link_fits(defenceless: Session) -> None:
    facts(defenceless, 6)
    prev = rows(defenceless)[3].hash
    for row in reversed(rows(defenceless)[4:]):
        defenceless.execute(text("UPDATE journal_events SET seq = seq + 1 WHERE id = :id"), {"id": row.id})
    defenceless.expire_all()
    for row in rows(defenceless)[4:]:
        prev = _fit(defenceless, row, prev=prev)
    defenceless.execute(text("UPDATE journal_heads SET seq = 7, hash = :hash WHERE chain = :chain"), {"hash": prev, "chain": CHAIN})
    defenceless.expire_all()
    report = verify_chain(defenceless, CHAIN)
    assert (report.broken_at, report.reason) == (5, "number 5 is missing")


def _fit(session: Session, row: JournalEvent, **changed: str) -> str:
    """Change the row and give it the hash that it would have had so."""
    name, prev = changed.get("name", row.name), changed.get("prev", row.prev)
    fresh = chain.link(CHAIN, row.seq, name, row.at, row.actor_id, row.actor_role, row.subject, row.subject_id, row.commit, prev)
    statement = text("UPDATE journal_events SET name = :name, prev = :prev, hash = :hash WHERE id = :id")
    session.execute(statement, {"name": name, "prev": prev, "hash": fresh, "id": row.id})
    session.expire_all()
    return fresh


def _mutate(session: Session, statement: str) -> None:
    fourth = rows(session)[3]
    if statement == "COMMIT":
        payload = (fourth.payload or "").replace("note 3", "note 9")
        values = {"p": payload, "c": chain.commitment(fourth.salt or b"", payload), "id": fourth.id}
        session.execute(text('UPDATE journal_events SET payload = :p, "commit" = :c WHERE id = :id'), values)
    elif statement == "SWAP":
        for number, to in ((4, 1000), (5, 4), (1000, 5)):
            session.execute(text("UPDATE journal_events SET seq = :to WHERE chain = 'edition:7' AND seq = :n"), {"to": to, "n": number})
    elif statement == "FORGE":
        session.execute(text("UPDATE journal_events SET seq = seq + 1000 WHERE chain = 'edition:7' AND seq > 4"))
        forged = JournalEvent(
            chain=CHAIN, seq=500, name="audit.thing_tried", at=NOW, subject="thing", subject_id=4, salt=b"s" * 32, payload="{}",
            commit=chain.commitment(b"s" * 32, "{}"), prev="", hash="",
        )  # fmt: skip
        session.add(forged)
        session.flush()
    elif statement == "SALT":
        session.execute(text("UPDATE journal_events SET salt = :s WHERE id = :id"), {"s": b"x" * 32, "id": fourth.id})
    else:
        session.execute(text(statement.format(at=f"id = {fourth.id}")))


@pytest.mark.parametrize(
    "change",
    [
        ("size: 4", "size: 3"),
        ("edition:7", "edition:8"),
        ("Ed25519", "none"),
        ("occasion: daily", "occasion: never"),
        ("signature: ", "signature: A"),
    ],
)  # fmt: skip
def test_an_altered_note_is_refused(session: Session, signer: Signer, change: tuple[str, str]) -> None:
    facts(session, 4)
    note = parse_note(held(session, signer).replace(*change))
    assert "altered" in check_note(session, note, signer)


@pytest.mark.parametrize("junk", ["", "jiebang checkpoint v1", "x\ny: z", "jiebang checkpoint v1\nsize: many\nsignature: a"])
def test_what_is_no_note_is_told_so(junk: str) -> None:
    with pytest.raises(NotACheckpoint):
        parse_note(junk)


def test_a_note_survives_the_mail(session: Session, signer: Signer) -> None:
    facts(session, 4)
    note = "\ufeff\r\n" + held(session, signer).replace("\n", "\r\n") + "\r\n\r\n"
    assert check_note(session, parse_note(note), signer) == ""
