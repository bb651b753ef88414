"""Every setting an administrator may change at run time: its type, default, limits and explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

Value = bool | int | str | list[str]


@dataclass(frozen=True)
class Definition:
    """One setting. ``kind``: bool, int, text, lines (one word a line) or choices (several of ``options``)."""

    key: str
    kind: str
    default: Value
    label: object
    hint: object = ""
    group: str = "site"
    low: int = 0
    high: int = 1_000_000
    options: tuple[tuple[str, object], ...] = ()

    def accepts(self, value: Any) -> bool:
        """Whether the value has this setting's type and lies within its limits."""
        if self.kind == "bool":
            return isinstance(value, bool)
        if self.kind == "int":
            return isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high
        if self.kind == "text":
            return isinstance(value, str) and len(value) <= self.high
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            return False
        return self.kind == "lines" or set(value) <= {option for option, _ in self.options}


STAFF_ROLES = (
    ("system_admin", _l("System administrator")),
    ("auditor", _l("Security auditor")),
    ("host", _l("Host")),
    ("organizer", _l("Organizer")),
    ("supervisor", _l("Supervisor")),
    ("finance", _l("Finance officer")),
    ("talent_officer", _l("Talent officer")),
    ("judge", _l("Judge")),
)

GROUPS: Mapping[str, object] = {
    "site": _l("Site"),
    "sign_in": _l("Sign-in and sessions"),
    "passwords": _l("Passwords"),
    "files": _l("Files"),
    "mail": _l("Mail"),
    "alarms": _l("Alarms"),
}

_ALL = (
    Definition("site_name", "text", "", _l("Name of the site"), _l("Shown in mails; empty: the product's name."), high=60),
    Definition("site_owner", "text", "", _l("Operated by"), _l("The office that runs this site and answers for its data."), high=120),
    Definition("site_contact", "text", "", _l("Contact"), _l("A phone number or address for questions, shown below every mail."), high=200),
    Definition("sign_up_open", "bool", True, _l("Anybody may sign up"),
               _l("Off: accounts are made by administrators and invitations only."), group="sign_in"),
    Definition("access_days", "int", 90, _l("Access to a finished contest ends after days"),
               _l("Judges, and those who hold a role in this contest alone, lose it so many days after the results and notices are over. "
                  "Hosts and the people of its offices keep theirs."), group="sign_in", low=7, high=3650),
    Definition("session_idle_minutes", "int", 30, _l("Sign out after minutes without activity"), group="sign_in", low=5, high=240),
    Definition("session_idle_minutes_staff", "int", 15, _l("The same for whoever holds a role of the staff"),
               _l("Everybody but judges, team members and need owners."), group="sign_in", low=5, high=240),
    Definition("session_hours", "int", 12, _l("Sign out in any case after hours"), group="sign_in", low=1, high=24),
    Definition("session_limit", "int", 0, _l("Sessions one account may have at once"),
               _l("0: no limit. When it is reached, the oldest session ends."), group="sign_in", high=20),
    Definition("second_factor_roles", "choices", [], _l("Roles that must use a second factor"),
               _l("Whoever holds one of them sets up a security key or an authenticator app before doing anything else. "
                  "For real programmes: administrators, hosts, organizers and supervisors."),
               group="sign_in", options=STAFF_ROLES),
    Definition("sign_off_second_factor", "bool", False, _l("Judges sign with a second factor"),
               _l("On: score sheets are signed only after a security key or an authenticator app has been used. "
                  "Off: the password is enough for judges who have set up none."), group="sign_in"),
    Definition("password_min_length", "int", 12, _l("Shortest password"), group="passwords", low=8, high=64),
    Definition("organisation_words", "lines", [], _l("Words that passwords must not contain"),
               _l("The names of your office, city and programmes, one a line."), group="passwords"),
    Definition("dengbao_profile", "bool", False, _l("等保 profile"),
               _l("Adds what GB/T 22239 asks for: three of four kinds of characters, a new password every 90 days, none of the last five. "
                  "Longer passwords without these rules are safer; switch it on only where an assessment demands it."), group="passwords"),
    Definition("room_entry_mb", "int", 500, _l("All files of one entry together, in MB"),
               _l("Replaced files count too: they are kept."), group="files", low=20, high=100_000),
    Definition("room_person_mb", "int", 2000, _l("All files that one person handed in, in MB"), group="files", low=20, high=1_000_000),
    Definition("room_host_mb", "int", 200_000, _l("All entries of one host organization together, in MB"),
               _l("One office that fills its room takes nothing from the others."), group="files", low=100, high=100_000_000),
    Definition("mail_from", "text", "", _l("Sender address"), _l("Empty: no-reply at the site's host."), group="mail", high=254),
    Definition("mail_paused", "bool", False, _l("Hold all mail back"),
               _l("For copies and drills: messages wait in the outbox and nothing leaves this machine."), group="mail"),
    Definition("alarm_sign_ins", "int", 15, _l("Refused sign-ins of one account in an hour"), group="alarms", low=3, high=10_000),
    Definition("alarm_sign_ins_site", "int", 200, _l("Refused sign-ins of all accounts in an hour"), group="alarms", low=10),
    Definition("alarm_denials", "int", 30, _l("Pages refused to one person in an hour"), group="alarms", low=3, high=10_000),
    Definition("alarm_reads", "int", 30, _l("Entries and files opened by one person in a minute"),
               _l("Nobody reads so fast: judges open an entry, look, and write."), group="alarms", low=5, high=10_000),
    Definition("alarm_backup_hours", "int", 26, _l("Hours since the last backup"),
               _l("Looked at once there was one, or where the server's setting BACKUP_FOLDER names a folder."),
               group="alarms", low=1, high=1000),
    Definition("alarm_disk_percent", "int", 10, _l("Free space on the disk, in percent"), group="alarms", low=1, high=90),
    Definition("alarm_dead_letters", "int", 1, _l("Mails and deliveries that have given up"), group="alarms", low=1, high=10_000),
)  # fmt: skip

REGISTRY: Mapping[str, Definition] = {definition.key: definition for definition in _ALL}
