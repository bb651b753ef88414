"""blind_files: the cleaned files of blind copies point at their blobs, so that housekeeping keeps them"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "blind_files",
        sa.Column("copy_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["blind_copies.id"], name=op.f("fk_blind_files_copy_id_blind_copies"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["blob_id"], ["blobs.id"], name=op.f("fk_blind_files_blob_id_blobs")),
        sa.PrimaryKeyConstraint("copy_id", "number", name=op.f("pk_blind_files")),
        sa.UniqueConstraint("blob_id", name=op.f("uq_blind_files_blob_id")),
    )
    _point_at_cleaned_files()


def _point_at_cleaned_files() -> None:
    """A row for every cleaned file that a copy names and that is still there; the copy of a lost one is made anew."""
    bind = op.get_bind()
    copies = sa.table("blind_copies", sa.column("id", sa.Integer), sa.column("content", sa.Text))
    blobs = sa.table("blobs", sa.column("id", sa.Integer))
    blind_files = sa.table("blind_files", sa.column("copy_id"), sa.column("number"), sa.column("blob_id"))
    present = set(bind.scalars(sa.select(blobs.c.id)))
    for copy_id, text in bind.execute(sa.select(copies.c.id, copies.c.content)).fetchall():
        content = json.loads(text)
        files = content.get("files", [])
        for number, file in enumerate(files):
            if file.get("blob_id") in present:
                bind.execute(blind_files.insert().values(copy_id=copy_id, number=number, blob_id=file["blob_id"]))
        lost = [file for file in files if file.get("blob_id") and file["blob_id"] not in present]
        for file in lost:
            file["blob_id"] = None
        if lost:
            plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            bind.execute(copies.update().where(copies.c.id == copy_id).values(content=plain))


def downgrade() -> None:
    op.drop_table("blind_files")
