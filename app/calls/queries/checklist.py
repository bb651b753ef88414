"""What an edition still lacks, by section. A blocking fault keeps it from publication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.calls.enums import StageState
from app.calls.models import Call, Edition, Stage
from app.calls.rules.checks import Fault, stage_faults
from app.calls.stagekinds import JUDGED
from app.core.markup import named

from .editions import calls_in, stages_in
from .staff import StaffLine, edition_staff
from .timeline import edition_timeline


@dataclass(frozen=True)
class Section:
    """One line of the checklist."""

    key: str
    faults: list[Fault] = field(default_factory=list)

    @property
    def state(self) -> str:
        return "done" if not self.faults else "fault" if any(f.blocks for f in self.faults) else "todo"


def edition_checklist(session: Session, edition: Edition, now: datetime) -> list[Section]:
    """All sections in the order in which an organizer fills them."""
    calls, stages = calls_in(session, edition), stages_in(session, edition)
    return [
        Section("about", list(_about(edition))),
        Section("divisions", list(_divisions(calls))),
        Section("conditions", list(_conditions(calls))),
        Section("forms", list(_forms(calls))),
        Section("stages", list(_stages(stages))),
        Section("timeline", list(_timeline(session, edition, now))),
        Section("notice", list(_notice(edition))),
        Section("staff", list(_staff(edition_staff(session, edition), edition))),
    ]


def edition_faults(session: Session, edition: Edition, now: datetime) -> list[Fault]:
    return [fault for section in edition_checklist(session, edition, now) for fault in section.faults]


def _staff(people: Sequence[StaffLine], edition: Edition) -> Iterator[Fault]:
    if all(line.role != Role.HOST for line in people):
        yield Fault(
            "staff", _("Nobody is host, neither here nor at %(host)s: nobody could publish.", host=named(edition.host)), blocks=False
        )


def _about(edition: Edition) -> Iterator[Fault]:
    if not edition.summary.strip():
        yield Fault("about", _("A summary of one or two sentences is missing."))
    if not edition.title_en.strip():
        yield Fault("about", _("There is no English title; the Chinese one is shown to English readers."), blocks=False)
    if not edition.contacts:
        yield Fault("about", _("No contact is named."), blocks=False)


def _divisions(calls: Sequence[Call]) -> Iterator[Fault]:
    if not calls:
        yield Fault("divisions", _("There is no division to enter."))
    seen: set[str] = set()
    for call in calls:
        track = call.track
        if track is not None and call.edition.preset == "challenge" and not track.sponsor and track.code not in seen:
            seen.add(track.code)
            yield Fault("divisions", _("The topic “%(name)s” names no sponsor.", name=named(track)), blocks=False)


def _conditions(calls: Sequence[Call]) -> Iterator[Fault]:
    bare = [named(call) for call in calls if not call.rules.eligibility]
    if bare:
        yield Fault("conditions", _("No conditions of entry: %(names)s.", names=_(", ").join(bare)), blocks=False)


def _forms(calls: Sequence[Call]) -> Iterator[Fault]:
    for call in calls:
        if call.form_version is None:
            yield Fault("forms", _("“%(name)s” has no form.", name=named(call)))
        elif call.form_version.published_at is None:
            yield Fault("forms", _("The form of “%(name)s” is not published.", name=named(call)))


def _stages(stages: Sequence[Stage]) -> Iterator[Fault]:
    judged_before = False
    for stage in stages:
        is_judged = stage.kind in JUDGED
        if stage.state == StageState.PREPARING:
            for fault in stage_faults(stage.rules, judged=is_judged, earlier=judged_before):
                yield Fault("stages", _("%(part)s: %(fault)s", part=named(stage), fault=fault.message), fault.blocks)
        judged_before = judged_before or is_judged
    if not judged_before:
        yield Fault("stages", _("No stage is judged."))


def _timeline(session: Session, edition: Edition, now: datetime) -> Iterator[Fault]:
    for item in edition_timeline(session, edition, now):
        for warning in item.warnings if item.state != "done" else ():
            yield Fault("timeline", _("%(part)s: %(fault)s", part=item.title, fault=warning), blocks=False)


def _notice(edition: Edition) -> Iterator[Fault]:
    if not edition.rules.objection_contact:
        yield Fault("notice", _("No contact for objections is named; every public notice needs one."), blocks=False)
    if not edition.rules.discipline_contact:
        yield Fault("notice", _("No telephone of the discipline inspection office is named."), blocks=False)
