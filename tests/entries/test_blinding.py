"""Blind review: a canary in every field that tells who somebody is, and none of them where a judge can read."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.core import clock
from app.core.authz import SYSTEM
from app.dynforms.schema import Field, FieldKind, FormSchema, Section, Visibility
from app.entries.jobs import clean_blind_files
from app.entries.models import BlindCopy, BlindFile
from app.entries.operations.attaching import attach_file
from app.entries.operations.blinding import make_blind_copy
from app.entries.operations.checking import accept_entry
from app.entries.operations.drafts import save_answers, save_basics, start_entry
from app.entries.operations.teams import set_partner
from app.entries.queries import material_of
from app.entries.rules.blinding import Findings, Identity, neutral_text
from app.files.models import Blob
from app.files.operations.sweeping import PATIENCE, forget_unused
from app.files.serving import read_blob
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user
from tests.factories.entries import hand_in, leader_of, make_blind_call, words
from tests.factories.files import docx, pdf, upload

MARKS = {
    "leader": "欧阳甲午", "unit": "甲乙丙泵业有限公司", "partner": "Partner Canary Works", "contact": "司徒丁卯", "judges": "judges-canary",
    "staff": "staff-canary", "sensitive": "320506199001011234", "mail": "canary@example.org", "phone": "13800001234",
    "file": "canary-file", "author": "Canary Author",
}  # fmt: skip
SCHEMA = FormSchema(
    sections=[Section("s", words("Section"))],
    fields=[
        Field("summary", FieldKind.LONG_TEXT, words("Summary"), section="s"),
        Field("plan", FieldKind.FILE, words("Plan"), section="s", file_types=["pdf", "docx", "doc"], max_files=3),
        Field("licence", FieldKind.FILE, words("Licence"), section="s", visibility=Visibility.JUDGES),
        Field("contact", FieldKind.PERSON, words("Contact"), section="s"),
        Field("note", FieldKind.TEXT, words("Note"), section="s", visibility=Visibility.JUDGES),
        Field("inner", FieldKind.TEXT, words("Inner"), section="s", visibility=Visibility.STAFF),
        Field("card", FieldKind.TEXT, words("Card"), section="s", visibility=Visibility.SENSITIVE),
    ],
)


@pytest.fixture
def accepted(session):
    """An accepted entry with a canary wherever an identity can stand."""
    leader = acting(session, make_user(session, MARKS["leader"], email="leader-canary@example.org"))
    entry = start_entry(session, call=make_blind_call(session, schema=SCHEMA), title=f"{MARKS['unit']}的水泵", actor=leader, now=NOW)
    save_basics(session, entry=entry, values={"unit_name": MARKS["unit"]}, actor=leader, now=NOW)
    set_partner(session, entry=entry, name=MARKS["partner"], actor=leader, now=NOW)
    people = f"由{MARKS['leader']}（{MARKS['phone']}，{MARKS['mail']}）和{MARKS['contact']}"
    text = f"{people}、partner  canary works 共同研发。身份证{MARKS['sensitive']}"
    answers = {
        "summary": text, "contact": {"name": MARKS["contact"], "unit": MARKS["unit"], "phone": MARKS["phone"]}, "note": MARKS["judges"],
        "inner": MARKS["staff"], "card": MARKS["sensitive"],
    }  # fmt: skip
    save_answers(session, entry=entry, values=answers, actor=leader, now=NOW)
    for key, content, name in (
        ("plan", pdf(1, Author=MARKS["author"], Title=MARKS["unit"]), f"{MARKS['file']}.pdf"),
        ("plan", docx(**{"docProps__core.xml": MARKS["author"].encode()}), f"{MARKS['file']}.docx"),
        ("plan", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, f"{MARKS['file']}.doc"),
        ("licence", pdf(), f"{MARKS['file']}-licence.pdf"),
    ):
        attach_file(session, entry=entry, key=key, upload=upload(content, name), actor=leader, now=NOW)
    hand_in(session, entry)
    accept_entry(session, entry=entry, actor=acting(session, make_user(session)), now=NOW)
    session.commit()
    return entry


def desk(session, entry, *, blind: bool = True):
    """What stands on a judge's desk: there is one query for it."""
    return material_of(session, entry.id, entry.public_code, blind=blind, locale="zh_CN")


def delivered(session, shown):
    """Number, bytes and name of each file that a judge can fetch."""
    return {file.number: (session.get_one(Blob, file.blob_id), file.name) for file in shown.files}


def test_no_canary_in_anything_a_blind_judge_gets(app, session, accepted):
    clean_blind_files(accepted.id)
    shown = desk(session, accepted)
    copy = session.scalars(select(BlindCopy).where(BlindCopy.entry_id == accepted.id)).one()
    bytes_of_files = b""
    assert len(shown.files) == 2
    for blob, name in delivered(session, shown).values():
        content = read_blob(blob)
        bytes_of_files += content + name.encode() + blob.name.encode()
        if content.startswith(b"%PDF"):
            bytes_of_files += repr(pypdf.PdfReader(BytesIO(content)).metadata).encode()
    everything = repr(shown) + repr(copy.content) + repr(copy.title) + repr(copy.findings) + bytes_of_files.decode("latin-1")
    latin = {key: mark.encode().decode("latin-1") for key, mark in MARKS.items()}
    assert [key for key, mark in MARKS.items() if mark.lower() in everything.lower() or latin[key] in everything] == []


def test_the_judge_still_reads_the_matter(app, session, accepted):
    clean_blind_files(accepted.id)
    shown = desk(session, accepted)
    assert [field.key for section in shown.sections for field in section.fields] == ["summary", "plan", "contact"]
    assert "共同研发" in shown.sections[0].fields[0].text
    assert shown.title == "〔单位〕的水泵"
    assert [file.name for file in shown.files] == [f"{accepted.public_code}_{n}.{kind}" for n, kind in ((1, "pdf"), (2, "docx"))]


def test_a_person_in_a_blind_safe_field_is_left_out_and_not_shown_as_it_was(app, session, accepted):
    shown = desk(session, accepted)
    contact = shown.sections[0].fields[-1]
    assert (contact.key, contact.is_empty) == ("contact", True)


def test_the_staff_is_told_what_was_replaced_and_what_is_withheld(app, session, accepted):
    clean_blind_files(accepted.id)
    copy = session.scalars(select(BlindCopy).where(BlindCopy.entry_id == accepted.id)).one()
    found = {(row["place"], row["kind"]): row["count"] for row in copy.findings}
    assert found["summary", "contact"] == 3
    assert found["summary", "member"] == 2
    assert found["summary", "unit"] == 1
    assert found[f"{accepted.public_code}_3.doc", "withheld"] == 1


def test_a_file_that_cannot_be_cleaned_or_is_not_ready_is_not_delivered(app, session, accepted):
    assert (desk(session, accepted).files, desk(session, accepted).pending) == ((), 3)
    clean_blind_files(accepted.id)
    clean_blind_files(accepted.id)
    assert ([file.number for file in desk(session, accepted).files], desk(session, accepted).pending) == ([1, 2], 0)
    assert (desk(session, accepted).file(3), desk(session, accepted).file(99)) == (None, None)


def test_an_open_stage_shows_judges_fields_and_the_files_as_sent(app, session, accepted):
    shown = desk(session, accepted, blind=False)
    text = repr(shown)
    assert MARKS["judges"] in text
    assert MARKS["staff"] not in text
    assert f"{MARKS['file']}-licence.pdf" in [file.name for file in shown.files]
    first = next(file for file in shown.files if file.name == f"{MARKS['file']}.pdf")
    assert session.get_one(Blob, first.blob_id).name == f"{MARKS['file']}.pdf"


def test_a_blank_text_stays_blank(session):
    assert neutral_text("", Identity(("Li Hua",), ()), "x", Findings()) == ""


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Li Hua leads", "〔成员〕 leads"), ("LI  HUA leads", "〔成员〕 leads"), ("Lihuana", "Lihuana"), ("liquid", "liquid"),
        ("call 138-0000-1234", "call 〔联系方式〕"), ("order 213800001234", "order 213800001234"), ("a@b.cn", "〔联系方式〕"),
    ],
)  # fmt: skip
def test_names_are_found_in_any_case_and_only_as_whole_words(text, result):
    assert neutral_text(text, Identity(("Li Hua", "Li"), ()), "x", Findings()) == result


def test_public_codes_say_nothing_of_the_order(session):
    """Rank correlation of code and order over 200 draws stays small."""
    from app.core.codes import code

    drawn = [code(6) for _n in range(200)]
    ranks = {value: rank for rank, value in enumerate(sorted(drawn))}
    distance = sum((place - ranks[value]) ** 2 for place, value in enumerate(drawn))
    correlation = 1 - 6 * distance / (200 * (200**2 - 1))
    assert abs(correlation) < 0.3


def test_the_leader_gets_no_sequential_names(session, accepted):
    assert not accepted.code.isdigit()
    assert session.get_one(User, accepted.leader_id).name == MARKS["leader"]
    assert leader_of(session, accepted).user_id == accepted.leader_id


def test_the_nightly_sweep_keeps_the_judges_files(session, accepted):
    clean_blind_files(accepted.id)
    kept = list(session.scalars(select(BlindFile.blob_id)))
    forget_unused(session, now=clock.now() + PATIENCE + timedelta(days=1))
    session.expire_all()
    assert len(kept) == 2  # the PDF and the Word file; the old Word format is withheld
    assert [read_blob(blob)[:2] for blob in session.scalars(select(Blob).where(Blob.id.in_(kept)).order_by(Blob.id))] == [b"%P", b"PK"]


def test_a_copy_made_anew_lets_go_of_the_files_of_the_one_before(session, accepted):
    clean_blind_files(accepted.id)
    make_blind_copy(session, entry=accepted, actor=SYSTEM, now=NOW)
    assert session.scalars(select(BlindFile)).all() == []
