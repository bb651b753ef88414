"""The last place of a call, kept by the database too: handing in beyond the quota is refused even to what forgot to count."""

from __future__ import annotations

from sqlalchemy import DDL, event

from app.core.db import Base

_SQLITE = """
CREATE TRIGGER entries_within_quota BEFORE UPDATE OF state ON entries WHEN OLD.state = 'draft' AND NEW.state = 'submitted'
BEGIN SELECT RAISE(ABORT, 'entries_within_quota') WHERE
 (SELECT quota FROM calls WHERE id = NEW.call_id) <=
 (SELECT count(*) FROM entries WHERE call_id = NEW.call_id AND id <> NEW.id AND state IN ('submitted', 'returned', 'accepted')); END
"""
_PG_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_beyond_quota() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE places integer;
BEGIN
  SELECT quota INTO places FROM calls WHERE id = NEW.call_id AND quota IS NOT NULL FOR UPDATE;
  IF places <= (SELECT count(*) FROM entries WHERE call_id = NEW.call_id AND id <> NEW.id
                AND state IN ('submitted', 'returned', 'accepted')) THEN
    RAISE EXCEPTION 'entries_within_quota' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $body$
"""
_PG_TRIGGER = """
CREATE TRIGGER entries_within_quota BEFORE UPDATE OF state ON entries FOR EACH ROW
WHEN (OLD.state = 'draft' AND NEW.state = 'submitted') EXECUTE FUNCTION refuse_beyond_quota()
"""

#: What the migration executes too, by engine.
TRIGGERS = {"sqlite": (_SQLITE,), "postgresql": (_PG_FUNCTION, _PG_TRIGGER)}
for _dialect, _statements in TRIGGERS.items():
    for _statement in _statements:
        event.listen(Base.metadata, "after_create", DDL(_statement).execute_if(dialect=_dialect))
