"""Names inside files: found in every kind, held back from judges until the staff decides, and the original never touched."""

from __future__ import annotations

import io
import json

import pypdf
import pytest
from PIL import Image
from sqlalchemy import select

from app.accounts.enums import Role
from app.accounts.models import User
from app.audit.models import JournalEvent
from app.calls.models import Stage
from app.calls.rules import Disclosure, StageRules
from app.dynforms.schema import Field, FieldKind, FormSchema, Section
from app.entries.enums import BlindChoice
from app.entries.errors import FileNotAskedFor, NothingToRelease
from app.entries.jobs import clean_blind_files, finish_blind_copies
from app.entries.models import BlindCopy, EntryVersion
from app.entries.operations.attaching import attach_file
from app.entries.operations.checking import accept_entry
from app.entries.operations.deciding import decide_blind_file, replace_judges_file
from app.entries.operations.drafts import save_basics, start_entry
from app.entries.queries import material_of
from app.files.models import Blob
from app.files.operations import receive
from app.files.operations.sweeping import PATIENCE, forget_unused
from app.files.serving import read_blob
from app.notify.models import Message
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_user
from tests.factories.entries import hand_in, make_blind_call, words
from tests.factories.files import ANY, picture, upload
from tests.factories.office import core, pdf_with, slides, table, word
from tests.files.test_cleaning import everything_in
from tests.support.client import html
from tests.support.client import words as words_of

LEADER, UNIT = "欧阳甲午", "甲乙丙泵业有限公司"
KINDS = ["pdf", "docx", "pptx", "xlsx", "jpg", "doc"]
SCHEMA = FormSchema(
    sections=[Section("s", words("Section"))],
    fields=[Field("plan", FieldKind.FILE, words("Plan"), section="s", file_types=KINDS, max_files=12)],
)
CLEAN = [
    (pdf_with("本项目研究离心泵"), "a.pdf"),
    (word("正文", **{"docProps/core.xml": core(LEADER)}), "a.docx"),
    (word("正文", comments=f"<w:comment w:author='{LEADER}'><w:r><w:t>{LEADER}</w:t></w:r></w:comment>"), "b.docx"),
    (word("正文", document2=f"<w:ins w:author='{LEADER}'/><w:del w:author='{LEADER}'><w:delText>{LEADER}</w:delText></w:del>"), "c.docx"),
    (slides("要点", **{"ppt/commentAuthors.xml": f"<a name='x' author='{LEADER}'/>".encode()}), "a.pptx"),
    (table("数据", **{"xl/comments1.xml": f"<c><authors><author>{LEADER}</author></authors></c>".encode()}), "a.xlsx"),
    (picture("JPEG", exif=(lambda e: (e.__setitem__(0x013B, LEADER), e.tobytes())[1])(Image.Exif())), "a.jpg"),
]
TELLING = [
    (pdf_with("本项目研究离心泵", f"由{LEADER}完成"), "a.pdf"),
    (pdf_with("联系电话13800001234"), "b.pdf"),
    (word(f"由</w:t></w:r><w:r><w:t>{LEADER[:2]}</w:t></w:r><w:r><w:t>{LEADER[2:]}"), "a.docx"),
    (word("正文", header1=f"<w:r><w:t>{UNIT}</w:t></w:r>"), "b.docx"),
    (slides("要点", notes=f"讲者{LEADER}"), "a.pptx"),
    (slides("要点", media=f"{UNIT}.png"), "b.pptx"),
    (table(UNIT), "a.xlsx"),
    (word("正文", document2=b"<a>"), "broken.docx"),
]


@pytest.fixture
def entry(app, session):
    """A draft whose leader and unit are the canaries."""
    leader = acting(session, make_user(session, LEADER, email="leader-canary@example.org"))
    made = start_entry(session, call=make_blind_call(session, schema=SCHEMA), title="水泵", actor=leader, now=NOW)
    save_basics(session, entry=made, values={"unit_name": UNIT}, actor=leader, now=NOW)
    return made, leader


def accept(session, entry, *files: tuple[bytes, str]) -> BlindCopy:
    """Hand the files in, pass the formal check and clean them."""
    made, leader = entry
    for content, name in files:
        attach_file(session, entry=made, key="plan", upload=upload(content, name), actor=leader, now=NOW)
    hand_in(session, made)
    accept_entry(session, entry=made, actor=acting(session, make_user(session)), now=NOW)
    session.commit()
    clean_blind_files(made.id)
    return session.scalars(select(BlindCopy).where(BlindCopy.entry_id == made.id)).one()


def delivered(session, copy: BlindCopy, number: int) -> bytes | None:
    """What judges get of the copy's file: on their desk files are counted from one."""
    found = material_of(session, copy.entry_id, "X", blind=True, locale="zh_CN").file(number + 1)
    return read_blob(session.get_one(Blob, found.blob_id)) if found else None


def decide(session, copy: BlindCopy, number: int, choice: BlindChoice) -> None:
    decide_blind_file(
        session, copy=copy, number=number, choice=choice, reason="公共信息", actor=acting(session, make_user(session)), now=NOW
    )
    session.commit()


@pytest.mark.parametrize(("content", "name"), CLEAN, ids=[name for _content, name in CLEAN])
def test_traces_outside_the_text_are_removed_and_judges_get_the_file(session, entry, content: bytes, name: str) -> None:
    copy = accept(session, entry, (content, name))
    given = delivered(session, copy, 0)
    assert given is not None
    assert LEADER.encode() not in everything_in(given)
    assert copy.undecided == 0


@pytest.mark.parametrize(("content", "name"), TELLING, ids=[name for _content, name in TELLING])
def test_a_name_in_the_text_holds_the_file_back_until_the_staff_releases_it(session, entry, content: bytes, name: str) -> None:
    copy = accept(session, entry, (content, name))
    assert delivered(session, copy, 0) is None
    assert material_of(session, copy.entry_id, "X", blind=True, locale="zh_CN").files == ()
    assert copy.undecided == 1
    assert LEADER not in repr(copy.findings)
    decide(session, copy, 0, BlindChoice.RELEASE)
    assert delivered(session, copy, 0) is not None
    assert copy.undecided == 0
    fact = session.scalars(select(JournalEvent).where(JournalEvent.name == "entries.blind_file_decided")).one()
    assert json.loads(fact.payload)["decision"] == "release"


def test_the_staff_is_told_where_it_stands(session, entry) -> None:
    copy = accept(session, entry, TELLING[0], TELLING[4], (pdf_with(""), "scan.pdf"))
    rows = [(row["kind"], row.get("page"), row.get("part")) for row in copy.findings]
    assert ("member", 2, None) in rows
    assert ("member", None, "notes") in rows
    assert ("picture", 1, None) in rows
    assert [file["held_blob_id"] is not None for file in copy.content["files"]] == [True, True, False]


def test_the_original_stays_as_it_was_sent(session, entry) -> None:
    copy = accept(session, entry, *TELLING[:3])
    decide(session, copy, 0, BlindChoice.WITHHOLD)
    version = session.get_one(EntryVersion, copy.version_id)
    kept = [read_blob(session.get_one(Blob, file["blob_id"])) for file in version.content["files"]]
    assert kept == [content for content, _name in TELLING[:3]]


def test_a_withheld_file_stays_away_and_can_be_released_later(session, entry) -> None:
    copy = accept(session, entry, TELLING[0])
    decide(session, copy, 0, BlindChoice.WITHHOLD)
    assert delivered(session, copy, 0) is None
    decide(session, copy, 0, BlindChoice.RELEASE)
    assert delivered(session, copy, 0) is not None


def test_an_old_format_cannot_be_released_only_asked_for_anew(session, entry) -> None:
    copy = accept(session, entry, (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.doc"))
    assert copy.undecided == 1
    with pytest.raises(NothingToRelease):
        decide(session, copy, 0, BlindChoice.RELEASE)
    session.rollback()
    decide(session, copy, 0, BlindChoice.ASK)
    assert copy.undecided == 0


def test_the_teams_new_file_is_cleaned_held_and_given_when_released(session, entry) -> None:
    _made, leader = entry
    copy = accept(session, entry, TELLING[0])
    sent = receive(upload(pdf_with("没有名字"), "new.pdf"), ANY)
    with pytest.raises(FileNotAskedFor):
        replace_judges_file(session, copy=copy, number=0, upload=sent, actor=leader, now=NOW)
    session.rollback()
    decide(session, copy, 0, BlindChoice.ASK)
    replace_judges_file(session, copy=copy, number=0, upload=sent, actor=leader, now=NOW)
    session.commit()
    clean_blind_files(copy.entry_id)
    assert delivered(session, copy, 0) is None, "nobody has compared it yet"
    assert copy.undecided == 1
    assert forget_unused(session, now=NOW + 3 * PATIENCE) == 0
    decide(session, copy, 0, BlindChoice.RELEASE)
    assert "没有名字" in pypdf.PdfReader(io.BytesIO(delivered(session, copy, 0) or b"")).pages[0].extract_text()


def test_the_team_reads_why_and_sends_the_new_file_on_its_page(client, session, entry) -> None:
    made, leader = entry
    copy = accept(session, entry, TELLING[0])
    officer = make_user(session, "Officer")
    grant(session, officer, Role.ORGANIZER, edition=made.call.edition)
    session.commit()
    client.sign_in(officer)
    listed = client.get(f"/manage/{made.call.edition.code}/judges-files/")
    assert "水泵" in words_of(listed)
    address = f"/manage/{made.call.edition.code}/entries/{made.code}/judges-copy"
    page = client.get(address)
    assert "待您决定" in words_of(page)
    refused = client.post(f"{address}/files/0/decide", data={"choice": "ask", "reason": ""})
    assert refused.status_code == 422
    assert "请填写理由。" in words_of(refused)
    assert html(refused).select_one("input[value=ask][checked]") is not None
    client.post(f"{address}/files/0/decide", data={"choice": "ask", "reason": "第二页有姓名"})
    message = session.scalars(select(Message).where(Message.template == "entries/judges_file")).one()
    assert "第二页有姓名" in message.body_text
    client.sign_in(session.get_one(User, leader.user_id))
    mine = client.get(f"/my/entries/{made.code}")
    assert "a.pdf" in words_of(mine)
    place = f"/my/entries/{made.code}/judges-files/0"
    assert "第二页有姓名" in words_of(client.get(place))
    wrong = client.post(place, data={"file": (io.BytesIO(b"MZ"), "a.exe")})
    assert wrong.status_code == 422
    assert client.post(place, data={"file": (io.BytesIO(pdf_with("新")), "new.pdf")}).status_code == 303
    session.expire_all()
    assert copy.content["files"][0]["sent"] is True
    assert client.get(place).status_code == 404


def test_where_no_stage_is_blind_nothing_is_cleaned_until_one_becomes_blind(client, session, entry) -> None:
    made, _leader = entry
    officer = make_user(session, "Officer")
    grant(session, officer, Role.ORGANIZER, edition=made.call.edition)
    stage = session.scalars(select(Stage).where(Stage.edition_id == made.call.edition_id, Stage.name_en == "Blind review")).one()
    stage.rules = StageRules()
    copy = accept(session, entry, TELLING[0])
    assert [file.get("held_blob_id") for file in copy.content["files"]] == [None]
    assert copy.undecided == 0
    client.sign_in(officer)
    entries, judges_copy = f"/manage/{made.call.edition.code}/entries/", f"{made.code}/judges-copy"
    assert html(client.get(f"{entries}{made.code}")).select_one(f"a[href$='{judges_copy}']") is None
    stage.rules = StageRules(disclosure=Disclosure(blind=True))
    session.commit()
    finish_blind_copies()
    session.refresh(copy)
    assert copy.undecided == 1
    held = f"a[href='/manage/{made.call.edition.code}/judges-files/']"
    assert html(client.get(entries)).select_one(held) is not None
    assert html(client.get(f"{entries}{made.code}")).select_one(f"a[href$='{judges_copy}']") is not None
    stage.rules = StageRules()
    session.commit()
    assert html(client.get(entries)).select_one(held) is None
    assert "水泵" not in words_of(client.get(f"/manage/{made.call.edition.code}/judges-files/"))


def test_without_a_blind_stage_there_is_no_copy_for_judges_to_look_at(client, session, entry) -> None:
    """Nothing is made for judges there, so the page by its typed address would say for ever that it is being made."""
    copy = accept(session, entry, CLEAN[0])
    made = entry[0]
    organizer = make_user(session)
    grant(session, organizer, Role.ORGANIZER, edition=made.call.edition)
    client.sign_in(organizer)
    pages = [f"/manage/{made.call.edition.code}/entries/{made.code}/judges-copy{rest}" for rest in ("", "/files/0")]
    answers = [client.get(page) for page in pages]
    assert [answer.status_code for answer in answers] == [200, 200]
    [answer.close() for answer in answers]
    for stage in session.scalars(select(Stage).where(Stage.edition_id == made.edition_id)):
        stage.rules = StageRules(disclosure=Disclosure(blind=False))
    session.commit()
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert client.post(f"{pages[1]}/decide", data={"choice": "release", "reason": "because"}).status_code == 404
    assert copy.content["files"]
