"""Saves of sheets cannot be changed or removed; one hand alone neither approves nor closes, whatever the program does"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"

RULES = {
    "approvals": "approved IS NOT TRUE OR decided_by_id != asked_by_id",
    "alarms": "closed_by_id IS NULL OR asked_by_id IS NULL OR closed_by_id != asked_by_id",
}


def upgrade() -> None:
    for table, rule in RULES.items():
        with op.batch_alter_table(table) as batch_op:
            batch_op.create_check_constraint(op.f(f"ck_{table}_two_persons"), rule)
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER sheet_saves_no_{act.lower()} BEFORE {act} ON sheet_saves BEGIN SELECT RAISE(ABORT, 'append_only'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER sheet_saves_append_only BEFORE UPDATE OR DELETE ON sheet_saves FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER sheet_saves_no_{act}")
    else:
        op.execute("DROP TRIGGER sheet_saves_append_only ON sheet_saves")
    for table in RULES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_two_persons"), type_="check")
