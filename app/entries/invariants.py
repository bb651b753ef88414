"""What must hold of entries (see ``core.invariants``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.invariants import Invariant, gaps

INVARIANTS = (
    Invariant(
        "entries.edition_is_that_of_the_call",
        _l("An entry belongs to the edition of its call."),
        "SELECT e.id FROM entries e JOIN calls c ON c.id = e.call_id WHERE c.edition_id <> e.edition_id",
    ),
    Invariant(
        "entries.one_leader",
        _l("An entry has one leader among its members."),
        """SELECT e.id FROM entries e LEFT JOIN entry_members m ON m.entry_id = e.id AND m.role = 'leader'
           GROUP BY e.id HAVING count(m.id) <> 1""",
    ),
    Invariant(
        "entries.leader_is_the_entrys",
        _l("The member who leads is the person to whom the entry belongs."),
        """SELECT e.id FROM entries e JOIN entry_members m ON m.entry_id = e.id AND m.role = 'leader'
           WHERE m.user_id IS NULL OR m.user_id <> e.leader_id""",
    ),
    Invariant(
        "entries.handed_in_has_a_version",
        _l("What was handed in is kept as a version."),
        "SELECT id FROM entries WHERE state NOT IN ('draft', 'withdrawn') AND (current_version_id IS NULL OR submitted_at IS NULL)",
    ),
    Invariant(
        "entries.version_is_its_own",
        _l("The version that counts is one of the entry's own."),
        "SELECT e.id FROM entries e JOIN entry_versions v ON v.id = e.current_version_id WHERE v.entry_id <> e.id",
    ),
    Invariant(
        "entries.versions_are_numbered", _l("The versions of an entry are numbered without gap."), gaps("entry_versions", "entry_id")
    ),
    Invariant(
        "entries.version_came_after_opening",
        _l("Nothing was handed in before its call opened."),
        """SELECT v.id FROM entry_versions v JOIN entries e ON e.id = v.entry_id JOIN calls c ON c.id = e.call_id
           WHERE v.received_at < c.opens_at""",
    ),
    Invariant(
        "entries.accepted_has_a_code",
        _l("An accepted entry has its public code."),
        "SELECT id FROM entries WHERE state IN ('accepted', 'disqualified') AND public_code IS NULL",
    ),
    Invariant(
        "entries.public_codes_differ",
        _l("Two entries of an edition have two public codes."),
        """SELECT edition_id, public_code FROM entries WHERE public_code IS NOT NULL
           GROUP BY edition_id, public_code HAVING count(*) > 1""",
    ),
    Invariant(
        "entries.stages_are_the_editions",
        _l("An entry takes part in stages of its own edition."),
        """SELECT p.id FROM stage_entries p JOIN stages s ON s.id = p.stage_id JOIN entries e ON e.id = p.entry_id
           WHERE s.edition_id <> e.edition_id""",
    ),
    Invariant(
        "entries.takes_part_once",
        _l("An entry takes part in a stage once."),
        "SELECT stage_id, entry_id FROM stage_entries GROUP BY stage_id, entry_id HAVING count(*) > 1",
    ),
    Invariant(
        "entries.blind_copy_is_its_own",
        _l("A copy for blind judges is made of a version of the same entry."),
        "SELECT b.id FROM blind_copies b JOIN entry_versions v ON v.id = b.version_id WHERE v.entry_id <> b.entry_id",
    ),
    Invariant(
        "entries.moves_lead_to_the_state",
        _l("The last step of an entry leads to the state it is in."),
        """SELECT e.id FROM entries e JOIN entry_moves m ON m.id = (SELECT max(n.id) FROM entry_moves n WHERE n.entry_id = e.id)
           WHERE m.target <> e.state""",
    ),
    Invariant(
        "entries.exclusions_by_two_persons",
        _l("Whoever asked to exclude an entry did not decide it."),
        "SELECT id FROM exclusions WHERE decided_by_id = asked_by_id",
    ),
    Invariant(
        "entries.rejections_have_a_reason",
        _l("An entry is refused or returned with a reason."),
        "SELECT id FROM formal_checks WHERE decision <> 'pass' AND reason = ''",
    ),
    Invariant(
        "entries.files_are_there",
        _l("Every file of an entry has its stored object."),
        "SELECT f.id FROM entry_files f LEFT JOIN blobs b ON b.id = f.blob_id WHERE b.id IS NULL",
    ),
    Invariant(
        "entries.rooms_hold_what_is_in_them",
        _l("The room that an edition's files take is the sum of these files."),
        """SELECT e.edition_id FROM entry_files f JOIN entries e ON e.id = f.entry_id JOIN blobs b ON b.id = f.blob_id
           GROUP BY e.edition_id HAVING sum(b.size) <> coalesce((SELECT r.taken FROM edition_rooms r WHERE r.edition_id = e.edition_id), 0)
           UNION ALL SELECT r.edition_id FROM edition_rooms r WHERE r.taken <> 0 AND NOT EXISTS
           (SELECT 1 FROM entry_files f JOIN entries e ON e.id = f.entry_id WHERE e.edition_id = r.edition_id)""",
    ),
)
