"""Template filters: how instants, days, money, marks and sizes are written in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from babel.dates import get_month_names
from babel.numbers import format_decimal
from flask import Flask, g
from flask_babel import get_locale, gettext, ngettext

from . import clock
from .markup import named, pick, prose
from .money import wan
from .web import now as server_now

_UNITS = ("B", "kB", "MB", "GB")
_NAMED_ZONES = {"Asia/Shanghai", "PRC", "Asia/Chongqing"}


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """What is left until a due time: words, and a tone for the badge."""

    text: str
    tone: str


def _is_chinese() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "zh"


def _written(value: date, is_chinese: bool) -> str:
    """A day in the reader's language. Written out here: lists show hundreds, and the library reads its pattern each time."""
    if is_chinese:
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_english_months()[value.month]} {value.year}"


@cache
def _english_months() -> Mapping[int, str]:
    return get_month_names("abbreviated", locale="en")


def page_zone() -> str:
    """The zone of the edition on the page, set by the view; otherwise the site's."""
    return str(g.get("zone", clock.DEFAULT_ZONE))


def moment(value: datetime | None, zone: str | None = None) -> str:
    """An instant with its zone, as plain text (mails, printed sheets, attributes)."""
    return "" if value is None else f"{instant(value, zone)} {zone_name(zone)}"


def instant(value: datetime, zone: str | None = None, seconds: bool = False) -> str:
    """An aware datetime in the zone's wall time; the zone's name is written by `zone_name`."""
    local = clock.local(value, zone or page_zone())
    hands = f"{local.hour:02d}:{local.minute:02d}" + (f":{local.second:02d}" if seconds else "")
    is_chinese = _is_chinese()
    return f"{_written(local, is_chinese)}{' ' if is_chinese else ', '}{hands}"


def day(value: date | datetime | None, zone: str | None = None) -> str:
    """A calendar day; an instant is first moved into the zone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = clock.local_date(value, zone or page_zone())
    return _written(value, _is_chinese())


def zone_name(zone: str | None) -> str:
    """The zone as people say it."""
    zone = zone or page_zone()
    return gettext("Beijing time") if zone in _NAMED_ZONES else zone.replace("_", " ")


def time_left(due: datetime, now: datetime) -> TimeLeft:
    """Whole days while more than two are left, then hours, then minutes."""
    left = due - now
    if left <= timedelta(0):
        return TimeLeft(gettext("Closed"), "neutral")
    if left >= timedelta(days=2):
        days = left.days
        text = ngettext("%(num)s day left", "%(num)s days left", days)
        return TimeLeft(text, "warning" if days < 4 else "info")
    hours = int(left.total_seconds() // 3600)
    if hours:
        return TimeLeft(ngettext("%(num)s hour left", "%(num)s hours left", hours), "danger")
    minutes = max(1, int(left.total_seconds() // 60))
    return TimeLeft(ngettext("%(num)s minute left", "%(num)s minutes left", minutes), "danger")


def grouped(value: int | Decimal) -> str:
    """Digits in groups of three, all decimals kept."""
    return format_decimal(value, locale=get_locale() or "zh", decimal_quantization=False)


def money(amount: int | Decimal, unit: str = "wan") -> str:
    """Yuan as ten-thousands (unit "wan", only where Chinese is read) or yuan; exact, no rounding."""
    if unit == "yuan" or not _is_chinese():
        pattern = "#,##0" if amount == int(amount) else "#,##0.00##"
        written = format_decimal(amount, pattern, locale=get_locale() or "zh", decimal_quantization=False)
        return gettext("CNY %(amount)s", amount=written)
    return gettext("%(amount)s × 10,000 yuan", amount=grouped(wan(Decimal(amount))))


def money_of_wan(amount: int | str | Decimal) -> str:
    """Money that rules keep in ten-thousands of yuan, as the reader counts."""
    return money(Decimal(amount) * 10_000)


def mark(value: Decimal | int | str, places: int | None = None) -> str:
    """A mark exactly as stored, or padded with zeros to the given places (never rounded)."""
    number = Decimal(value)
    if places is not None and -int(number.as_tuple().exponent) < places:
        number = number.quantize(Decimal(1).scaleb(-places))
    return f"{number:f}"


def file_size(size: int) -> str:
    """Bytes in the largest unit that keeps at least one whole unit, one decimal from MB on."""
    step = 0
    whole, rest = size, 0
    while whole >= 1000 and step < len(_UNITS) - 1:
        whole, rest = divmod(whole, 1000)
        step += 1
    tenths = rest // 100
    return f"{whole}.{tenths} {_UNITS[step]}" if step >= 2 and tenths else f"{whole} {_UNITS[step]}"


def initials(name: str) -> str:
    """Last character of a Chinese name, first letters of a Latin one."""
    name = name.strip()
    if not name:
        return "·"
    if ord(name[-1]) > 0x2E7F:
        return name[-1]
    return "".join(word[0] for word in name.split()[:2]).upper()


def tint(name: str) -> int:
    """Which of the four grounds an avatar gets; the same name always gets the same."""
    return sum(map(ord, name)) % 4


def flat(errors: Any) -> list[str]:
    """WTForms errors of any nesting (form fields, field lists) as one list of messages."""
    if isinstance(errors, dict):
        return [text for value in errors.values() for text in flat(value)]
    if isinstance(errors, (list, tuple)):
        return [text for value in errors for text in flat(value)]
    return [errors]


def kind_of(field: Any) -> str:
    """How a field is drawn: hidden, checkbox, radio, checks, select, textarea, file, group, list, number or text."""
    if hasattr(field, "entries") and hasattr(field, "append_entry"):
        return "list"
    if hasattr(field, "form") and field.__class__.__name__ == "FormField":
        return "group"
    option = getattr(getattr(field, "option_widget", None), "input_type", "")
    if field.widget.__class__.__name__ in ("ListWidget", "TableWidget") and option:
        return "radio" if option == "radio" else "checks"
    kind = getattr(field.widget, "input_type", None)
    if kind is None:
        return "select" if hasattr(field, "iter_choices") else "textarea"
    if any(base.__name__ in ("DecimalField", "IntegerField", "ExactField") for base in type(field).__mro__):
        return "number"
    return kind if kind in ("hidden", "checkbox", "file") else "text"


def install_display(app: Flask) -> None:
    """Register the filters and globals that `templates/macros` use."""
    for filter_function in (moment, instant, day, zone_name, time_left, grouped, money, mark, file_size, initials, tint, prose):
        app.jinja_env.filters[filter_function.__name__] = filter_function
    app.jinja_env.globals.update(flat=flat, kind_of=kind_of, server_now=server_now, pick=pick, named=named)
