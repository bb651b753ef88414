"""Words that rules use: degrees, categories of judges, the reader's side of a two-language text."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.calls.models import Call
from app.core.markup import pick
from app.dynforms.schema import Text

DEGREES = {
    "none": _l("no degree"),
    "bachelor": _l("bachelor's degree"),
    "master": _l("master's degree"),
    "doctor": _l("doctorate"),
}
CATEGORIES = {
    "technical": _l("technical experts"),
    "investor": _l("investors"),
    "entrepreneur": _l("entrepreneurs"),
    "government": _l("government officers"),
    "academic": _l("academics"),
    "owner": _l("experts of the topic's sponsor"),
    "audience": _l("audience judges"),
}


def say(text: Text) -> str:
    """The text in the reader's language."""
    return text.say(str(get_locale() or "zh"))


def degree(key: str) -> str:
    return str(DEGREES.get(key, key))


def category(key: str) -> str:
    return str(CATEGORIES.get(key, key))


def group_name(calls: Iterable[Call], code: str) -> str:
    """The name of the group with this code among the calls."""
    return next((pick(call.group.name, call.group.name_en) for call in calls if call.group and call.group.code == code), code)
