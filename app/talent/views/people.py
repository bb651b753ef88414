"""Talent files as the office reads them; every opening is noted."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.audit.operations import note_reading
from app.core.authz import authorize
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, asked_text, found, now
from app.talent import queries
from app.talent.policies import can_open_office
from app.talent.queries.files import people_in_office

from .office import bp, frame


@bp.get("/people")
def people() -> ResponseReturnValue:
    """People with a record in one of my programmes."""
    authorize(can_open_office(actor()))
    text = asked_text("q", 80)
    return render_template("talent/office/people.html", rows=people_in_office(db.session, actor(), text), text=text, **frame())


@bp.get("/people/<int:user_id>")
def person(user_id: int) -> ResponseReturnValue:
    """Contests, awards and records in time order."""
    authorize(can_open_office(actor()))
    user = found(queries.person_in_office(db.session, actor(), user_id))
    with atomic() as session:
        note_reading(session, subject="talent_file", subject_id=user.id, actor=actor(), now=now())
    return render_template(
        "talent/office/person.html", person=user, lines=queries.person_file(db.session, user_id, actor=actor()), **frame()
    )
