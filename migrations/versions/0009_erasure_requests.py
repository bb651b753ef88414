"""erasure_requests: asking for erasure, carried out by two persons; the notice that a person accepted at sign-up"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table('erasure_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('requested', 'proposed', 'done', 'refused', 'withdrawn', name='erasurestate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('prepared_by_id', sa.Integer(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('removed', sa.Text(), nullable=False),
    sa.CheckConstraint("(state != 'done') OR (prepared_by_id IS NOT NULL AND decided_by_id IS NOT NULL)", name=op.f('ck_erasure_requests_done_by_two')),
    sa.CheckConstraint('decided_by_id IS NULL OR prepared_by_id IS NULL OR decided_by_id != prepared_by_id', name=op.f('ck_erasure_requests_two_persons')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['users.id'], name=op.f('fk_erasure_requests_asked_by_id_users')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_erasure_requests_decided_by_id_users')),
    sa.ForeignKeyConstraint(['prepared_by_id'], ['users.id'], name=op.f('fk_erasure_requests_prepared_by_id_users')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_erasure_requests_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure_requests'))
    )
    with op.batch_alter_table('erasure_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasure_requests_user_id'), ['user_id'], unique=False)
        batch_op.create_index('uq_erasure_requests_open', ['user_id'], unique=True, sqlite_where=sa.text("state IN ('requested', 'proposed')"), postgresql_where=sa.text("state IN ('requested', 'proposed')"))

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.add_column(sa.Column('notice_version', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('notice_accepted_at', sa.DateTime(timezone=True), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_column('notice_accepted_at')
        batch_op.drop_column('notice_version')

    with op.batch_alter_table('erasure_requests', schema=None) as batch_op:
        batch_op.drop_index('uq_erasure_requests_open', sqlite_where=sa.text("state IN ('requested', 'proposed')"), postgresql_where=sa.text("state IN ('requested', 'proposed')"))
        batch_op.drop_index(batch_op.f('ix_erasure_requests_user_id'))

    op.drop_table('erasure_requests')
