"""Texts of the templates: found in the catalogue of the language in force, values escaped, whatever was asked before."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale, gettext, lazy_gettext

SIGN_IN = {"zh_CN": "登录", "en": "Sign in"}


def test_a_text_follows_the_language_of_the_moment(app: Flask) -> None:
    lazy = lazy_gettext("Sign in")
    with app.test_request_context("/"):
        for locale in ("zh_CN", "en", "zh_CN"):
            with force_locale(locale):
                said = {gettext("Sign in"), str(lazy), render_template_string("{{ _('Sign in') }}")}
                assert said == {SIGN_IN[locale]}


def test_values_are_escaped_and_a_doubled_percent_sign_is_one(app: Flask) -> None:
    with app.test_request_context("/"), force_locale("en"):
        assert render_template_string("{{ _('weight %(weight)s%%', weight='<b>') }}") == "weight &lt;b&gt;%"
        assert render_template_string("{{ _('100%%') }}") == "100%"


@pytest.mark.parametrize(("locale", "number", "text"), [("en", 1, "1 division"), ("en", 2, "2 divisions"), ("zh_CN", 2, "2 个赛道组别")])
def test_a_number_chooses_its_form(app: Flask, locale: str, number: int, text: str) -> None:
    with app.test_request_context("/"), force_locale(locale):
        assert render_template_string("{{ ngettext('%(num)s division', '%(num)s divisions', n) }}", n=number) == text
