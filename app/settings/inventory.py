"""What is held of settings and the calendar (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Holding, Keep, Reader

HOLDINGS = (
    Holding("settings", _l("What an administrator changed while the site runs"), Keep.SITE, (Reader.ADMINS,),
            internal="key value changed_at changed_by_id"),
    Holding("calendar_days", _l("Counting working days"), Keep.SITE, (Reader.EVERYBODY,), public="day kind name is_official"),
)  # fmt: skip
