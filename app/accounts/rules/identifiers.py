"""Document numbers, credit codes and phone numbers: what is right, what is merely unusual."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.enums import Labelled


class IdKind(Labelled):
    """Which document a number belongs to."""

    RESIDENT = "resident", _l("Resident identity card")
    RESIDENCE_PERMIT = "residence_permit", _l("Residence permit for Hong Kong, Macao and Taiwan residents")
    PASSPORT = "passport", _l("Passport")
    HOME_RETURN = "home_return", _l("Mainland travel permit")
    PERMANENT = "permanent", _l("Foreign permanent resident card")
    OTHER = "other", _l("Other document")


# GB 11643-1999: weights 2^(17-i) mod 11 and the check characters in the order of the remainder
_ID_WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]
_ID_CHECK = "10X98765432"
# GB 32100-2015: 31 characters without I, O, S, V, Z; weights 3^i mod 31
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = [3**place % 31 for place in range(17)]
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_FOREIGN_PHONE = re.compile(r"\+[0-9]{6,15}")
_DOCUMENT = re.compile(r"[0-9A-Z]{5,20}")
_HMT_PREFIXES = ("81", "82", "83")


def tidy_number(text: str) -> str:
    """Upper case, without spaces and hyphens."""
    return re.sub(r"[\s-]", "", text).upper()


def id_fault(kind: IdKind, number: str, *, today: date) -> object | None:
    """What is wrong with a (tidied) number of this kind of document, or None."""
    if kind in {IdKind.RESIDENT, IdKind.RESIDENCE_PERMIT}:
        return _eighteen_fault(kind, number, today)
    return None if _DOCUMENT.fullmatch(number) else _l("Letters and digits only, 5 to 20 of them.")


def _eighteen_fault(kind: IdKind, number: str, today: date) -> object | None:
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return _l("The number has 18 digits; the last may be X.")
    if (kind == IdKind.RESIDENCE_PERMIT) != number.startswith(_HMT_PREFIXES):
        return _l("This number belongs to another kind of document.")
    birth = born_on(number)
    if birth is None or not date(1900, 1, 1) <= birth <= today:
        return _l("The date of birth inside the number does not exist.")
    if id_check(number[:17]) != number[17]:
        return _l("The check digit does not fit. Please compare with the document.")
    return None


def id_check(digits: str) -> str:
    """The eighteenth character that belongs to seventeen digits."""
    return _ID_CHECK[sum(int(digit) * weight for digit, weight in zip(digits, _ID_WEIGHTS, strict=True)) % 11]


def born_on(number: str) -> date | None:
    """The date of birth inside an 18-digit number; None when there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


class CreditCode(StrEnum):
    """How a unified social credit code looks: right, wrongly written, or with an odd check digit (some early ones are)."""

    RIGHT = "right"
    MALFORMED = "malformed"
    ODD_CHECK = "odd_check"


def credit_code(code: str) -> CreditCode:
    """Judge a (tidied) code; ODD_CHECK is to be warned of, not blocked."""
    if len(code) != 18 or any(character not in _USCC_ALPHABET for character in code) or not code[2:8].isdigit():
        return CreditCode.MALFORMED
    total = sum(_USCC_ALPHABET.index(character) * weight for character, weight in zip(code[:17], _USCC_WEIGHTS, strict=True))
    expected = _USCC_ALPHABET[(31 - total % 31) % 31]
    return CreditCode.RIGHT if code[17] == expected else CreditCode.ODD_CHECK


def phone_fault(number: str) -> object | None:
    """What is wrong with a (tidied) phone number, or None: mainland mobile, or +country code."""
    if _PHONE.fullmatch(number) or (_FOREIGN_PHONE.fullmatch(number) and not number.startswith("+86")):
        return None
    return _l("A mainland mobile number has 11 digits; other numbers begin with + and the country code.")


def bank_fault(number: str) -> object | None:
    """What is wrong with a (tidied) account number, or None."""
    return None if re.fullmatch(r"[0-9]{8,30}", number) else _l("An account number has 8 to 30 digits.")
