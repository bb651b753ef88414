"""What forms say of their own accord: what to do, in the reader's language, with the numbers filled in."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.core.forms import AnswerField, Form, WholeField, offered


class Sample(Form):
    name = StringField("name", [InputRequired()])
    code = StringField("code", [Length(min=3, max=40)])
    count = WholeField("count")
    choice = AnswerField("choice", choices=offered([("x", "X")]))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-CN", {"name": ["请填写此项。"], "code": ["请填写 3 至 40 个字符。"], "choice": ["请从列表中选择。"]}),
        (
            "en",
            {"name": ["Please fill this in."], "code": ["Please write 3 to 40 characters."], "choice": ["Please choose from the list."]},
        ),
    ],
)
def test_the_librarys_sentences_are_said_in_our_words(app: Flask, language: str, expected: dict[str, list[str]]):
    sent = MultiDict({"code": "v7", "choice": "elsewhere", "count": "3"})
    with app.test_request_context(method="POST", data=sent, headers={"Accept-Language": language}):
        form = Sample()
        assert form.validate() is False
        assert form.errors == expected
