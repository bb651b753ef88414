"""Why a step with an entry is not possible, in words its team or the staff can act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.errors import CONSTRAINT_SENTENCES, DomainError, SavedElsewhere
from app.dynforms.checks import Fault

CONSTRAINT_SENTENCES["uq_entry_members_entry_id_email"] = _l("This person is already in the team or invited.")
CONSTRAINT_SENTENCES["entry_members.entry_id, entry_members.email"] = _l("This person is already in the team or invited.")
CONSTRAINT_SENTENCES["uq_entry_members_leader"] = _l("A team has exactly one leader.")
CONSTRAINT_SENTENCES["uq_entries_only_one"] = _l("Whoever leads an entry of this edition already cannot lead a second one.")
CONSTRAINT_SENTENCES["entries_within_quota"] = _l("This call has taken as many entries as it can.")
CONSTRAINT_SENTENCES["uq_saved_views_user_id_edition_id_name"] = _l("You already have a view with this name.")


class NotOpenYet(DomainError):
    message = _l("Entries are not taken yet.")


class Closed(DomainError):
    message = _l("The deadline has passed. Nothing can be changed or handed in any more.")


class NotOffered(DomainError):
    message = _l("This call does not take entries at present.")


class NotEligible(DomainError):
    message = _l("By the answers to the eligibility questions, this call cannot take your entry.")


class AlreadyEntered(DomainError):
    message = _l("You already lead an entry in this edition; one person may lead one.")


class NotTheLeader(DomainError):
    message = _l("Only the team leader may do this.")


class LeadsAnother(DomainError):
    message = _l("Whoever leads an entry of this edition already cannot lead a second one.")


class NothingToRelease(DomainError):
    message = _l("This file cannot be cleaned, so it cannot be given to blind judges. Ask the team for a PDF, or withhold it.")


class FileNotAskedFor(DomainError):
    message = _l("The staff has not asked for a new file in this place.")


class FieldLocked(DomainError):
    message = _l("This field cannot be changed any more.")


class QuotaFull(DomainError):
    message = _l("This call has taken as many entries as it can.")


class NotReady(DomainError):
    """The entry cannot be handed in yet; ``faults`` say why and where."""

    message = _l("The entry cannot be handed in yet. Please mend what is listed below.")

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


class EditedElsewhere(SavedElsewhere):
    """Another member changed the same fields; ``theirs`` holds what is stored, ``token`` lets one decide and save again."""

    message = _l("Another member has changed the same field in the meantime. Please compare and decide.")

    def __init__(self, theirs: Mapping[str, Any], token: str) -> None:
        super().__init__()
        self.theirs, self.token = dict(theirs), token


class TeamIncomplete(DomainError):
    message = _l("The team does not have the required size.")


class AlreadyInTeam(DomainError):
    message = _l("This person is already in the team or invited.")


class NotAMember(DomainError):
    message = _l("Leadership can be handed to a confirmed member only.")


class MemberGone(DomainError):
    message = _l("This person does not belong to the team any more; the list below is as it stands now.")


class LeaderStays(DomainError):
    message = _l("The leader cannot be removed. Hand the leadership over first.")


class InvitationGone(DomainError):
    message = _l("This invitation has already been answered or withdrawn.")


class WrongAddressee(DomainError):
    message = _l("This invitation was sent to another e-mail address. Please sign in with that address.")


class ReasonNeeded(DomainError):
    message = _l("Please give a reason of at least four characters.")


class ChecklistOpen(DomainError):
    message = _l("Every point of the checklist has to be confirmed before an entry passes.")


class NothingOpened(DomainError):
    message = _l("Please name at least one field that the team shall correct.")


class DueInPast(DomainError):
    message = _l("The new due time has to be in the future.")


class ResultsAreOut(DomainError):
    message = _l("The result has been released. Please contact the organizer instead.")


class StageClosed(DomainError):
    message = _l("The first stage has been sealed already; the entry cannot join it any more.")


class JudgingHasBegun(DomainError):
    message = _l("Judging has begun; the entry cannot be returned any more.")


class ExclusionWaits(DomainError):
    message = _l("This has been asked for already and waits for the host's decision.")


class SecondPersonDecides(DomainError):
    message = _l("Whoever asked cannot decide. Another person of the host has to.")


class ExclusionDecided(DomainError):
    message = _l("This has been decided already.")
