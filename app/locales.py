"""Language and time zone of a request: Chinese first, English complete; one catalogue a feature."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, Domain, get_locale
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context
from markupsafe import Markup

from config import ROOT

from .core.clock import DEFAULT_ZONE

LOCALES = {"zh_CN": "中文", "en": "English"}
DEFAULT = "zh_CN"

parsed = cache(Locale.parse)  # a locale is read from the library's data once, not once a request


def in_force() -> Locale | None:
    """``get_locale()``, by one look at the request's globals where it is known already: a long page asks some three hundred times."""
    try:
        known = g._get_current_object().get("_flask_babel")
    except RuntimeError:  # outside of the application there is no language
        return None
    locale = getattr(known, "babel_locale", None)
    return get_locale() if locale is None else locale


class Catalogues(Domain):
    """All features' catalogues, merged once a language. A page asks for some hundred texts: each costs two look-ups."""

    def __init__(self) -> None:
        super().__init__()
        self._merged: dict[Locale | None, Translations | NullTranslations] = {}
        self._fixed: dict[Locale | None, dict[str, Markup]] = {}

    def get_translations(self) -> Translations | NullTranslations:
        """The catalogue of the language in force."""
        locale = in_force()
        known = self._merged.get(locale)
        if known is None:
            known = self._merged[locale] = super().get_translations()
        return known

    def fixed(self, text: str) -> Markup:
        """A text without values, ready for the page; texts are those of the templates, so their number has an end."""
        known = self._fixed.setdefault(in_force(), {})
        written = known.get(text)
        if written is None:
            written = known[text] = Markup(self.get_translations().gettext(text)) % {}  # nosec B704 -- our own catalogue
        return written


catalogues = Catalogues()


@pass_eval_context
def say(context: EvalContext, text: str, /, **values: Any) -> str:
    """``_(…)`` of the templates: the translation with its values, which are escaped where the template escapes."""
    if not context.autoescape:
        return catalogues.get_translations().gettext(text) % values
    if not values:
        return catalogues.fixed(text)
    return Markup(catalogues.get_translations().gettext(text)) % values  # nosec B704 -- our own catalogue; values are escaped


@pass_eval_context
def say_number(context: EvalContext, one: str, many: str, number: int, /, **values: Any) -> str:
    """``ngettext(…)`` of the templates; the number is the value ``num``."""
    written = catalogues.get_translations().ungettext(one, many, number)
    text = Markup(written) if context.autoescape else written  # nosec B704 -- our own catalogue; values are escaped
    return text % {"num": number, **values}


def init(app: Flask, babel: Babel) -> None:
    directories = sorted(str(path) for path in (ROOT / "app").glob("**/translations") if path.is_dir())
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(directories)
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_DEFAULT_TIMEZONE"] = DEFAULT_ZONE
    babel.init_app(app, locale_selector=lambda: parsed(select_locale()), timezone_selector=select_zone)
    babel.domain_instance = catalogues
    app.jinja_env.globals.update({"_": say, "gettext": say, "ngettext": say_number})


def select_locale() -> str:
    """What the person chose, else what their browser asks for, else Chinese."""
    if not has_request_context():
        return g.get("locale", DEFAULT)
    if "locale" in g:
        return str(g.locale)
    chosen = session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    return "en" if request.accept_languages.best_match(["zh", "zh-CN", "en"]) == "en" else DEFAULT


def select_zone() -> str:
    """The zone of the edition on the page, set by the view; otherwise the site's."""
    return str(g.get("zone", DEFAULT_ZONE))
