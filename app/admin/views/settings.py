"""What may be changed while the system runs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash
from flask_babel import gettext as _

from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.accounts.policies import can_manage_accounts
from app.admin.forms.settings import settings_form, typed_values
from app.core.authz import authorize
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, answer_form, now, see_other
from app.settings import queries
from app.settings.operations.settings import change_settings

from .frame import console_sections

bp = Blueprint("settings", __name__, url_prefix="/admin/settings")
bp.before_request(require_sign_in)


@bp.route("/", methods=["GET", "POST"])
def index() -> Any:
    """All settings by group; each change is written into the journal with its value before and after."""
    authorize(can_manage_accounts(actor()))
    form = settings_form(queries.settings(db.session))
    if form.is_submitted():
        if challenge := require_recent_sign_in():
            return challenge
        if form.validate():
            with form.showing_errors(), atomic() as session:
                changed = change_settings(session, values=typed_values(form), actor=actor(), now=now())
                flash(_("Saved.") if changed else _("Nothing was different."), "success")
                return see_other("admin.settings.index")
    groups = [(label, [form[definition.key] for definition, _value in rows]) for label, rows in queries.settings_page(db.session)]
    return answer_form("admin/settings.html", "content", form, subnav=console_sections(), groups=groups)
