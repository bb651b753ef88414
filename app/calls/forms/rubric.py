"""A rubric as it is edited: criteria in one or two levels, bands as lines of text, deductions, yes/no items."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from app.calls.rules import Band, Criterion, Deduction, Gate, Rubric
from app.calls.rules.checks import STEPS
from app.core.codes import code
from app.core.forms import Form, WholeField, offered
from app.dynforms.schema import Text

from .rows import Row, both, filled, kept, rows

NUMBER = Regexp(r"^[0-9]{1,5}(\.[0-9]{1,2})?$", message=_l("A plain number, for example 12.5."))
_BAND = re.compile(r"^\s*([0-9]+(?:\.[0-9]+)?)\s*[-–—~～至]\s*([0-9]+(?:\.[0-9]+)?)\s*[:：]\s*(.*)$")
MOST_BANDS = 10


class CriterionRow(Row):
    key = HiddenField()
    level = SelectField(_l("Level"), choices=offered([("1", _l("First level")), ("2", _l("Second level"))]), default="1")
    name = StringField(_l("Name"), [Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=120)])
    full = StringField(_l("Full mark"), [Optional(), NUMBER])
    weight = StringField(_l("Weight (only when weights add up)"), [Optional(), NUMBER])
    description = StringField(_l("What to look at"), [Length(max=400)])
    description_en = StringField(_l("The same in English"), [Length(max=400)])
    bands = TextAreaField(_l("Bands"), [Length(max=2000)], description=_l("One a line: 85–100: words // English words"))
    comment_below = StringField(_l("Comment required from … down"), [Optional(), NUMBER])
    comment_above = StringField(_l("Comment required from … up"), [Optional(), NUMBER])

    def validate_bands(self, field: Field) -> None:
        lines = [line for line in (field.data or "").splitlines() if line.strip()]
        if len(lines) > MOST_BANDS:
            raise ValidationError(_("At most %(number)s bands.", number=MOST_BANDS))
        for number, line in enumerate(lines, start=1):
            if not _BAND.match(line):
                raise ValidationError(_("Line %(number)s is not written as 85–100: words.", number=number))


class DeductionRow(Row):
    key = HiddenField()
    name = StringField(_l("Name"), [Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=120)])
    most = StringField(_l("At most"), [Optional(), NUMBER])


class GateRow(Row):
    key = HiddenField()
    name = StringField(_l("Name"), [Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=120)])
    blocks = BooleanField(_l("A majority of “no” excludes the entry"))


class RubricForm(Form):
    """The whole rubric of a group."""

    mode = SelectField(
        _l("Criteria add up by"), choices=offered([("points", _l("points")), ("weights", _l("weights, each marked out of the full mark"))])
    )
    full = StringField(_l("Full mark"), [InputRequired(), NUMBER])
    step = SelectField(_l("Step"), choices=offered([(step, step) for step in STEPS]))
    decimals = WholeField(_l("Decimals of results"), [InputRequired(), NumberRange(0, 4)])
    criteria = rows(CriterionRow, _l("Criteria"))
    deductions = rows(DeductionRow, _l("Deductions"))
    gates = rows(GateRow, _l("Yes/no items"))
    reason = TextAreaField(_l("Reason"), [Length(max=1000)])

    def show(self, rubric: Rubric) -> None:
        self.mode.data, self.full.data, self.step.data, self.decimals.data = rubric.mode, rubric.full, rubric.step, rubric.decimals
        lines = [line for top in rubric.criteria for line in (_line(top, "1"), *(_line(child, "2") for child in top.children))]
        filled(self.criteria, lines)
        filled(self.deductions, [{"key": d.key, "name": d.name.zh, "name_en": d.name.en, "most": d.most} for d in rubric.deductions])
        filled(self.gates, [{"key": g.key, "name": g.name.zh, "name_en": g.name.en, "blocks": g.blocks} for g in rubric.gates])

    def rubric(self) -> Rubric:
        """What was typed, as a rubric."""
        return Rubric(
            mode=self.mode.data, full=self.full.data or "0", step=self.step.data, decimals=self.decimals.data or 0,
            criteria=_tree(kept(self.criteria, "name")),
            deductions=[Deduction(_key(row, "d"), both(row, "name"), row["most"] or "0") for row in kept(self.deductions, "name")],
            gates=[Gate(_key(row, "g"), both(row, "name"), bool(row["blocks"])) for row in kept(self.gates, "name")],
        )  # fmt: skip


def _key(row: dict[str, Any], prefix: str) -> str:
    """The key an item had; a new item gets one of its own that stays when it is renamed."""
    known = row.get("key") or ""
    return known if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", known) else f"{prefix}_{code(6).lower()}"


def _line(criterion: Criterion, level: str) -> dict[str, Any]:
    return {
        "key": criterion.key, "level": level, "name": criterion.name.zh, "name_en": criterion.name.en, "full": criterion.full,
        "weight": criterion.weight if criterion.weight != "0" else "", "description": criterion.description.zh,
        "description_en": criterion.description.en, "bands": "\n".join(_band_line(band) for band in criterion.bands),
        "comment_below": criterion.comment_below or "", "comment_above": criterion.comment_above or "",
    }  # fmt: skip


def _band_line(band: Band) -> str:
    words = f"{band.words.zh} // {band.words.en}" if band.words.en else band.words.zh
    return f"{band.low}–{band.high}: {words}"


def _tree(lines: list[dict[str, Any]]) -> list[Criterion]:
    """A line of the second level belongs to the first-level line above it."""
    tops: list[tuple[dict[str, Any], list[Criterion]]] = []
    for line in lines:
        if line["level"] == "2" and tops:
            tops[-1][1].append(_criterion(line))
        else:
            tops.append((line, []))
    return [_criterion(line, children) for line, children in tops]


def _criterion(line: dict[str, Any], children: list[Criterion] | None = None) -> Criterion:
    return Criterion(
        key=_key(line, "c"), name=both(line, "name"), full=line["full"] or "0", weight=line["weight"] or "0",
        description=both(line, "description"), bands=[] if children else _bands(line["bands"] or ""),
        comment_below=line["comment_below"] or None, comment_above=line["comment_above"] or None, children=children or [],
    )  # fmt: skip


def _bands(text: str) -> list[Band]:
    made = []
    for line in text.splitlines():
        found = _BAND.match(line)
        if found:
            zh, _sep, en = found[3].partition("//")
            made.append(Band(found[1], found[2], Text(zh.strip(), en.strip())))
    return made
