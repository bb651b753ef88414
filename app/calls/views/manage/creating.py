"""My editions; a new one from a preset; last year's again."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.models import Organization
from app.calls.forms.editions import CloneForm, NewEditionForm
from app.calls.operations.cloning import clone_edition
from app.calls.operations.editions import create_edition
from app.calls.policies import can_create_edition
from app.calls.presets import PRESETS
from app.calls.queries import calls_in, glances, hosts_for, managed_editions, organizations_for
from app.calls.queries.editions import deciding_editions
from app.core.authz import authorize
from app.core.clock import from_local, local_date
from app.core.db import db
from app.core.forms import offered
from app.core.markup import named, pick
from app.core.uow import atomic
from app.core.web import actor, answer_form, found, now, see_other

from .loading import can_create_editions, can_list_editions, managed_edition


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/", "index", index)
    blueprint.add_url_rule("/new", "new", new, methods=["GET", "POST"])
    blueprint.add_url_rule("/<code>/clone", "clone", clone, methods=["GET", "POST"])


def index() -> ResponseReturnValue:
    """The editions on which one works."""
    authorize(can_list_editions(actor()))
    editions = managed_editions(db.session, actor())
    waiting = deciding_editions(db.session, [edition.id for edition in editions])
    can_create = bool(organizations_for(db.session, actor()))
    at_a_glance = glances(db.session, editions, now())
    return render_template("calls/manage/index.html", editions=editions, waiting=waiting, glances=at_a_glance, can_create=can_create)


def new() -> ResponseReturnValue:
    """A few facts; the preset brings the rest."""
    authorize(can_create_editions(actor()))
    organizations = organizations_for(db.session, actor())
    form = NewEditionForm()
    form.preset.choices = offered([(preset.key, pick(preset.name.zh, preset.name.en)) for preset in PRESETS.values()])
    form.host.choices = offered((o.id, named(o)) for o in hosts_for(db.session, actor()))
    form.organizer.choices = offered((o.id, named(o)) for o in organizations)
    if not form.is_submitted():
        form.opens_at.data = proposed_opening(now())
        form.preset.data = next(iter(PRESETS))
    if form.validate_on_submit():
        host, organizer = (found(db.session.get(Organization, form[name].data)) for name in ("host", "organizer"))
        authorize(can_create_edition(actor(), organizer.id))
        with form.showing_errors(), atomic() as session:
            edition = create_edition(
                session, preset=form.preset.data, title=form.title.data or "", title_en=form.title_en.data or "", code=form.code.data or "",
                host=host, organizer=organizer, opens_at=form.opens_at.data, actor=actor(), now=now(),
            )  # fmt: skip
        if not form.errors:
            flash(_("The edition is ready to be completed. Nothing is public yet."), "success")
            return see_other("calls.manage.overview", code=edition.code)
    return answer_form("calls/manage/new.html", "form", form, presets=PRESETS, organizations=organizations)


def clone(code: str) -> ResponseReturnValue:
    """The same edition with all dates moved."""
    source = managed_edition(code)
    authorize(can_create_edition(actor(), source.organizer_id))
    form = CloneForm()
    calls = calls_in(db.session, source)
    first = min((call.opens_at for call in calls), default=source.created_at)
    if not form.is_submitted():
        form.title.data, form.title_en.data = source.title, source.title_en
        form.opens_at.data = first + timedelta(days=364)
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            edition = clone_edition(
                session, source=source, title=form.title.data or "", title_en=form.title_en.data or "", code=form.code.data or "",
                opens_at=form.opens_at.data, actor=actor(), now=now(),
            )  # fmt: skip
        if not form.errors:
            flash(_("The edition was copied with all dates moved. Nothing is public yet."), "success")
            return see_other("calls.manage.overview", code=edition.code)
        source = managed_edition(code)
    return answer_form("calls/manage/clone.html", "form", form, edition=source, first=first)


def proposed_opening(moment: datetime) -> datetime:
    """Nine o'clock on the Monday after next."""
    today = local_date(moment)
    return from_local(datetime.combine(today + timedelta(days=14 - today.weekday()), time(9)))
