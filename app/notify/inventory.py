"""What is held of mails (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Basis, Erasure, Holding, Keep, Reader

HOLDINGS = (
    Holding("messages", _l("Telling people what concerns them, once, and being able to show that it was told"), Keep.MAIL,
            (Reader.ONESELF, Reader.ADMINS, Reader.ORGANIZERS), Basis.CONTRACT, Erasure.DELETE,
            internal="id dedup template user_id locale edition_id batch link rests_on state attempts due_at "
                     "sent_at read_at last_error created_at",
            personal="email subject body_text body_html", secret="sealed"),
    Holding("message_edits", _l("Showing what a mail said before somebody changed its words"), Keep.RECORD,
            (Reader.ADMINS, Reader.ORGANIZERS, Reader.SUPERVISORS), Basis.DUTY, Erasure.DELETE,
            internal="id message_id reason edited_by_id edited_at", personal="subject body_text body_html"),
)  # fmt: skip
