"""The language of a page is found quickly and is the one that Flask-Babel names."""

from __future__ import annotations

from babel import Locale
from flask import Flask
from flask_babel import force_locale, get_locale, refresh

from app.locales import DEFAULT, catalogues, in_force


def test_it_is_the_language_that_the_reader_and_the_program_choose(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert str(in_force()) == str(get_locale()) == "en"
        assert catalogues.fixed("Results") == "Results"
        with force_locale("zh_CN"):
            assert in_force() == get_locale() == Locale.parse("zh_CN")
            assert catalogues.fixed("Results") == catalogues.get_translations().gettext("Results") != "Results"
        assert str(in_force()) == "en"
        refresh()
        assert str(in_force()) == "en"
    with app.test_request_context("/"):
        assert in_force() == Locale.parse(DEFAULT)


def test_outside_of_the_application_there_is_none() -> None:
    assert in_force() is None
