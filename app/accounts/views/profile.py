"""One's profile; sensitive values are written here, shown masked, revealed one by one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, render_template, request
from flask_babel import gettext as _

from app.accounts.forms.own import DocumentForm, ProfileForm, SensitiveForm
from app.accounts.gates import require_sign_in
from app.accounts.models import Profile, User
from app.accounts.operations import profiles, users
from app.accounts.operations.profiles import Sensitive
from app.accounts.policies import can_use_site
from app.accounts.rules.identifiers import IdKind
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import DomainError, NotFound
from app.core.uow import atomic
from app.core.web import actor, answer_form, now, see_other, set_locale, typed_text

bp = Blueprint("profile", __name__, url_prefix="/my/profile")
bp.before_request(require_sign_in)


@bp.route("/", methods=["GET", "POST"])
def index() -> Any:
    """Name, language, and what programmes ask for again and again."""
    authorize(can_use_site(actor()))
    user, profile = _mine()
    form = ProfileForm(data=_present(user, profile))
    if form.validate_on_submit():
        values = form.values()
        name, locale = values.pop("name"), values.pop("locale")
        with form.showing_errors(), atomic() as session:
            user = session.get_one(User, user.id)
            users.rename_user(session, user=user, name=name, locale=locale, actor=actor(), now=now())
            profiles.change_profile(session, user=user, plain=values, actor=actor(), now=now())
            set_locale(locale)
            flash(_("Saved."), "success")
            return see_other("accounts.profile.index")
    return _page(form)


@bp.route("/sensitive/<field>", methods=["GET", "POST"])
def sensitive(field: str) -> Any:
    """Enter, replace or erase one sensitive value."""
    authorize(can_use_site(actor()))
    kind = _known(field)
    form = DocumentForm() if kind == Sensitive.ID_NUMBER else SensitiveForm()
    if form.validate_on_submit():
        id_kind = IdKind(form.id_kind.data) if isinstance(form, DocumentForm) else None
        with form.showing_errors(), atomic() as session:
            user = session.get_one(User, actor().user_id)
            profiles.put_sensitive(
                session, user=user, field=kind, value=form.value.data or "", id_kind=id_kind, cipher=current_app.extensions["cipher"],
                actor=actor(), now=now(),
            )  # fmt: skip
            flash(_("Saved. It is stored encrypted."), "success")
            return see_other("accounts.profile.index")
    return answer_form("accounts/my/sensitive.html", "content", form, kind=kind, masked=_masked()[kind])


@bp.post("/reveal")
def reveal() -> Any:
    """One value in clear on this answer only; the reason is kept."""
    authorize(can_use_site(actor()))
    kind = _known(request.form.get("field", ""))
    try:
        with atomic() as session:
            user = session.get_one(User, actor().user_id)
            shown = profiles.reveal_field(
                session, user=user, field=kind, reason=typed_text("reason"), cipher=current_app.extensions["cipher"],
                actor=actor(), now=now(),
            )  # fmt: skip
    except DomainError as error:
        flash(str(error), "error")
        return see_other("accounts.profile.index")
    user, profile = _mine()
    return _page(ProfileForm(formdata=None, data=_present(user, profile)), revealed={kind: shown})


def _page(form: ProfileForm, revealed: dict[Sensitive, str] | None = None) -> Any:
    template = "accounts/my/profile.html"
    masked = _masked()
    if revealed is not None:
        return render_template(template, form=form, masked=masked, revealed=revealed)
    return answer_form(template, "content", form, masked=masked, revealed={})


def _mine() -> tuple[User, Profile | None]:
    return db.session.get_one(User, actor().user_id), db.session.get(Profile, actor().user_id)


def _present(user: User, profile: Profile | None) -> dict[str, Any]:
    plain = {key: getattr(profile, key, None) or "" for key in ("unit", "title", "degree", "fields")}
    return {"name": user.name, "locale": user.locale, **plain}


def _masked() -> dict[Sensitive, str]:
    _user, profile = _mine()
    return {field: profiles.masked(profile, field, current_app.extensions["cipher"]) for field in Sensitive}


def _known(field: str) -> Sensitive:
    if field not in set(Sensitive):
        raise NotFound
    return Sensitive(field)
