"""Signs of misuse and of a machine in need, found in what is recorded anyway; looked for by a job, never by a page."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.audit.enums import AlarmKind, DeliveryState
from app.audit.models import Alarm, JournalEvent, Reading
from app.audit.queries import delivery_counts
from app.notify.enums import MessageState
from app.notify.queries import state_counts
from app.settings.queries import setting

from .troubles import figures

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SITE = "site"
#: So many of the latest rows of the reading log are looked at; more than one busy hour has.
LATEST = 20_000
#: What a closed alarm says about the machine is not said again for so long.
REST = DAY


@dataclass(frozen=True)
class Sign:
    """Something that people should look at: one alarm a kind and key."""

    kind: AlarmKind
    key: str
    detail: str


def signs(session: Session, *, now: datetime, var: Path, backups: Path | None) -> list[Sign]:
    """Everything that is beyond its limit now, without what people have looked at already."""
    seen = _closed(session, now)
    found = [*_sign_ins(session, seen, now), *_denials(session, seen, now), *_reads(session, seen, now)]
    machine = [*_disk(session, var), *_backup(session, backups, now), *_dead_letters(session)]
    return found + [sign for sign in machine if (sign.kind, sign.key) not in seen]


def person_of(alarm: Alarm) -> int | None:
    """The account that a sign is about, if it is about one."""
    kind, _, number = alarm.key.partition(":")
    return int(number) if kind == "user" else None


def _closed(session: Session, now: datetime) -> dict[tuple[AlarmKind, str], datetime]:
    """When each alarm was closed last: what it was about is not counted again."""
    rows = select(Alarm.kind, Alarm.key, func.max(Alarm.closed_at)).where(Alarm.closed_at > now - REST).group_by(Alarm.kind, Alarm.key)
    return {(kind, key): at for kind, key, at in session.execute(rows) if at is not None}


def _counted(session: Session, who: InstrumentedAttribute[int | None], name: str, since: datetime) -> list[tuple[int | None, datetime]]:
    rows = select(who, JournalEvent.at).where(JournalEvent.at > since, JournalEvent.name == name)
    return [(person, at) for person, at in session.execute(rows)]


def _beyond(kind: AlarmKind, facts: list[tuple[str, datetime]], limit: int, seen: dict[tuple[AlarmKind, str], datetime]) -> Iterator[Sign]:
    counts = Counter(key for key, at in facts if (kind, key) not in seen or at > seen[kind, key])
    for key, count in sorted(counts.items()):
        if count >= limit:
            yield Sign(kind, key, figures(count=count))


def _sign_ins(session: Session, seen: dict[tuple[AlarmKind, str], datetime], now: datetime) -> Iterator[Sign]:
    """Wrong passwords and codes: for one account, and for the whole site, where many accounts are tried a little."""
    refused = _counted(session, JournalEvent.subject_id, "accounts.sign_in_refused", now - HOUR)
    of_one = [(f"user:{person}", at) for person, at in refused if person is not None]
    yield from _beyond(AlarmKind.SIGN_INS, of_one, setting(session, "alarm_sign_ins"), seen)
    yield from _beyond(AlarmKind.SIGN_INS, [(SITE, at) for _, at in refused], setting(session, "alarm_sign_ins_site"), seen)


def _denials(session: Session, seen: dict[tuple[AlarmKind, str], datetime], now: datetime) -> Iterator[Sign]:
    refused = _counted(session, JournalEvent.actor_id, "accounts.access_refused", now - HOUR)
    facts = [(f"user:{person}", at) for person, at in refused if person is not None]
    yield from _beyond(AlarmKind.DENIALS, facts, setting(session, "alarm_denials"), seen)


def _reads(session: Session, seen: dict[tuple[AlarmKind, str], datetime], now: datetime) -> Iterator[Sign]:
    """The busiest minute of each person: entries opened by judges, and everything in the reading log."""
    opened = _counted(session, JournalEvent.actor_id, "judging.entry_opened_by_judge", now - HOUR)
    newest = select(func.max(Reading.id)).scalar_subquery()
    rows = select(Reading.actor_id, Reading.at).where(Reading.id > newest - LATEST, Reading.at > now - HOUR)
    opened += [(person, at) for person, at in session.execute(rows)]
    limit, minutes = setting(session, "alarm_reads"), Counter[tuple[str, datetime]]()
    for person, at in opened:
        key = f"user:{person}"
        if (AlarmKind.READS, key) not in seen or at > seen[AlarmKind.READS, key]:
            minutes[key, at.replace(second=0, microsecond=0)] += 1
    busiest: dict[str, int] = {}
    for (key, _minute), count in minutes.items():
        busiest[key] = max(count, busiest.get(key, 0))
    for key, count in sorted(busiest.items()):
        if count >= limit:
            yield Sign(AlarmKind.READS, key, figures(count=count))


def _disk(session: Session, var: Path) -> Iterator[Sign]:
    usage = shutil.disk_usage(var)
    percent = usage.free * 100 // usage.total
    if percent < setting(session, "alarm_disk_percent"):
        yield Sign(AlarmKind.DISK, SITE, figures(percent=percent, megabytes=usage.free // 10**6))


def last_backup(session: Session, backups: Path | None) -> datetime | None:
    """When a backup was made last: ours is a fact of the journal, others are files in the folder that an operator has named."""
    ours = select(func.max(JournalEvent.at)).where(JournalEvent.subject == "backup", JournalEvent.name == "backup.backup_made")
    files = [path for path in backups.glob("[!.]*") if path.is_file()] if backups is not None and backups.is_dir() else []
    times = [datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in files]
    return max((moment for moment in (session.scalar(ours), *times) if moment is not None), default=None)


def backup_is_old(session: Session, last: datetime | None, now: datetime) -> bool:
    """Whether the last one is older than the setting allows, or there is none."""
    return last is None or last < now - setting(session, "alarm_backup_hours") * HOUR


def _backup(session: Session, backups: Path | None, now: datetime) -> Iterator[Sign]:
    """Only where backups are expected: there was one, or an operator has named the folder into which they go."""
    last = last_backup(session, backups)
    if (last is not None or backups is not None) and backup_is_old(session, last, now):
        yield Sign(AlarmKind.BACKUP, SITE, figures(newest=last.isoformat(timespec="minutes") if last else "none"))


def _dead_letters(session: Session) -> Iterator[Sign]:
    mails = state_counts(session).get(MessageState.FAILED, 0)
    deliveries = delivery_counts(session).get(DeliveryState.DEAD, 0)
    if mails + deliveries >= setting(session, "alarm_dead_letters"):
        yield Sign(AlarmKind.DEAD_LETTERS, SITE, figures(mails=mails, deliveries=deliveries))
