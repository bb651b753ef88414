"""What must hold of selection records (see ``core.invariants``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.invariants import Invariant

INVARIANTS = (
    Invariant(
        "talent.confirmed_by_another",
        _l("Whoever proposed a selection did not confirm it."),
        "SELECT id FROM selection_records WHERE confirmed_by_id = proposed_by_id",
    ),
    Invariant(
        "talent.confirmed_after_a_notice",
        _l("A selection is confirmed only after a public notice."),
        """SELECT r.id FROM selection_records r LEFT JOIN notices n ON n.id = r.notice_id
           WHERE r.state = 'confirmed' AND (n.published_at IS NULL OR n.published_at > r.confirmed_at)""",
    ),
    Invariant(
        "talent.confirmed_has_met_its_checks",
        _l("A confirmed selection has met every check."),
        """SELECT DISTINCT r.id FROM selection_records r JOIN selection_checks c ON c.record_id = r.id
           WHERE r.state = 'confirmed' AND c.result NOT IN ('pass', 'waived')""",
    ),
    Invariant(
        "talent.waivers_have_a_reason",
        _l("A check is waived with a reason."),
        "SELECT id FROM selection_checks WHERE result = 'waived' AND reason = ''",
    ),
    Invariant(
        "talent.one_record_an_award",
        _l("An award leads into a tier once."),
        "SELECT award_id, tier_id FROM selection_records WHERE award_id IS NOT NULL GROUP BY award_id, tier_id HAVING count(*) > 1",
    ),
    Invariant(
        "talent.entry_is_the_awards",
        _l("A selection speaks of the entry that was awarded."),
        "SELECT r.id FROM selection_records r JOIN awards a ON a.id = r.award_id WHERE r.entry_id <> a.entry_id",
    ),
)
