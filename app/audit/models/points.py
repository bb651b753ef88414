"""How far each chain has been verified, and the checkpoints that witnesses hold."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified


class ChainPoint(Base):
    """Up to ``seq`` the chain was found whole. Signed, so that whoever only has the database cannot move it.

    ``peaks`` are the roots of the full subtrees over the facts so far: with them the Merkle root grows without reading back.
    ``whole_at``: when everything was last walked from the first fact; ``whole_seq``: how far the walk that runs now has come.
    """

    __tablename__ = "chain_points"

    chain: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default="")
    leaves: Mapped[int] = mapped_column(default=0)
    peaks: Mapped[str] = mapped_column(Text, default="")
    verified_at: Mapped[datetime]
    key_id: Mapped[str] = mapped_column(String(16), default="")
    signature: Mapped[str] = mapped_column(String(100), default="")
    broken_at: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
    whole_at: Mapped[datetime | None]
    whole_asked_at: Mapped[datetime | None]
    whole_seq: Mapped[int | None]


class Checkpoint(Identified, Base):
    """A signed note about a chain as it was at one moment; ``note`` is the text as witnesses hold it."""

    __tablename__ = "checkpoints"
    __table_args__ = (Index("ix_checkpoints_chain", "chain", "size"),)

    chain: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
    root: Mapped[str] = mapped_column(String(64))
    occasion: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
