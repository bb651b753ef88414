"""What happens to people, their sessions and links, organizations and roles. Addresses and names stay out: ids only."""

from __future__ import annotations

from app.audit.events import Event, event


@event("accounts.user_created", "user")
class UserCreated(Event):
    user_id: int


@event("accounts.user_signed_in", "user")
class UserSignedIn(Event):
    user_id: int
    session_id: int
    with_second_factor: bool


@event("accounts.sign_in_refused", "user")
class SignInRefused(Event):
    user_id: int | None
    reason: str


@event("accounts.access_refused", "user")
class AccessRefused(Event):
    user_id: int
    page: str


@event("accounts.user_signed_out", "user")
class UserSignedOut(Event):
    user_id: int
    session_id: int


@event("accounts.sessions_ended", "user")
class SessionsEnded(Event):
    user_id: int
    count: int
    reason: str


@event("accounts.identity_reconfirmed", "user")
class IdentityReconfirmed(Event):
    user_id: int
    session_id: int


@event("accounts.role_chosen", "user")
class RoleChosen(Event):
    user_id: int
    role: str


@event("accounts.link_issued", "token")
class LinkIssued(Event):
    token_id: int
    purpose: str


@event("accounts.link_used", "token")
class LinkUsed(Event):
    token_id: int
    purpose: str


@event("accounts.link_revoked", "token")
class LinkRevoked(Event):
    token_id: int
    purpose: str


@event("accounts.password_changed", "user")
class PasswordChanged(Event):
    user_id: int
    by_link: bool


@event("accounts.email_changed", "user")
class EmailChanged(Event):
    user_id: int
    old_email: str


@event("accounts.name_changed", "user")
class NameChanged(Event):
    user_id: int


@event("accounts.second_factor_enabled", "user")
class SecondFactorEnabled(Event):
    user_id: int


@event("accounts.second_factor_disabled", "user")
class SecondFactorDisabled(Event):
    user_id: int
    reason: str


@event("accounts.authenticator_removed", "user")
class AuthenticatorRemoved(Event):
    user_id: int


@event("accounts.security_key_added", "user")
class SecurityKeyAdded(Event):
    user_id: int
    key_id: int


@event("accounts.security_key_removed", "user")
class SecurityKeyRemoved(Event):
    user_id: int
    key_id: int


@event("accounts.recovery_codes_renewed", "user")
class RecoveryCodesRenewed(Event):
    user_id: int


@event("accounts.recovery_code_used", "user")
class RecoveryCodeUsed(Event):
    user_id: int
    left: int


@event("accounts.user_disabled", "user")
class UserDisabled(Event):
    user_id: int
    reason: str


@event("accounts.user_enabled", "user")
class UserEnabled(Event):
    user_id: int
    reason: str


@event("accounts.brake_released", "user")
class BrakeReleased(Event):
    user_id: int


@event("accounts.profile_changed", "user")
class ProfileChanged(Event):
    user_id: int
    fields: str


@event("accounts.sensitive_field_revealed", "user")
class SensitiveFieldRevealed(Event):
    user_id: int
    field: str
    reason: str


@event("accounts.organization_added", "organization")
class OrganizationAdded(Event):
    organization_id: int
    parent_id: int | None


@event("accounts.organization_changed", "organization")
class OrganizationChanged(Event):
    organization_id: int
    fields: str


@event("accounts.member_added", "organization")
class MemberAdded(Event):
    organization_id: int
    user_id: int


@event("accounts.member_removed", "organization")
class MemberRemoved(Event):
    organization_id: int
    user_id: int


@event("accounts.role_granted", "grant")
class RoleGranted(Event):
    grant_id: int
    user_id: int
    role: str
    organization_id: int | None
    edition_id: int | None


@event("accounts.role_ended", "grant")
class RoleEnded(Event):
    grant_id: int
    user_id: int
    role: str
    organization_id: int | None
    edition_id: int | None
    reason: str
