"""People, their sessions and tokens; organizations as a tree; who belongs where and may do what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Identified, Versioned
from app.core.types import JSONText, enum_column

from .enums import KeyPurpose, MembershipState, OrganizationKind, Role, TokenPurpose
from .rules.devices import device_name


class User(Identified, Versioned, Base):
    """A person who signs in. ``email`` is stored lower-case; ``sort_key`` orders Chinese names by pinyin.

    ``second_factor_since`` is set while there is an authenticator app or a security key; signing in then asks for one of them.
    """

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    sort_key: Mapped[str] = mapped_column(String(200), default="", index=True)
    locale: Mapped[str] = mapped_column(String(10), default="zh_CN")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_changed_at: Mapped[datetime | None]
    email_confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_enabled_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    second_factor_since: Mapped[datetime | None]
    notice_version: Mapped[str | None] = mapped_column(String(20))
    notice_accepted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Profile(Base):
    """What else is known of a person. ID number, phone and bank account are encrypted; fingerprints find duplicates."""

    __tablename__ = "profiles"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    id_kind: Mapped[str | None] = mapped_column(String(20))
    id_number: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_fingerprint: Mapped[str | None] = mapped_column(String(64), index=True)
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_fingerprint: Mapped[str | None] = mapped_column(String(64), index=True)
    bank_account: Mapped[bytes | None] = mapped_column(LargeBinary)
    born_on: Mapped[date | None]
    degree: Mapped[str | None] = mapped_column(String(20))
    title: Mapped[str | None] = mapped_column(String(80))
    unit: Mapped[str | None] = mapped_column(String(160))
    fields: Mapped[str | None] = mapped_column(String(400))
    user: Mapped[User] = relationship()


class UserSession(Identified, Base):
    """A signed-in browser. The cookie holds a random token; here is only its hash."""

    __tablename__ = "user_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reauthenticated_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    current_role: Mapped[str | None] = mapped_column(String(40))
    network: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")
    user: Mapped[User] = relationship()

    @property
    def device(self) -> str:
        """The browser and its system in two words."""
        return device_name(self.agent)


class Token(Identified, Base):
    """A link sent by mail: single use, short life, bound to purpose and address.

    Only a hash of its secret is stored; who sends the mail makes the secret anew from ``nonce`` and the server's key.
    """

    __tablename__ = "tokens"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[TokenPurpose] = mapped_column(enum_column(TokenPurpose))
    email: Mapped[str] = mapped_column(String(254), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    payload: Mapped[Any] = mapped_column(JSONText, default=dict)
    state_digest: Mapped[str] = mapped_column(String(64), default="")
    nonce: Mapped[bytes] = mapped_column(LargeBinary)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class RecoveryCode(Identified, Base):
    """A single-use code for a lost second factor, hashed."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class SecurityKey(Identified, Base):
    """A passkey or security key as second factor: its public half, and how often it has signed."""

    __tablename__ = "security_keys"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)  # 32 bits without sign
    transports: Mapped[Any] = mapped_column(JSONText, default=list)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class KeyChallenge(Identified, Base):
    """What a key is asked to sign: once, within minutes, for one purpose, by one person, in one browser (``place``)."""

    __tablename__ = "key_challenges"
    __table_args__ = (UniqueConstraint("user_id", "purpose", "place"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    purpose: Mapped[KeyPurpose] = mapped_column(enum_column(KeyPurpose))
    place: Mapped[str] = mapped_column(String(64))
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]


class SignInAttempt(Identified, Base):
    """A failed or successful sign-in, by fingerprint of the address and of the network."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_account", "account", "at"),
        Index("ix_sign_in_attempts_network", "network", "at"),
    )

    account: Mapped[str] = mapped_column(String(64))
    network: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    succeeded: Mapped[bool]


class PasswordHistory(Identified, Base):
    """Earlier password hashes, kept only while the 等保 profile asks for it."""

    __tablename__ = "password_history"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class Organization(Identified, Versioned, Base):
    """An office, enterprise or university. ``path`` is ``/1/7/42/``: an organization's own and its ancestors' ids."""

    __tablename__ = "organizations"
    __table_args__ = (
        UniqueConstraint("parent_id", "name"),
        Index("ix_organizations_path", "path"),
    )

    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    kind: Mapped[OrganizationKind] = mapped_column(enum_column(OrganizationKind))
    name: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str] = mapped_column(String(160), default="")
    sort_key: Mapped[str] = mapped_column(String(400), default="")
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    uscc_note: Mapped[str | None] = mapped_column(String(200))
    area_code: Mapped[str | None] = mapped_column(String(6))
    path: Mapped[str] = mapped_column(String(200), default="/")
    created_at: Mapped[datetime]
    parent: Mapped[Organization | None] = relationship(remote_side="Organization.id")


class Membership(Identified, Base):
    """A person belongs to an organization."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "organization_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    position: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[MembershipState] = mapped_column(enum_column(MembershipState), default=MembershipState.ACTIVE)
    since: Mapped[datetime]
    user: Mapped[User] = relationship()
    organization: Mapped[Organization] = relationship()


class RoleGrant(Identified, Base):
    """A role on the platform (no scope), in an organization and below it, or in one edition."""

    __tablename__ = "role_grants"
    __table_args__ = (
        CheckConstraint("organization_id IS NULL OR edition_id IS NULL", name="one_scope"),
        Index("ix_role_grants_scope", "role", "organization_id", "edition_id"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    organization: Mapped[Organization | None] = relationship()


class Notepad(Base):
    """Small preferences of a person: density of tables, columns shown, theme."""

    __tablename__ = "notepads"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    preferences: Mapped[Any] = mapped_column(JSONText, default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
