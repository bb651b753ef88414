"""The page /styleguide, in development only: every macro once, with sample values in the reader's language."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from flask import Flask, render_template, request
from flask_babel import get_locale
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import DataRequired

from .core import web
from .core.authz import public
from .core.forms import ExactField, Form, offered

WORDS = {
    "zh": ["导出当前视图", "新建项目", "技术专家", "审查通过", "退回补正", "这里还没有项目"],
    "en": ["Export this view", "New entry", "Technical expert", "Pass", "Return", "No entries yet"],
}
TITLES = {
    "zh": ("参赛项目与形式审查", "参赛项目", "成长组 · 新材料赛道", "共收到 236 个项目，其中 12 个等待形式审查。"),
    "en": (
        "Entries and formal check",
        "Entries",
        "Growth group · new materials",
        "236 entries; 12 to be checked.",
    ),
}
STAGES = {
    "zh": ("申报", "形式审查", "网络评审", "路演决赛"),
    "en": ("Entry", "Formal check", "Online review", "Roadshow"),
}
STATES = {
    "zh": ["草稿", "申报中", "评审中", "已提交", "退回补正", "通过", "不通过", "已签署", "公示中", "已结束", "已逾期"],
    "en": [
        "Draft",
        "Open",
        "Judging",
        "Submitted",
        "Returned",
        "Passed",
        "Rejected",
        "Signed",
        "In notice",
        "Finished",
        "Overdue",
    ],
}
STATE_WORDS = [
    "draft",
    "open",
    "judging",
    "submitted",
    "returned",
    "passed",
    "rejected",
    "signed",
    "in_notice",
    "finished",
    "overdue",
]
PROJECTS = {
    "zh": ("高导热半导体热界面材料", "海上风电机组载荷计算软件", "抗体药物连续流制备", "矿用旋回破碎机智能控制"),
    "en": (
        "Thermal interface materials",
        "Load software for offshore wind",
        "Continuous antibodies",
        "Crusher control",
    ),
}
QR = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 4'%3E"
    "%3Cpath d='M0 0h2v2H0zM3 3h1v1H3zM2 2h1v1H2z'/%3E%3C/svg%3E"
)


class SampleForm(Form):
    """One field of each kind."""

    name = StringField("Name", [DataRequired()], description="StringField")
    kind = SelectField("Select", choices=offered([("a", "A"), ("b", "B")]))
    stage = RadioField("Radio", choices=offered([("y", "Y"), ("n", "N")]), validators=[DataRequired()])
    topics = SelectMultipleField(
        "Checks",
        choices=offered([("1", "I"), ("2", "II"), ("3", "III")]),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    day = DateField("Date")
    agree = BooleanField("Declaration", [DataRequired()])
    amount = ExactField("Money")
    text = TextAreaField("Long text")
    upload = FileField("File", description="PDF")


def init(app: Flask) -> None:
    app.add_url_rule("/styleguide", "styleguide", show)


@public
def show() -> str:
    """The style guide; ?errors=1 shows the form as refused."""
    form = SampleForm(meta={"csrf": False})
    if request.args.get("errors"):
        form.validate()
    return render_template(
        "styleguide.html",
        form=form,
        sample=sample("zh" if str(get_locale()).startswith("zh") else "en"),
        sort_url=lambda key: f"?sort={key}",
        page_url=lambda number: f"?page={number}",
    )


def sample(language: str) -> SimpleNamespace:
    """Sample values: texts in the language, times around the request's now."""
    title, parent, kicker, lead = TITLES[language]
    words, stages, now = WORDS[language], STAGES[language], web.now()
    return SimpleNamespace(
        title=title,
        parent=parent,
        kicker=kicker,
        lead=lead,
        words=words,
        now=now,
        due=now + timedelta(days=3, hours=2),
        unit="×10⁴ CNY" if language == "en" else "万元",
        person="沈知远",
        qr=QR,
        tabs=[
            {"label": parent, "url": "#", "active": True, "count": 236},
            *({"label": s, "url": "#"} for s in stages[1:]),
        ],
        tiles=tiles(stages),
        steps=[{"label": s, "state": state} for s, state in zip(stages, ("done", "current", "todo", "locked"), strict=True)],
        options=[("a", words[3]), ("b", words[4])],
        chips=[{"label": w, "url": "#", "count": n, "active": n == 12} for w, n in ((words[3], 12), (words[4], 3))],
        rows=rows(language),
        actions=buttons(words, lead),
        states=list(zip(STATE_WORDS, STATES[language], strict=True)),
        timeline=timeline(stages),
        tasks=tasks(stages),
    )


def tiles(stages: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"label": stages[0], "value": "236", "icon": "send-check", "tone": "info"},
        {"label": stages[1], "value": "12", "url": "#", "tone": "warning", "icon": "clipboard"},
        {"label": stages[2], "value": "68", "unit": "%", "tone": "success"},
        {"label": stages[3], "value": "1,200", "unit": "CNY"},
    ]


def rows(language: str) -> list[SimpleNamespace]:
    marks = ("91.335", "88.5", "84.00", "71.25")
    states = ("passed", "submitted", "returned", "rejected")
    names = dict(zip(STATE_WORDS, STATES[language], strict=True))
    return [
        SimpleNamespace(code=f"JB-26-{n:04d}", name=name, state=state, state_label=names[state], score=Decimal(mark))
        for n, (name, state, mark) in enumerate(zip(PROJECTS[language], states, marks, strict=True), start=17)
    ]


def buttons(words: list[str], lead: str) -> list[dict[str, Any]]:
    return [
        {"label": words[3], "url": "#", "icon": "check-lg"},
        {"label": words[4], "url": "#", "needs_reason": True, "style": "danger", "icon": "arrow-return-left"},
        {"label": words[1], "url": "#", "disabled_reason": lead},
        {"label": words[0], "url": "#", "method": "get", "style": "link", "icon": "eye"},
    ]


def timeline(stages: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"title": stages[0], "when": "2026-03-01", "state": "done"},
        {"title": stages[1], "when": "2026-04-30 17:00", "state": "current", "text": stages[0]},
        {"title": stages[2], "when": "2026-05-06", "warning": stages[3]},
        {"title": stages[3], "when": "2026-06-12"},
    ]


def tasks(stages: tuple[str, ...]) -> list[dict[str, Any]]:
    found = zip(stages, ("done", "fault", "current", "locked"), strict=True)
    return [{"label": label, "state": state, "url": "#", "note": stages[0]} for label, state in found]
