"""What the form library says of its own accord, in our words: what to do, not which rule was broken."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.i18n import Translations

_AT_LEAST = _l("Please write at least %(min)d characters.")
_AT_MOST = _l("Please write at most %(max)d characters.")
_CHOOSE = _l("Please choose from the list.")
#: The library's sentence → ours; what is not listed keeps the library's translation.
OURS = {
    "This field is required.": _l("Please fill this in."),
    "Not a valid choice.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid email address.": _l("Please enter a complete e-mail address."),
    "Not a valid integer value.": _l("Please enter a whole number."),
    "Field must be at least %(min)d character long.": _AT_LEAST,
    "Field cannot be longer than %(max)d character.": _AT_MOST,
    "Field must be between %(min)d and %(max)d characters long.": _l("Please write %(min)d to %(max)d characters."),
}


class Words(Translations):
    """The library's look-up with ours before it."""

    def gettext(self, string: str) -> str:
        own = OURS.get(string)
        return str(super().gettext(string)) if own is None else str(own)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        own = OURS.get(singular)
        return str(super().ngettext(singular, plural, n)) if own is None else str(own)


WORDS = Words()
