"""Every table of the house in one import, for migrations, tests and start-up."""

from __future__ import annotations

from sqlalchemy.orm import configure_mappers

from app.accounts import models as accounts
from app.admin import models as admin
from app.audit import models as audit
from app.backup import models as backup
from app.calls import models as calls
from app.core.db import Base
from app.documents import models as documents
from app.downloads import models as downloads
from app.dynforms import models as dynforms
from app.entries import models as entries
from app.files import models as files
from app.judging import models as judging
from app.notices import models as notices
from app.notify import models as notify
from app.privacy import models as privacy
from app.results import models as results
from app.settings import models as settings
from app.talent import models as talent

FEATURES = (
    settings,
    audit,
    accounts,
    files,
    notify,
    downloads,
    documents,
    dynforms,
    notices,
    calls,
    entries,
    judging,
    results,
    talent,
    privacy,
    admin,
    backup,
)
metadata = Base.metadata


def ready() -> None:
    """Wire all relationships now, so that the first request does not pay for it."""
    configure_mappers()
