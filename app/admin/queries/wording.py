"""Stored words of the journal as people read them: kinds, decisions, names of facts and settings, chains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import OrganizationKind, Role
from app.audit.enums import AlarmKind
from app.audit.events import PLATFORM
from app.audit.labels import EVENT_LABELS
from app.calls.enums import ApprovalSubject, StageKind
from app.calls.models import Edition
from app.calls.presets import PRESETS
from app.core.markup import named, pick
from app.entries.enums import BlindChoice, CheckDecision, EntryAction, MemberRight, MemberRole
from app.judging.enums import ConflictSource, RecusalReason, SeatCategory
from app.notices.enums import NoticeKind
from app.settings.calendar import HOLIDAY, WORKDAY
from app.settings.registry import REGISTRY
from app.talent.enums import CheckKind, CheckResult

#: By feature and detail: the vocabularies that its word may come from.
VOCABULARIES: Mapping[tuple[str, str], tuple[type[StrEnum], ...]] = {
    ("accounts", "kind"): (OrganizationKind,), ("accounts", "role"): (Role,),
    ("audit", "kind"): (AlarmKind,),
    ("calls", "kind"): (StageKind, ApprovalSubject),
    ("entries", "action"): (EntryAction,), ("entries", "decision"): (CheckDecision, BlindChoice),
    ("entries", "right"): (MemberRight,), ("entries", "role"): (MemberRole,),
    ("judging", "category"): (SeatCategory,), ("judging", "reason"): (RecusalReason,), ("judging", "source"): (ConflictSource,),
    ("notices", "kind"): (NoticeKind,),
    ("talent", "kind"): (CheckKind,), ("talent", "result"): (CheckResult,),
}  # fmt: skip
#: By feature and detail: words that are members of no enum.
WORDS: Mapping[tuple[str, str], Mapping[str, object]] = {
    ("audit", "occasion"): {**EVENT_LABELS, "daily": _l("every day")},
    ("settings", "kind"): {HOLIDAY: _l("Holiday"), WORKDAY: _l("Working day")},
    ("settings", "key"): {key: definition.label for key, definition in REGISTRY.items()},
    ("accounts", "purpose"): {
        "confirm_email": _l("to confirm an address"), "reset_password": _l("to choose a new password"),
        "change_email": _l("to change an address"), "first_admin": _l("for the first administrator"),
        "invite_staff": _l("invitation of staff"), "invite_member": _l("invitation to a team"), "invite_judge": _l("invitation of a judge"),
    },
}  # fmt: skip


def word_of(event_name: str, key: str, value: str) -> str:
    """A stored word of a fact's detail in the reader's language; what is no known word stays as it is."""
    place = (event_name.partition(".")[0], key)
    for kind in VOCABULARIES.get(place, ()):
        if value in set(kind):
            return str(kind(value).label)  # type: ignore[attr-defined]
    if key == "preset" and value in PRESETS:
        return pick(PRESETS[value].name.zh, PRESETS[value].name.en)
    return str(WORDS.get(place, {}).get(value, value))


def chain_names(session: Session, chains: Iterable[str]) -> dict[str, str]:
    """What each chain is about: the site, or an edition by its title. One statement."""
    chains = list(chains)
    ids = {int(number): chain for chain in chains for kind, _colon, number in [chain.partition(":")] if kind == "edition"}
    rows = session.execute(select(Edition.id, Edition.title, Edition.title_en).where(Edition.id.in_(ids)))
    titled = {ids[row.id]: named(row) for row in rows}
    return {chain: _("The site") if chain == PLATFORM else titled.get(chain, chain) for chain in chains}
