"""The words of the inventory in the reader's language."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.inventory import KEPT_FOR, RECORD_YEARS, Basis, DataClass, Erasure, Keep, Reader

CLASSES = {
    DataClass.PUBLIC: _l("public"),
    DataClass.INTERNAL: _l("internal"),
    DataClass.PERSONAL: _l("personal"),
    DataClass.SENSITIVE: _l("sensitive"),
    DataClass.SECRET: _l("secret"),
}
#: The badge of each class, by the states of the design system.
TONES = {
    DataClass.PUBLIC: "neutral",
    DataClass.INTERNAL: "neutral",
    DataClass.PERSONAL: "active",
    DataClass.SENSITIVE: "warning",
    DataClass.SECRET: "danger",
}
BASES = {
    Basis.NONE: _l("no personal data"),
    Basis.CONSENT: _l("consent"),
    Basis.CONTRACT: _l("needed for taking part"),
    Basis.DUTY: _l("public duty or law"),
}
READERS = {
    Reader.PROGRAM: _l("nobody; the program only"),
    Reader.EVERYBODY: _l("everybody"),
    Reader.ONESELF: _l("the person"),
    Reader.TEAM: _l("the team"),
    Reader.JUDGES: _l("judges to whom it is assigned"),
    Reader.ORGANIZERS: _l("organizers of the edition"),
    Reader.HOSTS: _l("hosts"),
    Reader.TALENT: _l("talent officers"),
    Reader.SUPERVISORS: _l("supervisors"),
    Reader.ADMINS: _l("system administrators"),
    Reader.AUDITORS: _l("security auditors"),
}
ERASURES = {
    Erasure.NOTHING: _l("nothing to erase"),
    Erasure.DELETE: _l("rows are deleted"),
    Erasure.BLANK: _l("personal fields are overwritten"),
    Erasure.STAY: _l("stays while it must be kept"),
}
_KEEPS = {
    Keep.SITE: _l("as long as the site runs"),
    Keep.ACCOUNT: _l("as long as the account"),
    Keep.JOURNAL: _l("as long as the records it proves, at least six months"),
}
_SINCE = {
    Keep.LINK: _l("after it was used or ran out"),
    Keep.SECURITY: _l("after its end"),
    Keep.DELIVERY: _l("after it was done"),
    Keep.MAIL: _l("after it was sent or dropped"),
}


def how_long(keep: Keep) -> str:
    """The retention in words."""
    if keep is Keep.RECORD:
        return _("with the file of the edition, %(years)s years", years=RECORD_YEARS)
    if keep in KEPT_FOR:
        return _("%(days)s days %(since)s", days=KEPT_FOR[keep] // timedelta(days=1), since=_SINCE[keep])
    return str(_KEEPS[keep])
