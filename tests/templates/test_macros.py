"""The macros print what pages rely on: labels beside fields, errors that can be jumped to, words beside colours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField, IntegerField, StringField
from wtforms.validators import DataRequired

from app.core.forms import Form
from app.styleguide import SampleForm

NOW = datetime(2026, 3, 16, 4, 0, tzinfo=UTC)
IMPORTS = "".join(f"{{% import 'macros/{name}.html' as {name} %}}" for name in ("ui", "values", "progress", "actions", "forms", "tables"))
Render = Callable[..., BeautifulSoup]


class Member(Form):
    name = StringField("Name", [DataRequired("Name the member.")])


class Team(Form):
    size = IntegerField("Size")
    members = FieldList(FormField(Member), min_entries=2)


@pytest.fixture
def render(app: Flask) -> Render:
    def html(source: str, language: str = "en", **context: object) -> BeautifulSoup:
        with app.test_request_context("/"), force_locale(language):
            return BeautifulSoup(render_template_string(IMPORTS + source, **context), "html5lib")

    return html


def sample(app: Flask, **values: str) -> SampleForm:
    with app.test_request_context("/"):
        form = SampleForm(MultiDict(values), meta={"csrf": False})
        form.validate()
    return form


def test_a_refused_field_tells_its_error_to_readers_and_keeps_what_was_typed(app: Flask, render: Render) -> None:
    form = sample(app, amount="1e9")
    page = render("{{ forms.field(form.amount, hint='In yuan', unit='CNY') }}", form=form)
    box = page.select_one("#amount")
    assert box is not None
    assert box["value"] == "1e9"
    assert box["aria-invalid"] == "true"
    described = [page.select_one(f"#{name}") for name in str(box["aria-describedby"]).split()]
    assert [d.get_text(strip=True) if d else None for d in described] == ["In yuan", form.amount.errors[0]]
    assert page.select_one("label[for=amount]") is not None


def test_the_summary_jumps_to_every_field_with_an_error(app: Flask, render: Render) -> None:
    form = sample(app)
    page = render("{{ forms.error_summary(form, extra=[('Too late.', '')]) }}{{ forms.fields(form) }}", form=form)
    targets = [str(a["href"])[1:] for a in page.select(".error-summary a")]
    assert targets == [field.id for field in form if field.errors]
    assert all(page.select_one(f"#{target}") for target in targets)
    assert "Too late." in page.select_one(".error-summary").get_text()


class Consent(Form):
    agree = StringField("I have read this.", [DataRequired("Please read this.")])


def test_a_label_that_is_a_sentence_loses_its_full_stop_before_the_colon(app: Flask, render: Render) -> None:
    with app.test_request_context("/", method="POST"):
        form = Consent(MultiDict())
        form.validate()
    assert (
        render("{{ forms.error_summary(form) }}", form=form).select_one(".error-summary a").get_text()
        == "I have read this: Please read this."
    )


def test_a_form_without_errors_has_no_summary(render: Render) -> None:
    assert render("{{ forms.error_summary() }}").select(".error-summary") == []


def test_every_kind_of_field_has_a_label_or_legend(app: Flask, render: Render) -> None:
    page = render("{{ forms.fields(form) }}{{ forms.file_field(form.upload) }}", form=sample(app))
    for box in page.select("input:not([type=hidden]), select, textarea"):
        assert page.select_one(f"label[for='{box['id']}']") is not None, box
    assert [legend.get_text().replace("Required", "").strip(" *\n") for legend in page.select("legend")] == ["Radio", "Checks"]


def test_lists_of_forms_show_each_entry_with_its_own_error(app: Flask, render: Render) -> None:
    with app.test_request_context("/"):
        form = Team(MultiDict({"members-0-name": "Lin", "members-1-name": ""}), meta={"csrf": False})
        form.validate()
    page = render("{{ forms.fields(form) }}{{ forms.error_summary(form) }}", form=form)
    assert page.select_one("#members-1-name-error").get_text(strip=True) == "Name the member."
    assert page.select_one("#members-0-name-error") is None
    assert "Name the member." in page.select_one(".error-summary").get_text()


def test_text_of_users_is_escaped_everywhere(app: Flask, render: Render) -> None:
    evil = "<img src=x onerror=alert(1)>"
    page = render(
        "{{ ui.page_header(evil, crumbs=[(evil, '/')], lead=evil) }}{{ ui.badge(evil) }}{{ values.person(evil, evil) }}"
        "{{ values.code(evil) }}{{ values.facts([(evil, evil)]) }}{{ tables.empty_row(1, evil, evil, (evil, '/')) }}"
        "{{ actions.confirm_button(evil, '/', question=evil) }}{{ ui.alert(evil, title=evil) }}{{ forms.field(form.name) }}"
        "{{ progress.timeline([{'title': evil, 'when': evil, 'text': evil}]) }}{{ values.masked(evil, '/', 'x', evil) }}",
        evil=evil,
        form=sample(app, name=evil),
    )
    assert page.select("img") == []
    assert page.get_text().count(evil) > 10


def test_a_state_speaks_by_icon_and_word(render: Render) -> None:
    badge = render("{{ ui.state('rejected', 'Not passed') }}{{ ui.state('never_heard_of', 'Other') }}").select(".badge-state")
    assert [(b.get_text(strip=True), b["class"][1], b.select_one("use") is not None) for b in badge] == [
        ("Not passed", "tone-danger", True),
        ("Other", "tone-neutral", True),
    ]


def test_a_confirmation_asks_for_a_reason_and_carries_the_token(render: Render) -> None:
    form = render(
        "{{ actions.confirm_button('Revoke', '/go', question='Sure?', fields={'version': 3}, choices=[('a', 'Error')]) }}"
    ).select_one("form")
    assert form["method"] == "post"
    names = {box["name"]: box.get("value") for box in form.select("input, textarea")}
    assert names.keys() == {"csrf_token", "version", "reason_code", "reason"}
    assert names["version"] == "3"
    assert form.select_one("textarea[name=reason]").has_attr("required")


def test_a_confirmation_that_may_go_without_words_asks_for_none(render: Render) -> None:
    box = render("{{ actions.confirm_button('Agree', '/go', reason_min=0) }}").select_one("textarea[name=reason]")
    assert not {"required", "minlength"} & set(box.attrs)


def test_actions_are_printed_as_the_view_lists_them(render: Render) -> None:
    listed = [
        {"label": "Sign", "url": "/sign"},
        {"label": "Look", "url": "/look", "method": "get"},
        {"label": "Withdraw", "url": "/withdraw", "needs_reason": True, "style": "danger"},
        {"label": "Publish", "url": "/publish", "disabled_reason": "Three sheets are unsigned."},
    ]
    page = render("{{ actions.action_buttons(listed) }}", listed=listed)
    assert [form["action"] for form in page.select("form")] == ["/sign", "/withdraw"]
    assert page.select_one("a")["href"] == "/look"
    assert "Three sheets are unsigned." in page.get_text()
    assert page.select_one("button[disabled]").get_text(strip=True) == "Publish"
    assert page.select_one(".btn-primary").get_text(strip=True) == "Sign"


def test_pages_far_away_are_left_out_of_the_pager(render: Render) -> None:
    page = render("{{ progress.pagination(10, 20, address, total=391) }}", address=lambda n: f"?page={n}")
    numbers = [li.get_text(strip=True) for li in page.select(".pager li")]
    assert numbers == ["Previous", "1", "…", "8", "9", "10", "11", "12", "…", "20", "Next"]
    assert page.select_one("[aria-current=page]")["href"] == "?page=10"
    assert render("{{ progress.pagination(1, 1, none) }}").select("nav") == []


def test_a_deadline_says_zone_and_what_is_left(render: Render) -> None:
    page = render("{{ values.deadline(due, now) }}", language="zh_CN", due=NOW + timedelta(days=3), now=NOW)
    assert " ".join(page.get_text().split()) == "2026年3月19日 12:00 北京时间 还剩 3 天"
    assert page.select_one("[data-countdown]")["data-countdown"] == "2026-03-19T04:00:00+00:00"


def test_nothing_is_written_as_a_dash_and_zero_as_zero(render: Render) -> None:
    page = render("{{ values.mark(none) }}|{{ values.mark(zero) }}|{{ values.money(none) }}|{{ values.money(zero) }}", zero=Decimal(0))
    assert page.get_text().split("|") == ["—", "0", "—", "CNY 0"]


def test_sorting_turns_round_on_the_column_in_force(render: Render) -> None:
    page = render(
        "<table><tr>{{ tables.sort_head('Name', 'name', 'name', url) }}{{ tables.sort_head('Score', 'score', 'name', url) }}</tr></table>",
        url=lambda key: f"?sort={key}",
    )
    assert [(th.get("aria-sort"), th.a["href"]) for th in page.select("th")] == [("ascending", "?sort=-name"), (None, "?sort=score")]
