"""What is held about witnesses (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Basis, Erasure, Holding, Keep, Reader

HOLDINGS = (
    Holding("witnesses", _l("Who outside the house gets the checkpoints"), Keep.RECORD, (Reader.AUDITORS, Reader.SUPERVISORS),
            Basis.DUTY, Erasure.STAY, internal="id edition_id added_at added_by_id removed_at", personal="name email"),
    Holding("checkpoint_copies", _l("Which checkpoint was sent to whom"), Keep.RECORD, (Reader.AUDITORS, Reader.SUPERVISORS),
            Basis.DUTY, Erasure.STAY, internal="id checkpoint_id message_id", personal="name email"),
)  # fmt: skip
