"""Finding the edition of a page and asking whether its reader may work on it."""

from __future__ import annotations

from flask import g
from flask_babel import lazy_gettext as _l

from app.accounts.enums import Role
from app.calls.enums import EditionState
from app.calls.models import Call, Edition, Stage
from app.calls.policies import can_approve_edition, can_manage_edition, can_watch_edition
from app.calls.queries import call_in, edition_by_code, stage_in
from app.core.authz import ALLOW, Actor, Verdict, authorize, deny
from app.core.db import db
from app.core.errors import NotFound
from app.core.web import actor, found

STAFF = (Role.HOST, Role.ORGANIZER)


def watched_edition(code: str) -> Edition:
    """The edition for its staff and supervisors; for others there is no such page."""
    edition = _known(code)
    authorize(can_watch_edition(actor(), edition))
    return edition


def managed_edition(code: str) -> Edition:
    """The edition for its staff."""
    edition = _known(code)
    authorize(can_manage_edition(actor(), edition))
    return edition


def approved_edition(code: str) -> Edition:
    """The edition for its host."""
    edition = _known(code)
    authorize(can_approve_edition(actor(), edition))
    return edition


def stage_named(edition: Edition, stage_id: int) -> Stage:
    return found(stage_in(db.session, edition, stage_id))


def call_named(edition: Edition, code: str) -> Call:
    return found(call_in(db.session, edition, code))


def can_list_editions(who: Actor) -> Verdict:
    if who.holds_anywhere(*STAFF, Role.SUPERVISOR):
        return ALLOW
    return deny(_l("Only organizers, hosts and supervisors have editions here."))


def can_create_editions(who: Actor) -> Verdict:
    """The form as such; for which organizations is asked when it is sent."""
    return (
        ALLOW
        if who.holds_anywhere(*STAFF)
        else deny(_l("You may create editions only for organizations in which you are host or organizer."))
    )


def is_draft(edition: Edition) -> bool:
    return edition.state == EditionState.DRAFT


def is_published(edition: Edition) -> bool:
    return edition.state == EditionState.PUBLISHED


def _known(code: str) -> Edition:
    edition = found(edition_by_code(db.session, code))
    if not can_watch_edition(actor(), edition):
        raise NotFound
    g.zone, g.edition = edition.zone, edition
    return edition
