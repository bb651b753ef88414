"""Why a file is not made."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError


class TooManyOrdered(DomainError):
    message = _l("You have many files being made already. Please wait until one of them is ready.")
