"""What must hold of the outbox (see ``core.invariants``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.invariants import Invariant

INVARIANTS = (
    Invariant(
        "notify.sent_has_a_time",
        _l("A mail that was sent tells when."),
        "SELECT id FROM messages WHERE (state = 'sent') <> (sent_at IS NOT NULL)",
    ),
    Invariant(
        "notify.no_secret_stays",
        _l("The secrets of links are gone once the mail has left."),
        "SELECT id FROM messages WHERE state = 'sent' AND sealed IS NOT NULL",
    ),
    Invariant(
        "notify.a_mail_is_queued_once",
        _l("No mail is queued twice."),
        "SELECT dedup FROM messages GROUP BY dedup HAVING count(*) > 1",
    ),
)
