"""The people and partner organizations of an entry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base, Identified
from app.core.types import enum_column
from app.entries.enums import MemberRight, MemberRole, MemberState


class EntryMember(Identified, Base):
    """A person of the team; ``user`` is known once the invitation is confirmed."""

    __tablename__ = "entry_members"
    __table_args__ = (
        UniqueConstraint("entry_id", "email"),
        Index(
            "uq_entry_members_leader",
            "entry_id",
            unique=True,
            sqlite_where=text("role = 'leader'"),
            postgresql_where=text("role = 'leader'"),
        ),
    )

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254))
    unit: Mapped[str] = mapped_column(String(160), default="")
    position: Mapped[str] = mapped_column(String(80), default="")
    role: Mapped[MemberRole] = mapped_column(enum_column(MemberRole), default=MemberRole.MEMBER)
    right: Mapped[MemberRight] = mapped_column(enum_column(MemberRight), default=MemberRight.VIEW)
    state: Mapped[MemberState] = mapped_column(enum_column(MemberState), default=MemberState.INVITED)
    rank: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    user: Mapped[User | None] = relationship()


class PartnerOrganization(Identified, Base):
    """An organization that takes part besides the leading one."""

    __tablename__ = "partner_organizations"
    __table_args__ = (UniqueConstraint("entry_id", "name"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    name: Mapped[str] = mapped_column(String(160))
    uscc: Mapped[str | None] = mapped_column(String(18))
    part: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)
