"""The form builder: fields, order, conditions in words, preview, publication; what entries keep."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from app.accounts.enums import Role
from app.audit.models import JournalEvent
from app.core import clock
from app.dynforms import editing
from app.dynforms.enums import KIND_LABELS
from app.dynforms.faults import schema_faults
from app.dynforms.models import FormDefinition, FormVersion
from app.dynforms.operations import versions
from app.dynforms.schema import Column, Condition, Field, FieldKind, FormSchema, Option, Section, ShowIf, Text
from app.dynforms.sentences import condition_sentence
from app.entries.models import Entry
from app.files.kinds import KINDS
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_organization, make_user
from tests.factories.entries import make_call, make_edition, make_entry
from tests.support.client import html, words

TYPES = frozenset(KINDS)


def text(value: str) -> Text:
    return Text(zh=value, en=value)


@pytest.fixture
def edition(session):
    return make_edition(session, host=make_organization(session))


@pytest.fixture
def staff(client, session, edition):
    officer = make_user(session, "Officer")
    grant(session, officer, Role.ORGANIZER, edition=edition)
    return client.sign_in(officer)


def path(edition, rest: str = "") -> str:
    return f"/manage/{edition.code}/forms/{rest}"


def latest(session) -> FormVersion:
    session.expire_all()
    return session.scalars(select(FormVersion).order_by(FormVersion.id.desc())).first()


@pytest.fixture
def form(staff, session, edition):
    staff.post(path(edition), data={"name": "Application"})
    return session.scalars(select(FormDefinition).where(FormDefinition.edition_id == edition.id)).one()


def test_the_builder_is_not_there_for_others(client, staff, session, edition, form):
    client.sign_in(make_user(session))
    for rest in ("", f"{form.id}"):
        assert client.get(path(edition, rest)).status_code == 404
    supervisor = make_user(session)
    grant(session, supervisor, Role.SUPERVISOR, edition=edition)
    assert client.sign_in(supervisor).post(path(edition), data={"name": "X"}).status_code == 403


def test_a_form_of_another_edition_is_not_found_through_mine(staff, session, edition, form):
    other = make_edition(session)
    officer = session.scalars(select(JournalEvent.actor_id).where(JournalEvent.name == "dynforms.form_created")).one()
    from app.accounts.models import User

    grant(session, session.get_one(User, officer), Role.ORGANIZER, edition=other)
    session.commit()
    assert staff.get(path(other, str(form.id))).status_code == 404


@pytest.mark.parametrize("kind", list(FieldKind))
def test_every_kind_can_be_added_edited_and_previewed(staff, session, edition, form, kind):
    answer = staff.post(path(edition, f"{form.id}/fields"), data={"kind": kind.value})
    assert answer.status_code == 303
    assert staff.get(answer.location).status_code == 200
    key = latest(session).schema.fields[0].key
    given = {
        "label_zh": "问题", "label_en": "Question", "section": "", "visibility": "staff", "required": "y", "join": "all",
        "options": "a | 甲\nb | 乙",
        "columns": "name | 名称 | Name | text | required", "max_mb": "5", "max_files": "2", "file_types": "PDF, .docx", "body_zh": "声明",
        "min_rows": "1", "max_rows": "3", "places": "1", "low": "0", "high": "9",
    }  # fmt: skip
    shown = staff.post(path(edition, f"{form.id}/fields/{key}/preview"), data=given)
    assert "问题" in words(shown) or "Question" in words(shown)
    assert latest(session).schema.fields[0].label.zh == str(KIND_LABELS[kind])
    assert staff.post(path(edition, f"{form.id}/fields/{key}"), data=given).status_code == 303
    saved = latest(session).schema.fields[0]
    assert (saved.label.en, saved.kind) == ("Question", kind)
    assert versions.faults_of(latest(session).schema) == [] or kind == FieldKind.HEADING


def test_fields_move_without_script_one_step_and_with_it_all_at_once(staff, session, edition, form):
    for _n in range(3):
        staff.post(path(edition, f"{form.id}/fields"), data={"kind": "text"})
    first, second, third = [f.key for f in latest(session).schema.fields]
    staff.post(path(edition, f"{form.id}/order"), data={"move": f"{third}:up"})
    assert [f.key for f in latest(session).schema.fields] == [first, third, second]
    numbers = {f"position_{first}": "3", f"position_{second}": "1", f"position_{third}": "2"}
    staff.post(path(edition, f"{form.id}/order"), data=numbers)
    assert [f.key for f in latest(session).schema.fields] == [second, third, first]


def test_conditions_are_chosen_from_earlier_fields_and_read_as_a_sentence(staff, session, edition, form):
    staff.post(path(edition, f"{form.id}/fields"), data={"kind": "choice"})
    staff.post(path(edition, f"{form.id}/fields"), data={"kind": "text"})
    one, two = [f.key for f in latest(session).schema.fields]
    staff.post(
        path(edition, f"{form.id}/fields/{one}"),
        data={"label_zh": "类型", "label_en": "Type", "visibility": "staff", "options": "c | 企业\nt | 团队", "join": "all"},
    )
    given = {"label_zh": "企业名称", "visibility": "staff", "join": "all", "field_0": one, "op_0": "eq", "value_0": "企业"}
    assert staff.post(path(edition, f"{form.id}/fields/{two}"), data=given).status_code == 303
    schema = latest(session).schema
    assert schema.fields[1].show_if == ShowIf("all", [Condition(one, "eq", "c")])
    assert "企业" in condition_sentence(schema.fields[1], schema, "zh_CN")
    assert staff.post(path(edition, f"{form.id}/fields/{one}"), data={**given, "field_0": two}).status_code == 422


class TestPublishing:
    @pytest.fixture
    def ready(self, staff, session, edition, form):
        staff.post(path(edition, f"{form.id}/fields"), data={"kind": "text"})
        return form

    def test_an_empty_form_is_not_published(self, staff, session, edition, form):
        answer = staff.post(path(edition, f"{form.id}/publish"), data={})
        assert answer.status_code == 422
        assert latest(session).published_at is None

    def test_published_is_for_good(self, staff, session, edition, ready):
        assert staff.post(path(edition, f"{ready.id}/publish"), data={}).status_code == 303
        assert "已发布。尚无项目开始填报。" in words(staff.get(path(edition, f"{ready.id}")))
        version = latest(session)
        before = msgspec.json.encode(version.schema)
        assert len(version.digest) == 64
        staff.post(path(edition, f"{ready.id}/fields"), data={"kind": "text"})
        staff.post(path(edition, f"{ready.id}/fields/{version.schema.fields[0].key}/remove"))
        assert msgspec.json.encode(latest(session).schema) == before
        with pytest.raises(versions.Published):
            versions.save_schema(session, version=version, schema=FormSchema(), actor=acting(session, make_user(session)), now=NOW)

    def test_a_change_begins_a_new_version(self, staff, session, edition, ready):
        staff.post(path(edition, f"{ready.id}/publish"), data={})
        staff.post(path(edition, f"{ready.id}/draft"))
        staff.post(path(edition, f"{ready.id}/draft"))
        staff.post(path(edition, f"{ready.id}/fields"), data={"kind": "date"})
        made = select(FormVersion).where(FormVersion.definition_id == ready.id).order_by(FormVersion.number)
        numbers = [(v.number, len(v.schema.fields)) for v in session.scalars(made)]
        assert numbers == [(1, 1), (2, 2)]

    def test_after_opening_a_reason_is_asked_and_entries_keep_theirs(self, staff, session, edition, ready):
        today = clock.now()
        call = make_call(session, edition, opens_at=today - timedelta(days=1), closes_at=today + timedelta(days=9))
        entry = make_entry(session, call, now=today)
        old = call.form_version_id
        session.commit()
        assert staff.post(path(edition, f"{ready.id}/publish"), data={"calls": call.code}).status_code == 422
        answer = staff.post(path(edition, f"{ready.id}/publish"), data={"calls": call.code, "reason": "a question was missing"})
        assert answer.status_code == 303
        session.refresh(call)
        published = session.scalars(select(FormVersion).where(FormVersion.definition_id == ready.id)).one()
        assert call.form_version_id == published.id != old
        assert session.get_one(Entry, entry.id).form_version_id == old


class TestFaults:
    def faults(self, *fields: Field, sections: tuple[Section, ...] = ()) -> list[str]:
        return [fault.key for fault in schema_faults(FormSchema(sections=list(sections), fields=list(fields)), TYPES)]

    def field(self, key: str = "a", kind: FieldKind = FieldKind.TEXT, **values: object) -> Field:
        return Field(key=key, kind=kind, label=text("A"), **values)

    def test_a_sound_form_has_none(self, app, session):
        with app.test_request_context():
            assert self.faults(self.field()) == []

    @pytest.mark.parametrize(
        "field",
        [
            Field("A b", FieldKind.TEXT, Text("A")), Field("a", FieldKind.TEXT, Text("")), Field("a", FieldKind.TEXT,
                Text("A"), section="none"),
            Field("a", FieldKind.CHOICE, Text("A"), options=[Option("x", Text("X"))]),
            Field("a", FieldKind.CHOICE, Text("A"), options=[Option("x", Text("X")), Option("x", Text("Y"))]),
            Field("a", FieldKind.NUMBER, Text("A"), low="9", high="1"), Field("a", FieldKind.NUMBER, Text("A"), low="one", high="2"),
            Field("a", FieldKind.FILE, Text("A"), file_types=["exe"]), Field("a", FieldKind.FILE, Text("A"), max_files=0),
            Field("a", FieldKind.TABLE, Text("A")), Field("a", FieldKind.TABLE, Text("A"), columns=[Column("f", Text("F"),
                FieldKind.FILE)]),
            Field("a", FieldKind.TABLE, Text("A"), columns=[Column("f", Text("F"))], min_rows=5, max_rows=2),
            Field("a", FieldKind.DECLARATION, Text("A")), Field("a", FieldKind.TEXT, Text("A"), max_chars=0),
            Field("a", FieldKind.TEXT, Text("A"), required_after=NOW, frozen_after=NOW - timedelta(days=1)),
            Field("a", FieldKind.TEXT, Text("A"), show_if=ShowIf("all", [Condition("later", "eq", "1")])),
            Field("a", FieldKind.TEXT, Text("A"), show_if=ShowIf("all", [Condition("a", "eq", "1")])),
        ],
    )  # fmt: skip
    def test_each_mistake_is_named_at_its_field(self, app, session, field):
        with app.test_request_context():
            assert self.faults(field) == [field.key]

    def test_two_fields_of_one_key(self, app, session):
        with app.test_request_context():
            assert self.faults(self.field(), self.field()) == ["a"]

    def test_a_comparison_must_fit_the_kind(self, app, session):
        with app.test_request_context():
            rule = ShowIf("all", [Condition("a", "lt", "5")])
            assert self.faults(self.field("a", FieldKind.LONG_TEXT), self.field("b", show_if=rule)) == ["b"]

    @pytest.mark.parametrize(("kind", "good", "bad"), [
        (FieldKind.NUMBER, "5.5", "many"), (FieldKind.MONEY, "20", "x"), (FieldKind.DATE, "2026-03-01", "soon"),
        (FieldKind.CHOICE, "a", "Company"), (FieldKind.YES_NO, False, None),
    ])  # fmt: skip
    def test_a_condition_compares_with_what_can_be_answered(self, app, session, kind, good, bad):
        asked = self.field("a", kind, options=[Option("a", text("甲")), Option("b", text("乙"))] if kind == FieldKind.CHOICE else [])
        with app.test_request_context():
            for value, faults in ((good, []), (bad, ["b"])):
                assert self.faults(asked, self.field("b", show_if=ShowIf("all", [Condition("a", "eq", value)]))) == faults


def test_yes_and_no_are_read_and_nothing_else_is():
    schema = FormSchema(text("表"), [], [Field(key="a", kind=FieldKind.YES_NO, label=text("甲"))])
    typed = {word: editing.read_conditions("all", [("a", "eq", word)], schema).conditions[0].value for word in ("是", "No", "perhaps")}
    assert typed == {"是": True, "No": False, "perhaps": None}


def test_two_names_without_a_key_are_chinese_and_english():
    made = editing.read_options("低空物流 | Logistics\nx | 空域")
    assert [option.label for option in made] == [Text("低空物流", "Logistics"), Text("空域")]
    assert (made[0].key.isascii(), made[1].key) == (True, "x")


def test_columns_and_options_read_back_what_they_wrote():
    columns = [Column("name", text("名称"), FieldKind.TEXT, required=True), Column("sum", text("金额"), FieldKind.MONEY)]
    options = [Option("x", text("甲")), Option("y", Text("乙"))]
    for locale in ("zh_CN", "en"):
        assert editing.read_columns(editing.write_columns(columns, locale)) == columns
    assert editing.write_columns(columns, "zh_CN") == "name | 名称 | 名称 | 文字 | 必填\nsum | 金额 | 金额 | 金额"
    assert editing.read_options(editing.write_options(options)) == options
    assert [o.label.zh for o in editing.read_options("只有名称\n\n")] == ["只有名称"]


def test_a_column_of_an_unknown_kind_is_refused_beside_the_columns(staff, session, edition, form):
    staff.post(path(edition, f"{form.id}/fields"), data={"kind": "table"})
    key = latest(session).schema.fields[0].key
    data = {"label_zh": "经费", "visibility": "blind_safe", "columns": "sum | 金额 | Sum | 钱"}
    answer = staff.post(path(edition, f"{form.id}/fields/{key}"), data=data)
    assert answer.status_code == 422
    assert "没有这种列类型：钱。" in html(answer).select_one("[name=columns]").find_parent(class_="field").get_text()
    assert staff.post(path(edition, f"{form.id}/fields/{key}"), data={**data, "columns": "sum | 金额 | Sum | 金额"}).status_code == 303
    assert latest(session).schema.fields[0].columns[0].kind == FieldKind.MONEY


def test_the_page_shows_the_form_as_teams_see_it(staff, session, edition, form):
    staff.post(path(edition, f"{form.id}/sections"), data={"title_zh": "概况", "title_en": "Overview"})
    section = latest(session).schema.sections[0].key
    staff.post(path(edition, f"{form.id}/fields"), data={"kind": "money", "section": section})
    page = html(staff.get(path(edition, str(form.id))))
    assert page.select_one(f"[name=x_{latest(session).schema.fields[0].key}]") is not None
    staff.post(path(edition, f"{form.id}/sections"), data={"remove": section})
    assert latest(session).schema.fields[0].section == ""
