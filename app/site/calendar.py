"""A contest's dates as an iCalendar file (RFC 5545): times in UTC, lines folded at 75 octets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask_babel import gettext as _

from app.core.markup import pick

from .queries import ContestPage


def edition_calendar(page: ContestPage, url: str, now: datetime) -> str:
    """Opening, closing and stages as events."""
    edition = page.edition
    title = pick(edition.title, edition.title_en)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Jiebang//Contest//EN", "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{_text(title)}"]
    if page.facts.opens_at and page.facts.closes_at:
        opens, closes = page.facts.opens_at, page.facts.closes_at
        lines += _event(f"{edition.code}-opens", _("%(title)s: entries open", title=title), opens, opens, url, now)
        lines += _event(f"{edition.code}-closes", _("%(title)s: entries close", title=title), closes, closes, url, now)
    for stage in page.stages:
        name = _("%(title)s: %(stage)s", title=title, stage=pick(stage.name, stage.name_en))
        lines += _event(f"{edition.code}-stage-{stage.id}", name, stage.opens_at, stage.closes_at, url, now)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _event(uid: str, summary: str, start: datetime, end: datetime, url: str, now: datetime) -> list[str]:
    """A moment has no end: an end that is not later than the start is not allowed (RFC 5545, 3.8.2.2).

    Two sites may have editions of the same code: the site's host keeps their events apart (3.8.4.7).
    """
    return [
        "BEGIN:VEVENT", f"UID:{uid}@{urlsplit(url).hostname}", f"DTSTAMP:{_utc(now)}", f"DTSTART:{_utc(start)}",
        *([f"DTEND:{_utc(end)}"] if end > start else []), f"SUMMARY:{_text(summary)}", f"URL:{url}", "END:VEVENT",
    ]  # fmt: skip


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """At most 75 octets a line, continued after a space, never within a character."""
    part, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > 75:
            yield part
            part, size = " ", 1
        part, size = part + character, size + width
    yield part
