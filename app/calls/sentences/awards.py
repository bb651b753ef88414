"""Awards and what is shown to whom."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.calls.rules import AwardLevel, StageRules
from app.core.display import money_of_wan

from .words import say

OTHERS = {
    "never": _l("Judges never see each other's marks."),
    "signed": _l("A judge sees the others' marks after signing the own sheet."),
    "all_signed": _l("Judges see each other's marks once all have signed."),
}
ORGANIZER = {
    "sealed": _l("The organizer sees marks only after the stage is sealed."),
    "signed": _l("The organizer sees signed sheets while judging goes on."),
}


def award_sentence(level: AwardLevel) -> str:
    """Number, prize and the least score of an award."""
    parts = [_("%(name)s: %(number)s", name=say(level.name), number=level.number)]
    if level.prize_wan not in ("", "0"):
        parts.append(_("prize %(amount)s each", amount=money_of_wan(level.prize_wan)))
    if level.min_score:
        parts.append(_("only from a score of %(score)s on, otherwise left vacant", score=level.min_score))
    return _("; ").join(parts)


def disclosure_sentences(rules: StageRules) -> Iterable[str]:
    d = rules.disclosure
    yield str(OTHERS.get(d.judges_see_others, d.judges_see_others))
    yield str(ORGANIZER.get(d.organizer_sees_scores, d.organizer_sees_scores))
    if d.public_scores:
        yield _("Scores and ranks are made public with the result.")
    elif d.public_ranks:
        yield _("Ranks are made public with the result, scores are not.")
    else:
        yield _("The result names those who advance or win, without ranks.")
    if d.team_scores:
        yield _("After release each team sees its own scores.")
    if d.team_comments:
        yield _("After release each team reads the judges' comments.")
