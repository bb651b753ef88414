"""What is held in the journal and the reading log (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Basis, Erasure, Holding, Keep, Reader

HOLDINGS = (
    Holding("journal_events", _l("Proving who did what and when, and that nothing was changed afterwards"), Keep.JOURNAL,
            (Reader.AUDITORS, Reader.SUPERVISORS), Basis.DUTY, Erasure.BLANK,
            internal="id chain seq name at actor_id actor_role subject subject_id commit prev hash", personal="payload", secret="salt"),
    Holding("journal_heads", _l("The end of each chain of the journal"), Keep.JOURNAL, (Reader.AUDITORS, Reader.SUPERVISORS),
            internal="chain seq hash"),
    Holding("deliveries", _l("What still has to follow from a recorded fact"), Keep.DELIVERY, (Reader.ADMINS, Reader.AUDITORS),
            internal="id event_id subscriber state attempts due_at done_at last_error"),
    Holding("readings", _l("Who opened which entry, file or sensitive field"), Keep.JOURNAL, (Reader.AUDITORS, Reader.SUPERVISORS),
            internal="id at actor_id edition_id subject subject_id detail"),
    Holding("alarms", _l("What is wrong with the record itself, and how it was settled"), Keep.JOURNAL,
            (Reader.ADMINS, Reader.AUDITORS, Reader.SUPERVISORS),
            internal="id kind key edition_id detail raised_at asked_by_id closed_at closed_by_id reason"),
    Holding("clock_marks", _l("When the clock was last seen right"), Keep.SITE, (Reader.PROGRAM,), internal="boot wall uptime"),
    Holding("job_leases", _l("Which worker does which periodic job, and when it was done last"), Keep.SITE, (Reader.PROGRAM,),
            internal="name due_at done_at attempts holder held_until"),
    Holding("chain_points", _l("How far each chain of the journal has been verified"), Keep.JOURNAL, (Reader.AUDITORS, Reader.SUPERVISORS),
            internal="chain seq hash leaves peaks verified_at key_id signature broken_at reason whole_at whole_asked_at whole_seq"),
    Holding("checkpoints", _l("Signed notes about the journal, which witnesses hold"), Keep.JOURNAL, (Reader.AUDITORS, Reader.SUPERVISORS),
            internal="id chain size head root occasion made_at note"),
)  # fmt: skip
