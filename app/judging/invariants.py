"""What must hold of panels, assignments and score sheets (see ``core.invariants``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.invariants import Invariant, gaps

INVARIANTS = (
    Invariant(
        "judging.one_assignment_a_pair",
        _l("A judge is assigned to an entry once."),
        "SELECT seat_id, entry_id FROM assignments GROUP BY seat_id, entry_id HAVING count(*) > 1",
    ),
    Invariant(
        "judging.one_judge_an_entry",
        _l("One person scores an entry once in a stage, whatever panels they sit in."),
        """SELECT a.stage_id, a.entry_id, s.user_id FROM assignments a JOIN seats s ON s.id = a.seat_id WHERE a.state = 'active'
           GROUP BY a.stage_id, a.entry_id, s.user_id HAVING count(*) > 1""",
    ),
    Invariant(
        "judging.one_sheet_an_assignment",
        _l("A judge has one current score sheet for an entry."),
        "SELECT assignment_id FROM score_sheets GROUP BY assignment_id HAVING count(*) > 1",
    ),
    Invariant(
        "judging.sheet_is_its_last_save",
        _l("A score sheet is at the number of its last save."),
        """SELECT s.id FROM score_sheets s LEFT JOIN sheet_saves v ON v.sheet_id = s.id
           GROUP BY s.id, s.revision HAVING s.revision <> coalesce(max(v.revision), s.revision)""",
    ),
    Invariant(
        "judging.saves_are_numbered",
        _l("The saves of a score sheet are numbered without gap."),
        gaps("sheet_saves", "sheet_id", "revision"),
    ),
    Invariant(
        "judging.one_save_a_key",
        _l("A repeated request is one save."),
        "SELECT sheet_id, key FROM sheet_saves GROUP BY sheet_id, key HAVING count(*) > 1",
    ),
    Invariant(
        "judging.signed_is_complete",
        _l("A signed score sheet has a total and a time."),
        "SELECT id FROM score_sheets WHERE state = 'signed' AND (total IS NULL OR signed_at IS NULL)",
    ),
    Invariant(
        "judging.receipts_are_whole",
        _l("A receipt has its code, its digest and its signature."),
        """SELECT id FROM score_sheets WHERE (receipt_code IS NULL) <> (signature IS NULL) OR (receipt_code IS NULL) <> (digest IS NULL)""",
    ),
    Invariant(
        "judging.marks_belong_to_signed_sheets",
        _l("Marks are written on signing, and are there only while the sheet is signed."),
        "SELECT DISTINCT s.id FROM score_sheets s JOIN marks m ON m.sheet_id = s.id WHERE s.state <> 'signed'",
    ),
    Invariant(
        "judging.seat_is_of_the_panel",
        _l("A judge scores on a seat of the panel."),
        "SELECT a.id FROM assignments a JOIN seats s ON s.id = a.seat_id WHERE s.panel_id <> a.panel_id",
    ),
    Invariant(
        "judging.assignment_is_in_the_panels_stage",
        _l("An assignment is in the stage of its panel."),
        "SELECT a.id FROM assignments a JOIN panels p ON p.id = a.panel_id WHERE p.stage_id <> a.stage_id",
    ),
    Invariant(
        "judging.sheet_is_in_the_assignments_stage",
        _l("A score sheet is in the stage of its assignment."),
        "SELECT s.id FROM score_sheets s JOIN assignments a ON a.id = s.assignment_id WHERE a.stage_id <> s.stage_id",
    ),
    Invariant(
        "judging.sheet_has_the_stages_rules",
        _l("A score sheet is scored by rules of its stage."),
        "SELECT s.id FROM score_sheets s JOIN stage_rule_versions v ON v.id = s.rule_version_id WHERE v.stage_id <> s.stage_id",
    ),
    Invariant(
        "judging.entry_takes_part",
        _l("Only entries that take part in a stage are assigned in it."),
        """SELECT a.id FROM assignments a LEFT JOIN stage_entries p ON p.entry_id = a.entry_id AND p.stage_id = a.stage_id
           WHERE a.state = 'active' AND p.id IS NULL""",
    ),
    Invariant(
        "judging.one_chair_a_panel",
        _l("A panel has one chair at most."),
        "SELECT panel_id FROM seats WHERE is_chair AND state <> 'removed' GROUP BY panel_id HAVING count(*) > 1",
    ),
    Invariant(
        "judging.accepted_seats_are_signed",
        _l("Whoever took a seat has an account and signed the statement."),
        "SELECT id FROM seats WHERE state = 'accepted' AND (user_id IS NULL OR statement_at IS NULL)",
    ),
    Invariant(
        "judging.reopenings_by_two_persons",
        _l("Whoever asked to open a signed sheet did not agree to it."),
        "SELECT id FROM reopenings WHERE decided_by_id = asked_by_id",
    ),
    Invariant(
        "judging.nothing_saved_after_sealing",
        _l("Nothing was saved in a stage after it was sealed."),
        """SELECT v.id FROM sheet_saves v JOIN score_sheets s ON s.id = v.sheet_id JOIN stages g ON g.id = s.stage_id
           WHERE g.sealed_at IS NOT NULL AND v.saved_at > g.sealed_at""",
    ),
    Invariant(
        "judging.recused_sheets_are_not_signed",
        _l("Whoever recused themselves has no signed score sheet for the entry, unless two persons struck it."),
        """SELECT s.id FROM score_sheets s JOIN assignments a ON a.id = s.assignment_id WHERE a.state = 'recused' AND s.state = 'signed'
           AND NOT EXISTS (SELECT 1 FROM reopenings r WHERE r.sheet_id = s.id AND r.strikes AND r.agreed)""",
    ),
)
