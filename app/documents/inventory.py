"""What is held of document numbers, codes and seals (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Basis, Erasure, Holding, Keep, Reader

HOLDINGS = (
    Holding("number_series", _l("Numbering documents without gaps"), Keep.SITE, (Reader.PROGRAM,), internal="name last"),
    Holding("verification_codes", _l("Letting anybody check that a certificate is genuine"), Keep.RECORD, (Reader.EVERYBODY,),
            Basis.DUTY, Erasure.STAY, public="code kind digest issued_at revoked_at revoked_reason", internal="id subject_id",
            personal="facts"),
    Holding("seals", _l("The seal image on certificates and notices"), Keep.SITE, (Reader.HOSTS,),
            internal="id organization_id blob_id added_at"),
)  # fmt: skip
