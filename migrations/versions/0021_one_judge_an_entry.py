"""A person with seats in two panels of a stage scores an entry once: the judge on the assignment, and a rule of the database"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

LIVE = sa.text("state = 'active'")


def upgrade() -> None:
    with op.batch_alter_table("assignments") as batch_op:
        batch_op.add_column(sa.Column("judge_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_assignments_judge_id_users"), "users", ["judge_id"], ["id"])
    # Where a person was given an entry twice before, the first assignment is held to the rule; the other stays as it is.
    op.execute(
        """UPDATE assignments SET judge_id = (SELECT user_id FROM seats WHERE seats.id = assignments.seat_id)
           WHERE NOT EXISTS (
             SELECT 1 FROM assignments o JOIN seats t ON t.id = o.seat_id JOIN seats s ON s.id = assignments.seat_id
             WHERE o.stage_id = assignments.stage_id AND o.entry_id = assignments.entry_id AND t.user_id = s.user_id
               AND o.state = 'active' AND o.id < assignments.id)"""
    )
    columns = ["stage_id", "entry_id", "judge_id"]
    op.create_index("uq_assignments_judge", "assignments", columns, unique=True, sqlite_where=LIVE, postgresql_where=LIVE)


def downgrade() -> None:
    op.drop_index("uq_assignments_judge", "assignments")
    with op.batch_alter_table("assignments") as batch_op:
        batch_op.drop_constraint(op.f("fk_assignments_judge_id_users"), type_="foreignkey")
        batch_op.drop_column("judge_id")
