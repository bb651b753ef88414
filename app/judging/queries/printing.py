"""A score sheet as it is printed: plain texts, the same numbers as on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.entries.queries import material_of
from app.judging.rules import items_of

from .work import Work, content_of


@dataclass(frozen=True)
class PrintedLine:
    """One item: ``kind`` is mark, deduction or gate."""

    kind: str
    section: str
    name: str
    full: str
    weight: str
    mark: str
    remark: str


@dataclass(frozen=True)
class PrintedSheet:
    """One page of paper."""

    edition: str
    stage: str
    code: str
    title: str
    judge: str
    lines: tuple[PrintedLine, ...]
    total: str
    full: str
    comment: str
    signed_at: datetime | None
    digest: str
    receipt_code: str


def printed_sheet(session: Session, work: Work, judge: str, locale: str) -> PrintedSheet:
    """The title is the one that the judge reads: neutral on blind stages."""
    blind = (work.rules or work.stage.rules).disclosure.blind
    material = material_of(session, work.assignment.entry_id, work.public_code or "", blind=blind, locale=locale)
    content: dict[str, Any] = content_of(work)
    english = locale.startswith("en")
    lines = tuple(
        PrintedLine(
            item.kind, item.section.say(locale), item.name.say(locale), f"{item.high.normalize():f}", item.weight,
            content["marks"].get(item.key, ""), content["remarks"].get(item.key, ""),
        )
        for item in items_of(work.rubric)
    )  # fmt: skip
    sheet = work.sheet
    total = f"{sheet.total.normalize():f}" if sheet is not None and sheet.total is not None else ""
    return PrintedSheet(
        (work.edition.title_en if english else "") or work.edition.title, (work.stage.name_en if english else "") or work.stage.name,
        work.public_code or "", material.title if material else "", judge, lines, total, work.rubric.full, content["comment"],
        sheet.signed_at if sheet is not None else None, (sheet.digest if sheet is not None else None) or "",
        (sheet.receipt_code if sheet is not None else None) or "",
    )  # fmt: skip
