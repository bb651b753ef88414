"""What is held of ordered files (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Holding, Keep, Reader

HOLDINGS = (
    Holding("downloads", _l("Long files made in the background; the file itself goes within a day"), Keep.MAIL, (Reader.ONESELF,),
            internal="id code kind title params locale requester_id edition_id state done total attempts blob_id failure ordered_at "
                     "started_at ready_at expires_at"),
)  # fmt: skip
