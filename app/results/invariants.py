"""What must hold of results, awards and certificates (see ``core.invariants``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.invariants import Invariant

INVARIANTS = (
    Invariant(
        "results.one_released_a_division",
        _l("A stage of a division has one released result."),
        "SELECT stage_id, call_id FROM result_runs WHERE state = 'released' GROUP BY stage_id, call_id HAVING count(*) > 1",
    ),
    Invariant(
        "results.released_by_another",
        _l("Whoever proposed a result did not release it."),
        "SELECT id FROM result_runs WHERE released_by_id = proposed_by_id",
    ),
    Invariant(
        "results.released_has_a_time",
        _l("A released result tells when and by whom."),
        "SELECT id FROM result_runs WHERE state = 'released' AND released_at IS NULL",
    ),
    Invariant(
        "results.rules_are_the_stages",
        _l("A result is computed by rules of its stage."),
        "SELECT r.id FROM result_runs r JOIN stage_rule_versions v ON v.id = r.rule_version_id WHERE v.stage_id <> r.stage_id",
    ),
    Invariant(
        "results.released_after_sealing",
        _l("A result is released only when its stage is sealed."),
        """SELECT r.id FROM result_runs r JOIN stages s ON s.id = r.stage_id
           WHERE r.state = 'released' AND s.state NOT IN ('sealed', 'released')""",
    ),
    Invariant(
        "results.standings_are_of_the_division",
        _l("Only entries of the division stand in its result."),
        """SELECT t.id FROM standings t JOIN result_runs r ON r.id = t.run_id JOIN entries e ON e.id = t.entry_id
           WHERE e.call_id <> r.call_id""",
    ),
    Invariant(
        "results.positions_differ",
        _l("No two entries stand at the same position of a result."),
        "SELECT run_id, position FROM standings GROUP BY run_id, position HAVING count(*) > 1",
    ),
    Invariant(
        "results.awards_stand_in_the_result",
        _l("Only entries of the result are awarded."),
        """SELECT a.id FROM awards a LEFT JOIN standings t ON t.run_id = a.run_id AND t.entry_id = a.entry_id WHERE t.id IS NULL""",
    ),
    Invariant(
        "results.awards_follow_a_release",
        _l("Awards come from released results only."),
        """SELECT a.id FROM awards a JOIN result_runs r ON r.id = a.run_id
           WHERE a.state = 'granted' AND r.state NOT IN ('released', 'superseded')""",
    ),
    Invariant(
        "results.no_certificate_of_a_revoked_award",
        _l("The certificates of a revoked award are revoked."),
        "SELECT c.id FROM certificates c JOIN awards a ON a.id = c.award_id WHERE a.state = 'revoked' AND c.state = 'issued'",
    ),
    Invariant(
        "results.revoked_tells_when",
        _l("A revoked certificate tells when."),
        "SELECT id FROM certificates WHERE state = 'revoked' AND revoked_at IS NULL",
    ),
)
