"""An edition in preparation can be discarded"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BEFORE = ("draft", "in_approval", "published", "cancelled", "archived")


def states(*words: str) -> sa.Enum:
    return sa.Enum(*words, name="editionstate", native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("editions") as batch_op:
        batch_op.alter_column("state", existing_type=states(*BEFORE), type_=states(*BEFORE, "discarded"), existing_nullable=False)


def downgrade() -> None:
    op.execute("UPDATE editions SET state = 'draft' WHERE state = 'discarded'")
    with op.batch_alter_table("editions") as batch_op:
        batch_op.alter_column("state", existing_type=states(*BEFORE, "discarded"), type_=states(*BEFORE), existing_nullable=False)
