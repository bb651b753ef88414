"""What ``flask check`` and the health page look at: ok, worth a look, or to be mended, each with what to do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import text

from app.accounts.enums import Role
from app.accounts.queries import holders_of_platform_role
from app.accounts.rules.relying import relying_party
from app.admin.queries.troubles import told
from app.audit.enums import DeliveryState
from app.audit.operations.timekeeping import trust_of
from app.audit.queries import delivery_counts, open_alarms
from app.core import clock, timeservice
from app.core.db import SAFE_WAL, db
from app.core.durability import NETWORK_FILE_SYSTEMS, file_system_of
from app.core.resting import rest
from app.core.timeguard import fault_of, words
from app.files.operations.sweeping import altered_count
from app.migrating import newest, revision_of
from app.notify.enums import MessageState
from app.notify.queries import state_counts
from app.notify.transport import transport_of
from app.settings.queries import setting
from config import Config

from .queries.watching import backup_is_old, last_backup

WARN_FREE = 10
FAIL_FREE = 3


class Grade(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"

    @property
    def label(self) -> object:
        return {Grade.OK: _l("ok"), Grade.WARN: _l("look"), Grade.FAIL: _l("mend")}[self]


@dataclass(frozen=True)
class Check:
    """One line: what was looked at, how it is, what to do."""

    topic: str
    grade: Grade
    found: str
    advice: str = ""


Checker = Callable[[Config, datetime], Iterator[Check]]


def run_checks(config: Config, now: datetime) -> list[Check]:
    """Every check; one that cannot be made is a failure of its own, not of the others."""
    found: list[Check] = []
    for topic, checker in CHECKERS:
        try:
            found += checker(config, now)
        except Exception as error:  # noqa: BLE001 -- a check must never stop the table
            db.session.rollback()
            cause = str(getattr(error, "orig", None) or error).partition("\n")[0][:200]  # the driver's own words, without the statement
            found.append(Check(str(topic), Grade.FAIL, cause, _("This could not be looked at.")))
    return found


def check_configuration(config: Config, now: datetime) -> Iterator[Check]:
    topic = _("Configuration")
    if config.is_production:
        yield Check(topic, Grade.OK, _("production, %(url)s", url=config.base_url))
        if not config.is_secure:
            yield Check(
                topic, Grade.WARN, _("no TLS"), _("Let BASE_URL begin with https://; cookies and passwords travel in clear otherwise.")
            )
    else:
        yield Check(topic, Grade.WARN, config.env, _("Set JIEBANG_ENV=production before real people use it."))
    if setting(db.session, "mail_paused"):
        yield Check(topic, Grade.WARN, _("all mail is held back"), _("Switch it off in the settings when this is not a copy or a drill."))
    yield from _secret_files(config)


def _secret_files(config: Config) -> Iterator[Check]:
    folder, topic = config.var / "secrets", _("Secrets")
    kept = sorted(folder.glob("*")) if folder.is_dir() and os.name == "posix" else []
    loose = [path.name for path in kept if path.stat().st_mode & 0o077]
    if loose:
        yield Check(topic, Grade.FAIL, ", ".join(loose), _("Others on this machine can read these files: chmod 600 them."))
    else:
        yield Check(topic, Grade.OK, _("readable by this user only"))


def check_administrators(config: Config, now: datetime) -> Iterator[Check]:
    topic = _("Administrators")
    admins = len(holders_of_platform_role(db.session, Role.SYSTEM_ADMIN))
    auditors = len(holders_of_platform_role(db.session, Role.AUDITOR))
    if not admins:
        yield Check(topic, Grade.FAIL, _("none"), _("Make the first one: flask --app wsgi user create-admin"))
    elif admins == 1:
        yield Check(topic, Grade.WARN, _("one only"), _("Appoint a second one, in case the first loses phone and password."))
    else:
        yield Check(topic, Grade.OK, str(admins))
    if not auditors:
        yield Check(_("Security auditor"), Grade.WARN, _("none"), _("Appoint one: nobody else reads the journal of the site."))


#: Whose password alone would be too little wherever money or careers hang on it (trust: AUTHN-09).
DEMANDING = (Role.SYSTEM_ADMIN, Role.HOST, Role.ORGANIZER, Role.SUPERVISOR)


def check_second_factors(config: Config, now: datetime) -> Iterator[Check]:
    """In production the staff's roles and the judges' signatures should demand a second factor."""
    topic, demanded = _("Second factor"), setting(db.session, "second_factor_roles")
    free = [str(role.label) for role in DEMANDING if role not in demanded]
    if not setting(db.session, "sign_off_second_factor"):
        free.append(_("judges who sign"))
    if not free:
        yield Check(topic, Grade.OK, _("demanded of the staff and for signatures"))
    else:
        grade = Grade.WARN if config.is_production else Grade.OK
        found = _("not demanded of: %(who)s", who=", ".join(free))
        yield Check(topic, grade, found, _("Demand it in the settings under “Sign-in and sessions”.") if grade == Grade.WARN else "")
    if config.is_production and relying_party(config.base_url, "") is None:
        yield Check(
            topic, Grade.WARN, config.base_url, _("Browsers offer security keys only to sites with a name and https; change BASE_URL.")
        )


def check_database(config: Config, now: datetime) -> Iterator[Check]:
    if db.is_sqlite:
        yield from _sqlite(config)
    else:
        yield from _postgresql()


def _sqlite(config: Config) -> Iterator[Check]:
    topic = _("Durability")
    version = str(db.session.scalar(text("select sqlite_version()")))
    mode, level = db.session.scalar(text("PRAGMA journal_mode")), int(db.session.scalar(text("PRAGMA synchronous")) or 0)
    numbers = tuple(map(int, version.split(".")))
    if mode == "wal" and numbers < SAFE_WAL:
        yield Check(
            topic,
            Grade.FAIL,
            f"SQLite {version}, WAL",
            _("This version can damage a WAL file: use 3.51.3 or newer, or another journal mode."),
        )
    else:
        yield Check(topic, Grade.OK, f"SQLite {version}, {mode}")
    if level < 2:
        yield Check(
            topic, Grade.FAIL, f"synchronous={level}", _("Acknowledged scores could be lost in a power cut: synchronous must be FULL.")
        )
    folder = config.database_url.removeprefix("sqlite:///")
    kind = file_system_of(folder) if folder else ""
    if kind in NETWORK_FILE_SYSTEMS:
        yield Check(
            topic,
            Grade.FAIL,
            kind,
            _("The database lies on a network file system, whose locks cannot be trusted: move it to a local disk."),
        )


def _postgresql() -> Iterator[Check]:
    topic = _("Durability")
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        value = str(db.session.scalar(text(f"SHOW {name}")))
        grade = Grade.OK if value not in {"off", "local"} else Grade.FAIL
        advice = "" if grade == Grade.OK else _("Acknowledged scores could be lost: switch it on.")
        yield Check(topic, grade, f"{name}={value}", advice)


def check_migrations(config: Config, now: datetime) -> Iterator[Check]:
    topic, present = _("Migrations"), revision_of(db.session.connection())
    if present != newest():
        yield Check(topic, Grade.FAIL, present or _("none"), _("Run: flask --app wsgi db upgrade"))
    else:
        yield Check(topic, Grade.OK, present or "")


def check_storage(config: Config, now: datetime) -> Iterator[Check]:
    yield Check(_("File store"), Grade.OK, config.storage_url.split("@")[-1][:80])
    if altered := altered_count(db.session):
        yield Check(
            _("Stored files"), Grade.FAIL, ngettext("%(num)s missing or altered", "%(num)s missing or altered", altered),
            _("They are not delivered. Put them back from a backup; the nightly check then lets go of them."),
        )  # fmt: skip
    usage = shutil.disk_usage(config.var)
    percent = usage.free * 100 // usage.total
    topic, found = _("Free space"), _("%(percent)s %% free, %(size)s GB", percent=percent, size=usage.free // 10**9)
    grade = Grade.FAIL if percent < FAIL_FREE else Grade.WARN if percent < WARN_FREE else Grade.OK
    yield Check(topic, grade, found, "" if grade == Grade.OK else _("Make room before saves are refused."))


def check_backup(config: Config, now: datetime) -> Iterator[Check]:
    """Date and age of the last one; and whether this is a restored copy, which accepts nothing."""
    topic, last = _("Backup"), last_backup(db.session, config.backups)
    if last is None:
        grade = Grade.WARN if config.is_production else Grade.OK
        yield Check(topic, grade, _("none is known"), _("Make one every night: flask --app wsgi backup make (docs/OPERATIONS.md)"))
    else:
        found = _("%(time)s UTC, %(hours)s hours ago", time=f"{last:%Y-%m-%d %H:%M}", hours=max(0, int((now - last) / timedelta(hours=1))))
        is_old = backup_is_old(db.session, last, now)
        yield Check(topic, Grade.WARN if is_old else Grade.OK, found, _("Look why there is no newer one.") if is_old else "")
    if rest.taken_at is not None:
        advice = _("Compare it with checkpoints from outside and open it: flask --app wsgi backup open --checkpoint FILE")
        yield Check(_("Restored copy"), Grade.FAIL, _("of %(time)s UTC, not opened", time=f"{rest.taken_at:%Y-%m-%d %H:%M}"), advice)


def check_mail(config: Config, now: datetime) -> Iterator[Check]:
    topic = _("Mail")
    try:
        transport_of(config.mail_url).check()
    except (OSError, ValueError) as error:
        yield Check(topic, Grade.FAIL, str(error)[:120], _("Look at MAIL_URL: smtp://user:password@host:587"))
    else:
        scheme = config.mail_url.split("://", 1)[0]
        grade = Grade.WARN if scheme == "file" and config.is_production else Grade.OK
        yield Check(topic, grade, scheme, _("Mails become files and reach nobody. Set MAIL_URL.") if grade == Grade.WARN else "")
    failed = state_counts(db.session).get(MessageState.FAILED, 0)
    if failed:
        yield Check(_("Outbox"), Grade.WARN, _("%(count)s failed", count=failed), _("Look into the outbox of the console."))


def check_deliveries(config: Config, now: datetime) -> Iterator[Check]:
    dead = delivery_counts(db.session).get(DeliveryState.DEAD, 0)
    topic = _("Deliveries")
    if dead:
        yield Check(
            topic, Grade.WARN, _("%(count)s have given up", count=dead), _("Look at their errors in the console, then try them again.")
        )
    else:
        yield Check(topic, Grade.OK, _("none has given up"))


def check_clock(config: Config, now: datetime) -> Iterator[Check]:
    topic = _("Clock")
    fault = fault_of(trust_of(db.session), clock.reading())
    if fault is not None:
        advice = _("Set the clock right, or accept its time under Alarms; until then nothing that depends on the time is accepted.")
        yield Check(topic, Grade.FAIL, words(fault), advice)
    else:
        yield Check(topic, Grade.OK, now.strftime("%Y-%m-%d %H:%M:%S UTC"))
    yield from time_service(timeservice.state())


def time_service(state: timeservice.State | None) -> Iterator[Check]:
    """What the kernel knows of the time servers; None where it cannot be asked."""
    topic, advice = _("Time servers"), _("Have the machine follow time servers (chrony, systemd-timesyncd): deadlines follow this clock.")
    if state is None:
        yield Check(topic, Grade.WARN, _("the kernel does not tell"), advice)
    elif not state.is_synchronized:
        yield Check(topic, Grade.WARN, _("the clock follows no time server"), advice)
    elif abs(state.offset) > timeservice.DRIFT:
        yield Check(topic, Grade.WARN, _("%(ms)s ms off", ms=int(state.offset.total_seconds() * 1000)), advice)
    else:
        yield Check(topic, Grade.OK, _("%(ms)s ms off", ms=int(state.offset.total_seconds() * 1000)))


def check_alarms(config: Config, now: datetime) -> Iterator[Check]:
    topic = _("Alarms")
    waiting = open_alarms(db.session)
    for alarm in waiting:
        said = str(alarm.kind.label) + _(": ") + told(alarm.kind, alarm.detail)
        yield Check(topic, Grade.FAIL, said[:200], _("Look into it, then close the alarm in the console."))
    if not waiting:
        yield Check(topic, Grade.OK, _("none is open"))


def check_printing(config: Config, now: datetime) -> Iterator[Check]:
    topic = _("PDF and fonts")
    try:
        import weasyprint  # noqa: PLC0415 -- heavy, and its absence is what is looked for
    except (ImportError, OSError) as error:
        yield Check(
            topic, Grade.FAIL, str(error)[:120], _("Install the Pango libraries (docs/OPERATIONS.md); certificates and receipts need them.")
        )
        return
    fonts = _chinese_fonts()
    if fonts:
        yield Check(topic, Grade.OK, f"WeasyPrint {weasyprint.__version__}, {fonts}")
    else:
        yield Check(topic, Grade.FAIL, _("no Chinese font"), _("Install fonts-noto-cjk, or PDFs show boxes instead of characters."))


def _chinese_fonts() -> str:
    program = shutil.which("fc-list")
    if program is None:
        return ""
    listed = subprocess.run([program, ":lang=zh-cn", "family"], capture_output=True, text=True, timeout=10, check=False)
    families = sorted({line.split(",")[0].strip() for line in listed.stdout.splitlines() if line.strip()})
    return ", ".join(families[:2])


def as_json(checks: list[Check]) -> str:
    """The table for monitoring programs."""
    rows = [{"topic": line.topic, "grade": line.grade.value, "found": line.found, "advice": line.advice} for line in checks]
    return json.dumps(rows, ensure_ascii=False)


CHECKERS: tuple[tuple[object, Checker], ...] = (
    (_l("Configuration"), check_configuration),
    (_l("Durability"), check_database),
    (_l("Migrations"), check_migrations),
    (_l("Administrators"), check_administrators),
    (_l("Second factor"), check_second_factors),
    (_l("File store"), check_storage),
    (_l("Backup"), check_backup),
    (_l("Mail"), check_mail),
    (_l("Deliveries"), check_deliveries),
    (_l("Clock"), check_clock),
    (_l("Alarms"), check_alarms),
    (_l("PDF and fonts"), check_printing),
)
