"""What must hold of the journal (see ``core.invariants``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.invariants import Invariant, gaps

INVARIANTS = (
    Invariant(
        "audit.facts_are_numbered", _l("The facts of a chain are numbered without gap or repeat."), gaps("journal_events", "chain", "seq")
    ),
    Invariant(
        "audit.head_is_the_last_fact",
        _l("The head of a chain is its last fact."),
        """SELECT h.chain FROM journal_heads h LEFT JOIN journal_events e ON e.chain = h.chain AND e.seq = h.seq
           WHERE h.seq > 0 AND (e.hash IS NULL OR e.hash <> h.hash)""",
    ),
    Invariant(
        "audit.facts_are_linked",
        _l("Each fact carries the hash of the one before it."),
        """SELECT e.chain, e.seq FROM journal_events e LEFT JOIN journal_events p ON p.chain = e.chain AND p.seq = e.seq - 1
           WHERE e.prev <> coalesce(p.hash, '')""",
    ),
    Invariant(
        "audit.salt_goes_with_payload",
        _l("A fact's details and their salt are kept or erased together."),
        "SELECT chain, seq FROM journal_events WHERE (payload IS NULL) <> (salt IS NULL)",
    ),
    Invariant(
        "audit.checkpoints_fit",
        _l("Every checkpoint fits the fact it speaks of."),
        """SELECT c.id FROM checkpoints c LEFT JOIN journal_events e ON e.chain = c.chain AND e.seq = c.size
           WHERE e.hash IS NULL OR e.hash <> c.head""",
    ),
    Invariant(
        "audit.one_open_alarm_a_thing",
        _l("There is one open alarm about a thing."),
        "SELECT kind, key FROM alarms WHERE closed_at IS NULL GROUP BY kind, key HAVING count(*) > 1",
    ),
)
