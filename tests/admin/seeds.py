"""One violation of every invariant, made by hand in tables that refuse nothing, and the rows that must be named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Seed:
    """What is done to whole data, and what the invariant must name: rows, or a simpler select of them."""

    statements: tuple[str, ...]
    rows: str | list[tuple[Any, ...]]


def least(table: str) -> str:
    return f"(SELECT min(id) FROM {table})"


def most(table: str) -> str:
    return f"(SELECT max(id) FROM {table})"


def one(number: object = 901) -> list[tuple[Any, ...]]:
    return [(number,)]


SIGNED = "(SELECT id FROM score_sheets WHERE state = 'signed')"
DRAFT = "(SELECT id FROM score_sheets WHERE state = 'draft')"
FOREIGN_RULES = "INSERT INTO stage_rule_versions (id, stage_id, number) VALUES (901, 99999, 1)"
SEALED = "UPDATE stages SET state = 'sealed', sealed_at = '2099-01-01 00:00:00.000000'"


def run(state: str = "computed", number: int = 901, **values: object) -> str:
    """A result run of the scene's stage and division."""
    given = {"released_at": "NULL", "released_by_id": "NULL", "proposed_by_id": "NULL", "call_id": "c.id",
             "rule_version_id": "s.rule_version_id"} | values  # fmt: skip
    return (
        f"INSERT INTO result_runs (id, number, state, stage_id, {', '.join(given)}) "
        f"SELECT {number}, {number - 900}, '{state}', s.id, {', '.join(map(str, given.values()))} FROM stages s, calls c"
    )


def standing(number: int = 901, position: int = 1, entry: str = "min") -> str:
    return f"INSERT INTO standings (id, run_id, entry_id, position) SELECT {number}, 901, {entry}(id), {position} FROM entries"


def award(state: str = "granted") -> str:
    return f"INSERT INTO awards (id, run_id, entry_id, state) SELECT 901, 901, min(id), '{state}' FROM entries"


def notice(state: str, **values: str) -> str:
    given = {
        "number": "'N1'",
        "published_at": "'2026-01-01'",
        "digest": "'d'",
        "starts_on": "'2026-01-01'",
        "ends_on": "'2026-01-08'",
    } | values
    return f"INSERT INTO notices (id, state, {', '.join(given)}) VALUES (901, '{state}', {', '.join(given.values())})"


def update(table: str, change: str, which: str) -> Seed:
    """One row changed, and named by its id."""
    return Seed((f"UPDATE {table} SET {change} WHERE id = {which}",), f"SELECT {which[1:-1].replace('SELECT ', '', 1)}")


DIGEST = "hex(zeroblob(32))"
RECORD = "INSERT INTO selection_records (id, state, proposed_by_id, confirmed_by_id, confirmed_at, notice_id) VALUES "
CELL = "SELECT stage_id, call_id FROM result_runs WHERE id = 901"

SEEDS = {
    "audit.facts_are_numbered": Seed(
        (
            'INSERT INTO journal_events (id, chain, seq, name, "commit", prev, hash) '
            'SELECT id + 900, chain, seq, name, "commit", prev, hash FROM journal_events WHERE seq = 2',
        ),
        "SELECT chain FROM journal_heads",
    ),
    "audit.head_is_the_last_fact": Seed(("UPDATE journal_heads SET hash = 'x'",), "SELECT chain FROM journal_heads"),
    "audit.facts_are_linked": Seed(("UPDATE journal_events SET prev = 'x' WHERE seq = 3",), "SELECT chain, 3 FROM journal_heads"),
    "audit.salt_goes_with_payload": Seed(("UPDATE journal_events SET salt = NULL WHERE seq = 2",), "SELECT chain, 2 FROM journal_heads"),
    "audit.checkpoints_fit": Seed(("INSERT INTO checkpoints (id, chain, size, head) SELECT 901, chain, 1, 'x' FROM journal_heads",), one()),
    "audit.one_open_alarm_a_thing": Seed(
        ("INSERT INTO alarms (id, kind, key) VALUES (1, 'clock', 'c'), (2, 'clock', 'c')",), [("clock", "c")]
    ),
    "accounts.addresses_are_folded": update("users", "email = 'ODD@x.example'", least("users")),
    "accounts.a_role_has_one_scope": Seed(
        ("INSERT INTO role_grants (id, user_id, role, organization_id, edition_id) VALUES (901, 99999, 'host', 1, 1)",), one()
    ),
    "accounts.a_role_is_held_once": Seed(
        ("INSERT INTO role_grants (id, user_id, role) VALUES (901, 99999, 'auditor'), (902, 99999, 'auditor')",),
        [(99999, "auditor", 0, 0)],
    ),
    "accounts.the_tree_fits": update("organizations", "path = '/'", most("organizations")),
    "accounts.a_second_factor_has_its_secret": update("users", "totp_enabled_at = '2026-01-01'", least("users")),
    "accounts.a_link_is_used_or_withdrawn": Seed(
        ("INSERT INTO tokens (id, used_at, revoked_at) VALUES (901, '2026-01-02', '2026-01-01')",), one()
    ),
    "files.an_object_is_stored_once": Seed(
        (f"INSERT INTO blobs (id, key, size, sha256) VALUES (901, 'k', 1, {DIGEST}), (902, 'k', 1, {DIGEST})",), one("k")
    ),
    "files.a_digest_is_a_digest": Seed(("INSERT INTO blobs (id, key, size, sha256) VALUES (901, 'k', 1, 'short')",), one()),
    "notify.sent_has_a_time": Seed(("INSERT INTO messages (id, dedup, state) VALUES (901, 'd', 'sent')",), one()),
    "notify.no_secret_stays": Seed(
        ("INSERT INTO messages (id, dedup, state, sent_at, sealed) VALUES (901, 'd', 'sent', '2026-01-01', x'00')",), one()
    ),
    "notify.a_mail_is_queued_once": Seed(
        ("INSERT INTO messages (id, dedup, state) VALUES (901, 'd', 'held'), (902, 'd', 'held')",), one("d")
    ),
    "documents.one_code_a_thing": Seed(
        ("INSERT INTO verification_codes (id, kind, subject_id) VALUES (901, 'notice', 7), (902, 'notice', 7)",), [("notice", 7)]
    ),
    "documents.revoked_has_a_reason": Seed(
        ("INSERT INTO verification_codes (id, kind, subject_id, revoked_at, revoked_reason) VALUES (901, 'n', 7, '2026-01-01', '')",), one()
    ),
    "notices.period_is_in_order": Seed((notice("draft", ends_on="'2025-12-31'"),), one()),
    "notices.published_has_a_number": Seed((notice("published", number="NULL"),), one()),
    "notices.withdrawn_has_a_reason": Seed((notice("withdrawn", withdrawn_at="'2026-01-02'", withdrawn_reason="''"),), one()),
    "dynforms.versions_are_numbered": Seed(
        (f"UPDATE form_versions SET number = 5 WHERE id = {most('form_versions')}",),
        f"SELECT definition_id FROM form_versions WHERE id = {most('form_versions')}",
    ),
    "dynforms.published_has_a_digest": update("form_versions", "digest = 'x'", most("form_versions")),
    "calls.windows_are_in_order": update("calls", "closes_at = opens_at", least("calls")),
    "calls.stages_are_in_order": update("stages", "closes_at = opens_at", least("stages")),
    "calls.open_stages_have_frozen_rules": update("stages", "rule_version_id = NULL", least("stages")),
    "calls.rules_are_the_stages_own": Seed((FOREIGN_RULES, "UPDATE stages SET rule_version_id = 901"), "SELECT id FROM stages"),
    "calls.rules_in_force_are_the_newest": Seed(
        ("INSERT INTO stage_rule_versions (id, stage_id, number) SELECT 901, id, 2 FROM stages",), "SELECT id FROM stages"
    ),
    "calls.rule_versions_are_numbered": Seed(
        ("INSERT INTO stage_rule_versions (id, stage_id, number) SELECT 901, id, 1 FROM stages",), "SELECT id FROM stages"
    ),
    "calls.dossiers_are_numbered": Seed(("INSERT INTO rule_dossiers (id, edition_id, number) VALUES (901, 7, 2)",), one(7)),
    "calls.changes_are_agreed_by_another": Seed(
        ("INSERT INTO approvals (id, approved, asked_by_id, decided_by_id, decided_at) VALUES (901, 1, 7, 7, '2026-01-01')",), one()
    ),
    "calls.decisions_are_complete": Seed(("INSERT INTO approvals (id, asked_by_id, decided_at) VALUES (901, 7, '2026-01-01')",), one()),
    "calls.published_has_a_time": update("editions", "published_at = NULL", least("editions")),
    "calls.divisions_stay_in_their_edition": Seed(
        ("INSERT INTO tracks (id, edition_id) VALUES (901, 99999)", "UPDATE calls SET track_id = 901"), "SELECT id FROM calls"
    ),
    "calls.a_freeze_has_its_reason": update("editions", "frozen_at = '2026-01-01', frozen_reason = ''", least("editions")),
    "entries.edition_is_that_of_the_call": Seed(
        (
            "INSERT INTO entries (id, call_id, edition_id, state, leader_id) SELECT 901, id, 99999, 'draft', 7 FROM calls",
            "INSERT INTO entry_members (id, entry_id, role, user_id) VALUES (901, 901, 'leader', 7)",
        ),
        one(),
    ),
    "entries.one_leader": Seed((f"DELETE FROM entry_members WHERE entry_id = {least('entries')}",), "SELECT min(id) FROM entries"),
    "entries.leader_is_the_entrys": Seed(
        (f"UPDATE entry_members SET user_id = 0 WHERE entry_id = {least('entries')}",), "SELECT min(id) FROM entries"
    ),
    "entries.handed_in_has_a_version": update("entries", "submitted_at = NULL", least("entries")),
    "entries.version_is_its_own": update("entries", f"current_version_id = {most('entry_versions')}", least("entries")),
    "entries.versions_are_numbered": Seed(
        (f"UPDATE entry_versions SET number = 2 WHERE entry_id = {least('entries')}",), "SELECT min(id) FROM entries"
    ),
    "entries.version_came_after_opening": update("entry_versions", "received_at = '2020-01-01 00:00:00.000000'", least("entry_versions")),
    "entries.accepted_has_a_code": update("entries", "public_code = NULL", least("entries")),
    "entries.public_codes_differ": Seed(("UPDATE entries SET public_code = 'SAME'",), "SELECT DISTINCT edition_id, 'SAME' FROM entries"),
    "entries.stages_are_the_editions": Seed(
        (
            "INSERT INTO stages (id, edition_id, state, kind) VALUES (901, 99999, 'preparing', 'roadshow')",
            "INSERT INTO stage_entries (id, stage_id, entry_id) SELECT 901, 901, min(id) FROM entries",
        ),
        one(),
    ),
    "entries.takes_part_once": Seed(
        ("INSERT INTO stage_entries (id, stage_id, entry_id) SELECT 901, stage_id, min(entry_id) FROM stage_entries",),
        "SELECT stage_id, min(entry_id) FROM stage_entries",
    ),
    "entries.blind_copy_is_its_own": update("blind_copies", f"version_id = {most('entry_versions')}", least("blind_copies")),
    "entries.moves_lead_to_the_state": Seed(
        ("INSERT INTO entry_moves (id, entry_id, target) SELECT 901, min(id), 'draft' FROM entries",), "SELECT min(id) FROM entries"
    ),
    "entries.exclusions_by_two_persons": Seed(("INSERT INTO exclusions (id, asked_by_id, decided_by_id) VALUES (901, 7, 7)",), one()),
    "entries.rejections_have_a_reason": Seed(("INSERT INTO formal_checks (id, decision, reason) VALUES (901, 'reject', '')",), one()),
    "entries.files_are_there": Seed(("INSERT INTO entry_files (id, blob_id) VALUES (901, 99999)",), one()),
    "entries.rooms_hold_what_is_in_them": Seed(("INSERT INTO edition_rooms (edition_id, taken) VALUES (99999, 7)",), [(99999,)]),
    "judging.one_assignment_a_pair": Seed(
        (
            "INSERT INTO assignments (id, panel_id, seat_id, entry_id, stage_id, state) "
            f"SELECT 901, panel_id, seat_id, entry_id, stage_id, 'removed' FROM assignments WHERE id = {least('assignments')}",
        ),
        "SELECT seat_id, entry_id FROM assignments WHERE id = 901",
    ),
    "judging.one_judge_an_entry": Seed(
        (
            f"INSERT INTO seats (id, panel_id, user_id) SELECT 901, panel_id, user_id FROM seats WHERE id = {least('seats')}",
            "INSERT INTO assignments (id, panel_id, seat_id, entry_id, stage_id, state) "
            f"SELECT 901, panel_id, 901, entry_id, stage_id, 'active' FROM assignments WHERE id = {least('assignments')}",
        ),
        f"SELECT a.stage_id, a.entry_id, s.user_id FROM assignments a JOIN seats s ON s.id = a.seat_id WHERE a.id = {least('assignments')}",
    ),
    "judging.one_sheet_an_assignment": Seed(
        (
            "INSERT INTO score_sheets (id, assignment_id, stage_id, rule_version_id, state, revision) "
            f"SELECT 901, assignment_id, stage_id, rule_version_id, state, 0 FROM score_sheets WHERE id = {DRAFT}",
        ),
        "SELECT assignment_id FROM score_sheets WHERE id = 901",
    ),
    "judging.sheet_is_its_last_save": update("score_sheets", "revision = 5", DRAFT),
    "judging.saves_are_numbered": Seed(
        (f"UPDATE sheet_saves SET revision = 2 WHERE sheet_id = {DRAFT}", f"UPDATE score_sheets SET revision = 2 WHERE id = {DRAFT}"),
        f"SELECT {DRAFT}",
    ),
    "judging.one_save_a_key": Seed(
        (
            f"INSERT INTO sheet_saves (id, sheet_id, revision, key) SELECT 901, sheet_id, 2, key FROM sheet_saves WHERE sheet_id = {DRAFT}",
            f"UPDATE score_sheets SET revision = 2 WHERE id = {DRAFT}",
        ),
        "SELECT sheet_id, key FROM sheet_saves WHERE id = 901",
    ),
    "judging.signed_is_complete": update("score_sheets", "total = NULL", SIGNED),
    "judging.receipts_are_whole": update("score_sheets", "signature = NULL", SIGNED),
    "judging.marks_belong_to_signed_sheets": Seed((f"INSERT INTO marks (sheet_id, criterion) SELECT {DRAFT}, 'x'",), f"SELECT {DRAFT}"),
    "judging.seat_is_of_the_panel": Seed(
        (
            "INSERT INTO panels (id, stage_id) SELECT 901, stage_id FROM panels",
            f"UPDATE assignments SET panel_id = 901 WHERE id = {least('assignments')}",
        ),
        "SELECT min(id) FROM assignments",
    ),
    "judging.assignment_is_in_the_panels_stage": Seed(("UPDATE panels SET stage_id = 99999",), "SELECT id FROM assignments"),
    "judging.sheet_is_in_the_assignments_stage": Seed(
        (FOREIGN_RULES, f"UPDATE score_sheets SET stage_id = 99999, rule_version_id = 901 WHERE id = {DRAFT}"), f"SELECT {DRAFT}"
    ),
    "judging.sheet_has_the_stages_rules": Seed(
        (FOREIGN_RULES, f"UPDATE score_sheets SET rule_version_id = 901 WHERE id = {DRAFT}"), f"SELECT {DRAFT}"
    ),
    "judging.entry_takes_part": Seed(
        (f"DELETE FROM stage_entries WHERE entry_id = {most('entries')}",), f"SELECT id FROM assignments WHERE entry_id = {most('entries')}"
    ),
    "judging.one_chair_a_panel": Seed(("UPDATE seats SET is_chair = 1",), "SELECT id FROM panels"),
    "judging.accepted_seats_are_signed": update("seats", "statement_at = NULL", least("seats")),
    "judging.reopenings_by_two_persons": Seed(("UPDATE reopenings SET decided_by_id = asked_by_id",), "SELECT id FROM reopenings"),
    "judging.nothing_saved_after_sealing": Seed(
        ("UPDATE stages SET sealed_at = '2026-03-16 01:00:00.000000'",), "SELECT id FROM sheet_saves"
    ),
    "judging.recused_sheets_are_not_signed": Seed(
        (f"UPDATE assignments SET state = 'recused' WHERE id = (SELECT assignment_id FROM score_sheets WHERE id = {SIGNED})",),
        f"SELECT {SIGNED}",
    ),
    "results.one_released_a_division": Seed(
        (SEALED, run("released", released_at="'2026-01-01'"), run("released", 902, released_at="'2026-01-01'")), CELL
    ),
    "results.released_by_another": Seed((run(proposed_by_id=7, released_by_id=7),), one()),
    "results.released_has_a_time": Seed((SEALED, run("released")), one()),
    "results.rules_are_the_stages": Seed((FOREIGN_RULES, run(rule_version_id=901)), one()),
    "results.released_after_sealing": Seed((run("released", released_at="'2026-01-01'"),), one()),
    "results.standings_are_of_the_division": Seed((run(call_id=99999), standing()), one()),
    "results.positions_differ": Seed((run(), standing(), standing(902, 1, "max")), [(901, 1)]),
    "results.awards_stand_in_the_result": Seed((run("superseded"), award()), one()),
    "results.awards_follow_a_release": Seed((run(), standing(), award()), one()),
    "results.no_certificate_of_a_revoked_award": Seed(
        (run("superseded"), standing(), award("revoked"), "INSERT INTO certificates (id, award_id, state) VALUES (901, 901, 'issued')"),
        one(),
    ),
    "results.revoked_tells_when": Seed(("INSERT INTO certificates (id, award_id, state) VALUES (901, 99999, 'revoked')",), one()),
    "talent.confirmed_by_another": Seed((RECORD + "(901, 'proposed', 7, 7, NULL, NULL)",), one()),
    "talent.confirmed_after_a_notice": Seed(
        (notice("draft", published_at="NULL"), RECORD + "(901, 'confirmed', 7, 8, '2026-02-01', 901)"), one()
    ),
    "talent.confirmed_has_met_its_checks": Seed(
        (
            notice("published"),
            RECORD + "(901, 'confirmed', 7, 8, '2026-02-01', 901)",
            "INSERT INTO selection_checks (id, record_id, result, reason) VALUES (901, 901, 'fail', 'too old')",
        ),
        one(),
    ),
    "talent.waivers_have_a_reason": Seed(
        ("INSERT INTO selection_checks (id, record_id, result, reason) VALUES (901, 99999, 'waived', '')",), one()
    ),
    "talent.one_record_an_award": Seed(
        ("INSERT INTO selection_records (id, state, award_id, tier_id) VALUES (901, 'proposed', 7, 8), (902, 'proposed', 7, 8)",), [(7, 8)]
    ),
    "talent.entry_is_the_awards": Seed(
        (
            standing(),
            award("revoked"),
            "INSERT INTO selection_records (id, state, award_id, entry_id) SELECT 901, 'proposed', 901, max(id) FROM entries",
        ),
        one(),
    ),
    "admin.a_copy_is_sent_once": Seed(
        ("INSERT INTO checkpoint_copies (id, checkpoint_id, email) VALUES (901, 7, 'a@x.example'), (902, 7, 'a@x.example')",),
        [(7, "a@x.example")],
    ),
}
