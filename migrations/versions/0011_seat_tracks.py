"""seat_tracks: the tracks in which a judge is at home, for assignments by field"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "seat_tracks",
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_seat_tracks_seat_id_seats"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name=op.f("fk_seat_tracks_track_id_tracks")),
        sa.PrimaryKeyConstraint("seat_id", "track_id", name=op.f("pk_seat_tracks")),
    )


def downgrade() -> None:
    op.drop_table("seat_tracks")
