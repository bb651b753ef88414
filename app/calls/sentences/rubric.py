"""A rubric in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.calls.rules import Criterion, Deduction, Gate, Rubric

from .words import say


def rubric_sentence(rubric: Rubric) -> str:
    """How many criteria, the full mark, the step, and how the total is made."""
    count = len(rubric.leaves())
    if rubric.mode == "weights":
        made = ngettext("%(num)s criterion, each marked out of %(full)s; the total is the weighted sum, weights adding up to 100.",
                        "%(num)s criteria, each marked out of %(full)s; the total is the weighted sum, weights adding up to 100.",
                        count, full=rubric.full)  # fmt: skip
    else:
        made = ngettext("%(num)s criterion, full mark %(full)s.", "%(num)s criteria, full mark %(full)s in all.", count, full=rubric.full)
    return _("%(made)s Marks are given in steps of %(step)s.", made=made, step=rubric.step)


def criterion_line(rubric: Rubric, leaf: Criterion) -> str:
    """Name with full mark or weight."""
    if rubric.mode == "weights":
        return _("%(name)s: weight %(weight)s%%, marked out of %(full)s", name=say(leaf.name), weight=leaf.weight, full=rubric.full)
    return _("%(name)s: %(full)s points", name=say(leaf.name), full=leaf.full)


def comment_sentence(leaf: Criterion) -> str:
    """When a comment is demanded; empty if never."""
    if leaf.comment_below and leaf.comment_above:
        return _("A comment is required from %(low)s down and from %(high)s up.", low=leaf.comment_below, high=leaf.comment_above)
    if leaf.comment_below:
        return _("A comment is required from %(low)s down.", low=leaf.comment_below)
    if leaf.comment_above:
        return _("A comment is required from %(high)s up.", high=leaf.comment_above)
    return ""


def deduction_sentence(deduction: Deduction) -> str:
    return _("%(name)s: at most %(most)s points are taken off, with a comment.", name=say(deduction.name), most=deduction.most)


def gate_sentence(gate: Gate) -> str:
    if gate.blocks:
        return _("%(name)s: yes or no; when more than half of the judges say no, the entry is excluded.", name=say(gate.name))
    return _("%(name)s: yes or no, for information.", name=say(gate.name))
