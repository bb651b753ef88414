"""The whole inventory: the holdings of every feature, in the order of the stack."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.accounts import inventory as accounts
from app.admin import inventory as admin
from app.audit import inventory as audit
from app.backup import inventory as backup
from app.calls import inventory as calls
from app.core.inventory import Basis, Erasure, Holding, Keep, Reader
from app.documents import inventory as documents
from app.downloads import inventory as downloads
from app.dynforms import inventory as dynforms
from app.entries import inventory as entries
from app.files import inventory as files
from app.judging import inventory as judging
from app.notices import inventory as notices
from app.notify import inventory as notify
from app.results import inventory as results
from app.settings import inventory as settings
from app.talent import inventory as talent

HOLDINGS = (
    Holding("erasure_requests", _l("Requests for the erasure of one's data, and who carried them out"), Keep.RECORD,
            (Reader.ONESELF, Reader.ADMINS), Basis.DUTY, Erasure.BLANK,
            internal="id user_id state asked_at asked_by_id prepared_at prepared_by_id digest decided_at decided_by_id remark removed",
            personal="reason"),
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """The tables of one feature under a heading."""

    title: object
    holdings: tuple[Holding, ...]


SECTIONS = (
    Section(_l("People and organizations"), accounts.HOLDINGS),
    Section(_l("Contests and rules"), calls.HOLDINGS),
    Section(_l("Forms"), dynforms.HOLDINGS),
    Section(_l("Entries"), entries.HOLDINGS),
    Section(_l("Files"), files.HOLDINGS),
    Section(_l("Judging"), judging.HOLDINGS),
    Section(_l("Results"), results.HOLDINGS),
    Section(_l("Public notices"), notices.HOLDINGS),
    Section(_l("Talent programmes"), talent.HOLDINGS),
    Section(_l("Mails"), notify.HOLDINGS),
    Section(_l("Ordered files"), downloads.HOLDINGS),
    Section(_l("Documents and codes"), documents.HOLDINGS),
    Section(_l("Personal data"), HOLDINGS),
    Section(_l("Journal"), (*audit.HOLDINGS, *admin.HOLDINGS)),
    Section(_l("Settings"), settings.HOLDINGS),
    Section(_l("Backups"), backup.HOLDINGS),
)


def holdings() -> list[Holding]:
    """Every table."""
    return [holding for section in SECTIONS for holding in section.holdings]
