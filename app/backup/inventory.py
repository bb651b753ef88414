"""What is held of backups (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Holding, Keep, Reader

HOLDINGS = (
    Holding("restorations", _l("From which backup this database was restored, and since when it works again"), Keep.SITE, (Reader.ADMINS,),
            internal="id archive taken_at restored_at opened_at"),
)  # fmt: skip
