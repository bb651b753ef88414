"""Which questions a section shows while some of what was typed cannot be stored."""

from __future__ import annotations

from datetime import timedelta

from app.accounts.models import User
from app.core import clock
from app.dynforms.schema import Condition, Field, FieldKind, FormSchema, Section, ShowIf
from tests.factories.entries import make_call, make_entry, words
from tests.support.client import html

SCHEMA = FormSchema(
    title=words("Entry form"), sections=[Section("about", words("About"))],
    fields=[
        Field("staff", FieldKind.NUMBER, words("Staff"), section="about"),
        Field("funded", FieldKind.YES_NO, words("Funded before"), section="about"),
        Field("sum", FieldKind.MONEY, words("How much"), section="about",
              show_if=ShowIf("all", [Condition("funded", "eq", True)])),
        Field("large", FieldKind.TEXT, words("Why so many"), section="about", show_if=ShowIf("all", [Condition("staff", "ge", "10")])),
    ],
)  # fmt: skip


def test_a_fault_in_one_field_hides_no_question_that_another_brings(client, session):
    now = clock.now()
    call = make_call(session, schema=SCHEMA, opens_at=now - timedelta(days=2), closes_at=now + timedelta(days=9))
    entry = make_entry(session, call, answers={"staff": "20"}, with_file=False, now=now)
    session.commit()
    client.sign_in(session.get_one(User, entry.leader_id))
    page, typed = f"/my/entries/{entry.code}/sections/about", {"x_staff": "many", "x_funded": "yes"}
    answer = client.post(f"{page}/autosave", data=typed, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["shown"]) == (422, {"staff": True, "funded": True, "sum": True, "large": True})
    refused = html(client.post(page, data=typed))
    hidden = {block["data-field"]: block.has_attr("hidden") for block in refused.select(".answer-block")}
    assert hidden == {"staff": False, "funded": False, "sum": False, "large": False}
    session.refresh(entry)
    assert entry.answers == {"staff": "20"}, "what cannot be read stores nothing"
