"""Every rule of the site as an address that leads to something real: which values stand in its variable parts."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.accounts.enums import TokenPurpose
from app.accounts.models import Membership, RoleGrant, Token, UserSession
from app.admin.models import Witness
from app.audit.events import PLATFORM
from app.audit.models import Alarm, Checkpoint, Delivery
from app.calls.models import Announcement, Approval, EditionFile, Stage
from app.documents.models import VerificationCode
from app.dynforms.models import FormDefinition
from app.entries.models import EntryFile, Exclusion, PartnerOrganization, SavedView
from app.judging.models import AssignmentPlan, Conflict, Reopening
from app.notify.models import Message
from app.results.models import Award, ResultOrder
from app.talent.models import FastTrack, SelectionCheck, SelectionRecord

from .story import Contest

#: Nothing has this number or name.
NOTHING, NOWHERE = 987654, "nothing-here"


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def operations(app: Flask) -> list[str]:
    """Every method of every rule, as ``GET calls.manage.overview``."""
    return sorted(f"{method} {rule.endpoint}" for rule in app.url_map.iter_rules() for method in methods(rule))


class Addresses:
    """The things of a contest by the names of the variable parts; what does not exist yet is a number that leads nowhere."""

    def __init__(self, app: Flask, session: Session, contest: Contest) -> None:
        self.app, self.session, self.contest = app, session, contest
        self.values = {**self._of_edition(), **self._of_entry(), **self._of_judging(), **self._of_results(), **self._of_site()}

    def __call__(self, endpoint: str, **given: str) -> str:
        """The address of the endpoint, with ``given`` values for the parts that are words rather than things."""
        rule = next(self.app.url_map.iter_rules(endpoint))
        parts = {name: given.get(name, self._value(rule, name)) for name in rule.arguments}
        return str(self.app.url_map.bind("localhost").build(endpoint, parts))

    def _value(self, rule: Rule, name: str) -> Any:
        """By page and feature first: ``code`` is an edition's for the staff and an entry's for its team."""
        keys = (f"{rule.endpoint}:{name}", f"{rule.endpoint.rpartition('.')[0]}:{name}", name)
        nothing = NOTHING if f"<int:{name}>" in rule.rule else NOWHERE
        return next((self.values[key] for key in keys if self.values.get(key) not in (None, NOTHING, NOWHERE)), nothing)

    def _first(self, query: Any) -> Any:
        found = self.session.scalars(query.limit(1)).first()
        return NOTHING if found is None else found

    def _id(self, model: Any, *where: Any) -> Any:
        return self._first(select(model.id).where(*where).order_by(model.id))

    def _of_edition(self) -> dict[str, Any]:
        contest = self.contest
        edition = contest.edition.id
        stage = self._first(select(Stage.id).where(Stage.edition_id == edition).order_by(Stage.position.desc()))
        return {
            "code": contest.edition.code, "edition_code": contest.edition.code, "call_code": contest.call.code, "stage_id": stage,
            "position": contest.stage.position, "axis": "tracks", "group": "*", "number": 1,
            "form_id": self._first(select(FormDefinition.id).where(FormDefinition.edition_id == edition)), "key": "summary",
            "approval_id": self._first(select(Approval.id).where(Approval.edition_id == edition)),
            "announcement_id": self._id(Announcement, Announcement.edition_id == edition),
            "site.public:file_id": self._id(EditionFile, EditionFile.edition_id == edition),
            "calls.manage:file_id": self._id(EditionFile, EditionFile.edition_id == edition),
            "view_id": self._id(SavedView, SavedView.edition_id == edition),
            "calls.manage:grant_id": self._first(select(RoleGrant.id).where(RoleGrant.edition_id == edition)),
        }  # fmt: skip

    def _of_entry(self) -> dict[str, Any]:
        if not self.contest.entries:
            return dict.fromkeys(("entry_code", *(f"entries.{page}:code" for page in TEAM)), NOWHERE) | {"entries.files:key": "plan"}
        entry = self.contest.entries[0]
        mine = {f"entries.{page}:code": entry.code for page in TEAM}
        return mine | {
            "entry_code": entry.code, "entries.files:key": "plan", "section": "about", "member_id": self.contest.member("viewer").id,
            "entries.files:file_id": self._first(select(EntryFile.id).where(EntryFile.entry_id == entry.id)),
            "partner_id": self._id(PartnerOrganization, PartnerOrganization.entry_id == entry.id),
            "exclusion_id": self._id(Exclusion, Exclusion.entry_id == self.contest.entries[1].id),
        }  # fmt: skip

    def _of_judging(self) -> dict[str, Any]:
        if not self.contest.seats:
            return dict.fromkeys(("panel_id", "seat_id", "assignment_id"), NOTHING)
        contest = self.contest
        return {
            "panel_id": contest.panels[0].id, "seat_id": contest.seats["judge"].id,
            "assignment_id": contest.assignment("judge", contest.entries[0]).id,
            "conflict_id": self._id(Conflict, Conflict.seat_id == contest.seats["recused"].id),
            "plan_id": self._id(AssignmentPlan, AssignmentPlan.panel_id == contest.panels[0].id),
            "reopening_id": self._id(Reopening, Reopening.sheet_id == contest.sheet("judge", contest.entries[0]).id),
        }  # fmt: skip

    def _of_results(self) -> dict[str, Any]:
        contest, run = self.contest, self.contest.run
        code = contest.certificate and self.session.get_one(VerificationCode, contest.certificate.code_id).code
        return {
            "run_id": run.id if run else NOTHING, "notice_id": contest.notice.id if contest.notice else NOTHING,
            "certificate_id": contest.certificate.id if contest.certificate else NOTHING, "locale": "zh_CN", "name": "ranking",
            "order_id": self._id(ResultOrder, ResultOrder.edition_id == contest.edition.id),
            "award_id": self._first(select(Award.id).where(Award.edition_id == contest.edition.id)),
            "results.own_certificates:number": contest.certificate.number if contest.certificate else NOWHERE,
            "site.public:number": contest.notice.number if contest.notice else NOWHERE,
            "site.public.verified:code": code or NOWHERE,
        }  # fmt: skip

    def _of_site(self) -> dict[str, Any]:
        contest, person = self.contest, self.contest.people["leader"]
        program = contest.program.id
        record = select(SelectionRecord).join(SelectionRecord.award).where(Award.edition_id == contest.edition.id)
        first = self.session.scalars(record.limit(1)).first()
        return {
            "user_id": person.id, "organization_id": contest.office.id,
            "grant_id": self._first(select(RoleGrant.id).where(RoleGrant.organization_id == contest.office.id)),
            "membership_id": self._id(Membership, Membership.organization_id == contest.office.id), "year": 2026,
            "session_id": self._id(UserSession, UserSession.user_id == person.id),
            "day": "2026-05-01", "field": "phone", "chain": f"edition:{contest.edition.id}",
            "alarm_id": self._id(Alarm), "admin.site_witnessing:checkpoint_id": self._id(Checkpoint, Checkpoint.chain == PLATFORM),
            "admin.witnessing:checkpoint_id": self._id(Checkpoint, Checkpoint.chain == f"edition:{contest.edition.id}"),
            "admin.site_witnessing:witness_id": self._id(Witness, Witness.edition_id.is_(None)),
            "admin.witnessing:witness_id": self._id(Witness, Witness.edition_id == contest.edition.id),
            "delivery_id": self._id(Delivery), "message_id": self._id(Message),
            "admin.edition_outbox:message_id": self._first(select(Message.id).where(Message.edition_id == contest.edition.id)),
            "notify.my:message_id": self._id(Message, Message.email == person.email),
            "program_id": program, "track_id": self._id(FastTrack, FastTrack.edition_id == contest.edition.id),
            "check_id": self._id(SelectionCheck, SelectionCheck.record_id == (first.id if first else 0)),
            "talent.office:number": first.number if first else NOWHERE,
            "token_id": self._id(Token, Token.purpose == TokenPurpose.INVITE_STAFF),
        }  # fmt: skip


TEAM = ("judges_files", "team", "files", "handing_in", "members")
