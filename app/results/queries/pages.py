"""The result page as the reader sees it: rows with their sentences, figures on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.models import Call, EntryGroup, StageRuleVersion
from app.calls.rules import StageRules
from app.results.engine import AwardOut, CutOut, LineOut, Summary
from app.results.engine.wording import Names, criteria_names, say, say_all
from app.results.models import ResultRun

from .runs import PAGE, RunRow, entry_codes, run_rows, seats_of
from .trusting import Trust, edge_of, kept_analysis, trust_in

WIDE = 9
"""Up to so many judges have a column each; more are listed in one cell."""


@dataclass(frozen=True)
class JudgeColumn:
    id: int
    label: str
    name: str
    panel: str = ""


@dataclass(frozen=True)
class Line:
    """One entry: its row, its judges' totals, everything in sentences.

    ``marks`` has one place a judge, None where there is nothing, on wide pages and in whole lists; else only those there are.
    """

    row: RunRow
    marks: tuple[LineOut | None, ...]
    award: str
    steps: list[str]
    ties: list[str]
    why: str
    change: str
    is_cut: bool


@dataclass(frozen=True)
class RunPage:
    """One page of a run."""

    lines: list[Line]
    judges: list[JudgeColumn]
    is_wide: bool
    cut: CutOut
    awards: list[tuple[str, AwardOut, str]]
    warnings: list[str]
    rules: StageRules
    number: int
    pages: int
    total: int
    criteria: dict[str, str]
    unscored: bool
    trust: Trust | None

    @property
    def judge_names(self) -> dict[int, str]:
        """Names of the judges by seat."""
        return {judge.id: judge.name for judge in self.judges}


def run_page(session: Session, run: ResultRun, *, number: int, locale: str, size: int | None = PAGE) -> RunPage:
    """The lines of one page (all with ``size`` None). Its statements do not grow with the lines."""
    head = msgspec.convert(run.summary, Summary)
    rules = session.get_one(StageRuleVersion, run.rule_version_id).rules
    rows = run_rows(session, run.id, limit=size, offset=(number - 1) * size if size else 0)
    columns = _columns(seats_of(session, head.judges), locale)
    made = kept_analysis(session, run.id)
    edge = edge_of(made) if made is not None else None
    names = _names(session, run, rules, columns, locale, _mentioned(rows) | (edge.entries if edge is not None else set()))
    awards = {level.key: level.name.say(locale) for level in rules.awards}
    return RunPage(
        lines=_lines(rows, columns, names, awards, head.cut, all_judges=size is None or len(columns) <= WIDE),
        judges=columns,
        is_wide=len(columns) <= WIDE,
        cut=head.cut,
        awards=[_award(row, awards, names) for row in head.awards],
        warnings=say_all(head.warnings, names),
        rules=rules,
        number=number,
        pages=max(1, -(-head.total // size)) if size else 1,
        total=head.total,
        criteria=dict(names.criteria),
        unscored=head.unscored,
        trust=trust_in(made, edge, names) if made is not None and edge is not None else None,
    )


def columns_of(session: Session, run: ResultRun, locale: str) -> list[JudgeColumn]:
    """The judges of a run with the labels under which its pages and papers name them."""
    return _columns(seats_of(session, msgspec.convert(run.summary, Summary).judges), locale)


def criteria_of(session: Session, run: ResultRun, locale: str) -> dict[str, str]:
    """The criteria of the run's group by key, as its pages and files name them."""
    rules = session.get_one(StageRuleVersion, run.rule_version_id).rules
    return dict(criteria_names(rules, _group(session, run), locale))


def _group(session: Session, run: ResultRun) -> str:
    return session.scalar(select(EntryGroup.code).join(Call, Call.group_id == EntryGroup.id).where(Call.id == run.call_id)) or ""


def _columns(seats: Sequence[Any], locale: str) -> list[JudgeColumn]:
    """Judges numbered in the order of their seats, so that the printed list need not name them."""
    is_english = locale.startswith("en")
    word = "Judge {}" if is_english else _("Judge %(number)s", number="{}")
    return [
        JudgeColumn(seat.id, word.format(n), seat.name, (seat.panel_en if is_english else "") or seat.panel)
        for n, seat in enumerate(seats, start=1)
    ]


def _names(session: Session, run: ResultRun, rules: StageRules, columns: list[JudgeColumn], locale: str, mentioned: set[int]) -> Names:
    """Names for the sentences of these rows; a tie may name an entry that stands on another page."""
    return Names(
        locale,
        entry_codes(session, run.id, mentioned),
        {str(c.id): str(n) for n, c in enumerate(columns, start=1)},
        criteria_names(rules, _group(session, run), locale),
    )


def _mentioned(rows: list[RunRow]) -> set[int]:
    steps = [step for row in rows for step in (row.detail.tie, row.detail.why, row.detail.change, *row.detail.steps) if step is not None]
    texts = {step.values[side] for step in steps for side in ("above", "below") if side in step.values}
    return {row.entry_id for row in rows} | {int(text) for text in texts if text.isdecimal()}


def _lines(rows: list[RunRow], columns: list[JudgeColumn], names: Names, awards: dict[str, str], cut: CutOut, *,
           all_judges: bool) -> list[Line]:  # fmt: skip
    lines, before = [], None
    order = {column.id: n for n, column in enumerate(columns)}
    for row in rows:
        detail = row.detail
        own = {line.judge: line for line in detail.judges}
        ties = [say(step, names) for step in (before, detail.tie) if step is not None]
        lines.append(
            Line(
                row,
                tuple(own.get(seat) for seat in (order if all_judges else sorted(own, key=order.__getitem__))),
                awards.get(row.award_key or "", ""),
                say_all(detail.steps, names),
                ties,
                say(detail.why, names),
                say(detail.change, names),
                cut.method != "none" and row.position == cut.after,
            )
        )
        before = detail.tie
    return lines


def _award(row: AwardOut, names_of: dict[str, str], names: Names) -> tuple[str, AwardOut, str]:
    return names_of.get(row.key, row.key), row, say(row.reason, names) if row.reason else ""
