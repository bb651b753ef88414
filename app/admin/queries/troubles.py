"""What an alarm tells, as a sentence in the reader's language. It is stored once, as figures or in the words of the walk that found it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.audit.enums import AlarmKind
from app.core.display import moment

#: What a walk finds wrong with a chain: pattern of its words → sentence with the pattern's figure.
_BREAKS: tuple[tuple[re.Pattern[str], object], ...] = (
    (re.compile(r"number (\d+) is missing"), _l("fact %(number)s is missing")),
    (re.compile(r"the row does not link to the one before it"), _l("the fact does not link to the one before it")),
    (re.compile(r"the row was altered"), _l("the fact was altered")),
    (re.compile(r"the payload does not match its commitment"), _l("the details of the fact were altered")),
    (re.compile(r"the head does not match the last row"), _l("the chain does not end where its head says")),
    (
        re.compile(r"the chain is shorter than its checkpoint of (\d+) facts"),
        _l("its checkpoint tells of %(number)s facts, it is shorter"),
    ),
    (re.compile(r"fact (\d+) is another one than its checkpoint says"), _l("fact %(number)s is another one than its checkpoint says")),
)
_BROKEN_AT = re.compile(r"(?P<chain>\S+), fact (?P<number>\d+): (?P<reason>.+)")
_CLOCK = re.compile(r"shows (?P<shown>\S+ \S+) UTC, .+ of (?P<expected>\S+ \S+) UTC")


def figures(**values: object) -> str:
    """The figures of an alarm as they are stored."""
    return " ".join(f"{name}={value}" for name, value in values.items())


def told(kind: str, detail: str) -> str:
    """An alarm's detail as a sentence; what cannot be read stays as it is stored."""
    say = _SENTENCES.get(kind)
    if say is None:
        return detail
    try:
        return say(detail)
    except (KeyError, ValueError):
        return detail


def break_in_words(reason: str) -> str:
    """What is wrong with a chain; unknown words stay."""
    for pattern, sentence in _BREAKS:
        found = pattern.fullmatch(reason)
        if found:
            return str(sentence) % {"number": found[1]} if found.groups() else str(sentence)
    return reason


def _read(detail: str) -> Mapping[str, str]:
    return dict(part.split("=", 1) for part in detail.split())


def _match(pattern: re.Pattern[str], detail: str) -> re.Match[str]:
    found = pattern.fullmatch(detail)
    if found is None:
        raise ValueError(detail)
    return found


def _sign_ins(detail: str) -> str:
    count = int(_read(detail)["count"])
    return ngettext("%(num)s sign-in was refused within an hour.", "%(num)s sign-ins were refused within an hour.", count)


def _denials(detail: str) -> str:
    count = int(_read(detail)["count"])
    return ngettext("%(num)s page was refused within an hour.", "%(num)s pages were refused within an hour.", count)


def _reads(detail: str) -> str:
    count = int(_read(detail)["count"])
    return ngettext("%(num)s entry or file was opened within one minute.", "%(num)s entries or files were opened within one minute.", count)


def _disk(detail: str) -> str:
    read = _read(detail)
    return _("%(percent)s %% of the disk are free (%(size)s MB).", percent=int(read["percent"]), size=int(read["megabytes"]))


def _backup(detail: str) -> str:
    newest = _read(detail)["newest"]
    if newest == "none":
        return _("There is no file in the folder for backups.")
    return _("The newest file in the folder for backups is of %(when)s.", when=moment(datetime.fromisoformat(newest)))


def _dead_letters(detail: str) -> str:
    read = _read(detail)
    mails = ngettext("%(num)s mail could not be sent", "%(num)s mails could not be sent", int(read["mails"]))
    gone = ngettext("%(num)s delivery was given up", "%(num)s deliveries were given up", int(read["deliveries"]))
    return _("%(mails)s, %(deliveries)s.", mails=mails, deliveries=gone)


def _clock(detail: str) -> str:
    found = _match(_CLOCK, detail)
    shown, expected = (moment(datetime.fromisoformat(found[name]).replace(tzinfo=UTC)) for name in ("shown", "expected"))
    return _("It shows %(shown)s where %(expected)s was expected.", shown=shown, expected=expected)


def _chain(detail: str) -> str:
    found = _BROKEN_AT.fullmatch(detail)
    if found is None:
        return break_in_words(detail)
    return _("From fact %(number)s on: %(reason)s.", number=found["number"], reason=break_in_words(found["reason"]))


_SENTENCES: Mapping[str, Callable[[str], str]] = {
    AlarmKind.CLOCK: _clock, AlarmKind.CHAIN: _chain, AlarmKind.SIGN_INS: _sign_ins, AlarmKind.DENIALS: _denials, AlarmKind.READS: _reads,
    AlarmKind.DISK: _disk, AlarmKind.BACKUP: _backup, AlarmKind.DEAD_LETTERS: _dead_letters,
}  # fmt: skip
