"""What must hold of editions, stages and calls (see ``core.invariants``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.invariants import Invariant, gaps

INVARIANTS = (
    Invariant("calls.windows_are_in_order", _l("A call closes after it opens."), "SELECT id FROM calls WHERE closes_at <= opens_at"),
    Invariant("calls.stages_are_in_order", _l("A stage ends after it begins."), "SELECT id FROM stages WHERE closes_at <= opens_at"),
    Invariant(
        "calls.open_stages_have_frozen_rules",
        _l("A stage in which judging has begun has frozen rules."),
        "SELECT id FROM stages WHERE state <> 'preparing' AND kind <> 'formal_check' AND rule_version_id IS NULL",
    ),
    Invariant(
        "calls.rules_are_the_stages_own",
        _l("The rules in force for a stage are a version of its own rules."),
        "SELECT s.id FROM stages s JOIN stage_rule_versions v ON v.id = s.rule_version_id WHERE v.stage_id <> s.id",
    ),
    Invariant(
        "calls.rules_in_force_are_the_newest",
        _l("The rules in force for a stage are the newest version."),
        """SELECT s.id FROM stages s JOIN stage_rule_versions v ON v.id = s.rule_version_id
           WHERE v.number < (SELECT max(n.number) FROM stage_rule_versions n WHERE n.stage_id = s.id)""",
    ),
    Invariant(
        "calls.rule_versions_are_numbered",
        _l("The versions of a stage's rules are numbered without gap."),
        gaps("stage_rule_versions", "stage_id"),
    ),
    Invariant(
        "calls.dossiers_are_numbered", _l("The rule dossiers of an edition are numbered without gap."), gaps("rule_dossiers", "edition_id")
    ),
    Invariant(
        "calls.changes_are_agreed_by_another",
        _l("Whoever asked for a change did not agree to it."),
        "SELECT id FROM approvals WHERE approved AND decided_by_id = asked_by_id",
    ),
    Invariant(
        "calls.decisions_are_complete",
        _l("A question that was decided or has lapsed names by whose act, and when."),
        "SELECT id FROM approvals WHERE (decided_at IS NULL) <> (decided_by_id IS NULL) OR (approved IS NOT NULL AND decided_at IS NULL)",
    ),
    Invariant(
        "calls.published_has_a_time",
        _l("A published edition tells when it was published."),
        "SELECT id FROM editions WHERE state = 'published' AND published_at IS NULL",
    ),
    Invariant(
        "calls.divisions_stay_in_their_edition",
        _l("A division's track, group and region belong to its edition."),
        """SELECT c.id FROM calls c LEFT JOIN tracks t ON t.id = c.track_id LEFT JOIN entry_groups g ON g.id = c.group_id
           LEFT JOIN regions r ON r.id = c.region_id
           WHERE t.edition_id <> c.edition_id OR g.edition_id <> c.edition_id OR r.edition_id <> c.edition_id""",
    ),
    Invariant(
        "calls.a_freeze_has_its_reason",
        _l("A frozen edition tells why."),
        "SELECT id FROM editions WHERE frozen_at IS NOT NULL AND frozen_reason = ''",
    ),
)
