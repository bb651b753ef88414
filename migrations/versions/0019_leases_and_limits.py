"""Leases of periodic jobs; what two people at one moment must not both get, as rules of the database; more kinds of alarms"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

BEFORE = ("clock", "chain", "invariant")
KINDS = (*BEFORE, "sign_ins", "denials", "reads", "backup", "disk", "dead_letters")
ONE_EACH = sa.text("is_only_one AND state != 'withdrawn'")
RANGES = (
    ("calls", "quota_is_some", "quota > 0"),
    ("panels", "judges_not_negative", "judges_per_entry >= 0"),
    ("seats", "load_is_some", "load_limit > 0"),
    ("marks", "not_negative", "value >= 0"),
)
QUOTA = {
    "sqlite": (
        """CREATE TRIGGER entries_within_quota BEFORE UPDATE OF state ON entries WHEN OLD.state = 'draft' AND NEW.state = 'submitted'
BEGIN SELECT RAISE(ABORT, 'entries_within_quota') WHERE
 (SELECT quota FROM calls WHERE id = NEW.call_id) <=
 (SELECT count(*) FROM entries WHERE call_id = NEW.call_id AND id <> NEW.id AND state IN ('submitted', 'returned', 'accepted')); END""",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION refuse_beyond_quota() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE places integer;
BEGIN
  SELECT quota INTO places FROM calls WHERE id = NEW.call_id AND quota IS NOT NULL FOR UPDATE;
  IF places <= (SELECT count(*) FROM entries WHERE call_id = NEW.call_id AND id <> NEW.id
                AND state IN ('submitted', 'returned', 'accepted')) THEN
    RAISE EXCEPTION 'entries_within_quota' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $body$""",
        """CREATE TRIGGER entries_within_quota BEFORE UPDATE OF state ON entries FOR EACH ROW
WHEN (OLD.state = 'draft' AND NEW.state = 'submitted') EXECUTE FUNCTION refuse_beyond_quota()""",
    ),
}


def kind_column(kinds: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*kinds, name="alarmkind", native_enum=False, create_constraint=True, length=40)


def rename_kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("alarms") as batch_op:
        batch_op.drop_constraint(op.f("ck_alarms_alarmkind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_alarms_alarmkind"), f"kind IN ({listed})")


def upgrade() -> None:
    op.create_table(
        "job_leases",
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(40), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(holder IS NULL) = (held_until IS NULL)", name=op.f("ck_job_leases_held_by_somebody")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_leases")),
    )
    rename_kinds(KINDS)
    for table, name, rule in RANGES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), rule)
    with op.batch_alter_table("entries") as batch_op:
        batch_op.add_column(sa.Column("is_only_one", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("entries") as batch_op:
        batch_op.alter_column("is_only_one", existing_type=sa.Boolean(), server_default=None)
    op.execute(
        """UPDATE entries SET is_only_one = true WHERE state != 'withdrawn'
           AND edition_id IN (SELECT id FROM editions WHERE rules NOT LIKE '%"one_entry_per_person"_false%')
           AND NOT EXISTS (SELECT 1 FROM entries o WHERE o.edition_id = entries.edition_id AND o.leader_id = entries.leader_id
                           AND o.id <> entries.id AND o.state != 'withdrawn')"""
    )
    columns = ["edition_id", "leader_id"]
    op.create_index("uq_entries_only_one", "entries", columns, unique=True, sqlite_where=ONE_EACH, postgresql_where=ONE_EACH)
    for statement in QUOTA[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER entries_within_quota ON entries")
        op.execute("DROP FUNCTION refuse_beyond_quota()")
    else:
        op.execute("DROP TRIGGER entries_within_quota")
    op.drop_index("uq_entries_only_one", "entries")
    with op.batch_alter_table("entries") as batch_op:
        batch_op.drop_column("is_only_one")
    for table, name, _rule in RANGES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
    op.execute("DELETE FROM alarms WHERE kind NOT IN ('clock', 'chain', 'invariant')")
    rename_kinds(BEFORE)
    op.drop_table("job_leases")
