"""Programmes: their checks, tiers and fast tracks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from app.accounts.models import Organization
from app.calls.models import Edition
from app.calls.sentences import eligibility_sentence
from app.core.authz import authorize
from app.core.db import db
from app.core.forms import ReasonForm
from app.core.markup import named
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other
from app.talent import queries
from app.talent.forms import FastTrackForm, ProgramForm, TierForm
from app.talent.models import FastTrack, Program, Tier
from app.talent.operations import close_program, create_program, remove_fast_track, save_fast_track, save_program, save_tier
from app.talent.policies import can_create_program, can_manage_program, can_open_office
from app.talent.queries.programs import award_levels, editions_of_office, office_ids
from app.talent.rules import DEFAULT_CHECKS, checks_of, condition_of

from .office import bp, frame


@bp.route("/programs/new", methods=["GET", "POST"])
def new_program() -> ResponseReturnValue:
    authorize(can_open_office(actor()))
    form = _program_form()
    if request.method == "GET":
        form.fill(list(DEFAULT_CHECKS))
    if form.validate_on_submit():
        authorize(can_create_program(actor(), form.organization_id.data))
        with form.showing_errors():
            with atomic() as session:
                program = create_program(
                    session, organization=session.get_one(Organization, form.organization_id.data), code=form.code.data or "",
                    actor=actor(), now=now(), checks=form.checks(), **_texts(form),
                )  # fmt: skip
            return see_other(".program", program_id=program.id)
    page = render_template("talent/office/program_form.html", form=form, program=None, **frame())
    return page, 422 if request.method == "POST" else 200


@bp.route("/programs/<int:program_id>/edit", methods=["GET", "POST"])
def edit_program(program_id: int) -> ResponseReturnValue:
    program = _program(program_id)
    authorize(can_manage_program(actor(), program))
    form = _program_form(program)
    if request.method == "GET":
        form.fill(checks_of(program.checks))
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                save_program(session, program=program, checks=form.checks(), actor=actor(), now=now(), **_texts(form))
            return see_other(".program", program_id=program_id)
    page = render_template("talent/office/program_form.html", form=form, program=_program(program_id), **frame())
    return page, 422 if request.method == "POST" else 200


@bp.get("/programs/<int:program_id>")
def program(program_id: int) -> ResponseReturnValue:
    row = _program(program_id)
    authorize(can_manage_program(actor(), row))
    return _page(row)


@bp.post("/programs/<int:program_id>/tiers")
def add_tier(program_id: int) -> ResponseReturnValue:
    row = _program(program_id)
    authorize(can_manage_program(actor(), row))
    form = TierForm()
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                save_tier(session, program=row, actor=actor(), now=now(), code=form.code.data or "", name=form.name.data or "",
                          name_en=form.name_en.data or "", support_wan=form.support_wan.data or Decimal(0))  # fmt: skip
            return see_other(".program", program_id=program_id)
    return _page(_program(program_id), tier_form=form, status=422)


@bp.post("/programs/<int:program_id>/tracks")
def add_track(program_id: int) -> ResponseReturnValue:
    """An award leads into a tier; winners of results that are out get their records from the office's button."""
    row = _program(program_id)
    authorize(can_manage_program(actor(), row))
    form = _track_form(row)
    if form.validate_on_submit():
        chosen = form.chosen()
        with form.showing_errors():
            with atomic() as session:
                save_fast_track(
                    session, edition=session.get_one(Edition, chosen["edition_id"]), award_key=chosen["award_key"],
                    tier=session.get_one(Tier, form.tier_id.data), skips=form.skips.data or [], valid_months=form.valid_months.data,
                    landing_months=form.landing_months.data, basis=form.basis.data or "", actor=actor(), now=now(),
                )  # fmt: skip
            flash(_("From now on this award leads into the programme."), "success")
            return see_other(".program", program_id=program_id)
    return _page(_program(program_id), track_form=form, status=422)


@bp.post("/programs/<int:program_id>/tracks/<int:track_id>/remove")
def remove_track(program_id: int, track_id: int) -> ResponseReturnValue:
    row = _program(program_id)
    authorize(can_manage_program(actor(), row))
    track = found(db.session.scalar(select(FastTrack).join(FastTrack.tier).where(FastTrack.id == track_id, Tier.program_id == row.id)))
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                remove_fast_track(session, track=track, reason=form.reason.data or "", actor=actor(), now=now())
            return see_other(".program", program_id=program_id)
    return _page(_program(program_id), other=form, status=422)


@bp.post("/programs/<int:program_id>/close")
def close(program_id: int) -> ResponseReturnValue:
    row = _program(program_id)
    authorize(can_manage_program(actor(), row))
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                close_program(session, program=row, reason=form.reason.data or "", actor=actor(), now=now())
            return see_other(".program", program_id=program_id)
    return _page(_program(program_id), other=form, status=422)


def _program(program_id: int) -> Program:
    return found(queries.program_in_office(db.session, actor(), program_id))


def _page(
    row: Program, *, tier_form: TierForm | None = None, track_form: FastTrackForm | None = None, other: object = None, status: int = 200
) -> ResponseReturnValue:
    checks = [(check, condition_of(check)) for check in checks_of(row.checks)]
    tracks = queries.fast_tracks_of(db.session, row.id)
    page = render_template(
        "talent/office/program.html", program=row, tiers=queries.tiers_of(db.session, row.id), tracks=tracks,
        checks=[(check, eligibility_sentence(rule) if rule else "") for check, rule in checks],
        levels=award_levels(db.session, [edition.id for _track, _tier, edition in tracks]), tier_form=tier_form or TierForm(formdata=None),
        track_form=track_form or _track_form(row, blank=True), form=other or tier_form or track_form, **frame(),
    )  # fmt: skip
    return page, status


def _program_form(program: Program | None = None) -> ProgramForm:
    form = ProgramForm(obj=program)
    offices = db.session.scalars(select(Organization).where(Organization.id.in_(office_ids(actor()))).order_by(Organization.path))
    form.organization_id.choices = [SelectChoice(office.id, named(office)) for office in offices]
    return form


def _track_form(row: Program, *, blank: bool = False) -> FastTrackForm:
    form = FastTrackForm(formdata=None) if blank else FastTrackForm()
    form.tier_id.choices = [SelectChoice(tier.id, named(tier)) for tier in queries.tiers_of(db.session, row.id)]
    editions = editions_of_office(db.session, actor())
    levels = award_levels(db.session, [edition.id for edition in editions])
    form.award.choices = [
        SelectChoice(f"{edition.id}:{key}", f"{named(edition)} · {name}")
        for edition in editions
        for key, name in levels.get(edition.id, {}).items()
    ]
    return form


def _texts(form: ProgramForm) -> dict[str, Any]:
    names = ("name", "name_en", "basis", "notice_days")
    return {name: getattr(form, name).data or "" for name in names}
