"""What is held of people and organizations (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Basis, Erasure, Holding, Keep, Reader

_OWN = (Reader.ONESELF, Reader.ADMINS)

HOLDINGS = (
    Holding("users", _l("Signing in, and telling people apart by name and address"), Keep.ACCOUNT,
            (Reader.ONESELF, Reader.ADMINS, Reader.ORGANIZERS), Basis.CONTRACT, Erasure.BLANK,
            internal="id locale password_changed_at email_confirmed_at disabled_at totp_enabled_at totp_last_step "
                     "second_factor_since notice_version notice_accepted_at created_at version",
            personal="email name sort_key", secret="password_hash totp_secret"),
    Holding("profiles", _l("Filling forms, checking eligibility, paying awards; filled in by the person when it is needed"), Keep.ACCOUNT,
            (Reader.ONESELF, Reader.TALENT), Basis.CONSENT, Erasure.DELETE,
            internal="user_id", personal="born_on degree title unit fields",
            sensitive="id_kind id_number id_fingerprint phone phone_fingerprint bank_account"),
    Holding("user_sessions", _l("Staying signed in; showing a person where they are signed in; tracing misuse"), Keep.SECURITY, _OWN,
            Basis.DUTY, Erasure.DELETE,
            internal="id user_id created_at last_seen_at expires_at ended_at reauthenticated_at second_factor_at current_role",
            personal="network agent", secret="token_hash"),
    Holding("tokens", _l("Links sent by mail: confirming, resetting, inviting"), Keep.LINK, (Reader.ADMINS,), Basis.CONTRACT,
            Erasure.DELETE, internal="id purpose user_id created_by_id created_at expires_at used_at revoked_at",
            personal="email payload", secret="token_hash state_digest nonce"),
    Holding("recovery_codes", _l("Signing in without the lost second factor"), Keep.ACCOUNT, (Reader.PROGRAM,), Basis.CONTRACT,
            Erasure.DELETE, internal="id user_id used_at", secret="code_hash"),
    Holding("security_keys", _l("Signing in with a security key: its public half, and when it was used"), Keep.ACCOUNT, (Reader.ONESELF,),
            Basis.CONTRACT, Erasure.DELETE, internal="id user_id credential_id public_key sign_count transports created_at last_used_at",
            personal="name"),
    Holding("key_challenges", _l("What a security key is asked to sign, for five minutes"), Keep.LINK, (Reader.PROGRAM,),
            Basis.CONTRACT, Erasure.DELETE, internal="id user_id purpose expires_at", secret="place challenge"),
    Holding("sign_in_attempts", _l("Slowing down who guesses passwords"), Keep.SECURITY, (Reader.PROGRAM,), Basis.DUTY, Erasure.DELETE,
            internal="id at succeeded", personal="account network"),
    Holding("password_history", _l("Refusing earlier passwords where the 等保 profile asks for it"), Keep.ACCOUNT, (Reader.PROGRAM,),
            Basis.DUTY, Erasure.DELETE, internal="id user_id at", secret="password_hash"),
    Holding("organizations", _l("The offices, enterprises and universities that run contests or take part"), Keep.SITE,
            (Reader.EVERYBODY,), public="id parent_id kind name name_en sort_key uscc area_code path",
            internal="uscc_note created_at version"),
    Holding("memberships", _l("Who belongs to which organization"), Keep.ACCOUNT, (*_OWN, Reader.HOSTS), Basis.CONTRACT, Erasure.DELETE,
            internal="id user_id organization_id state since", personal="position"),
    Holding("role_grants", _l("Who may do what, since when and by whom"), Keep.RECORD, (*_OWN, Reader.HOSTS, Reader.SUPERVISORS),
            internal="id user_id role organization_id edition_id granted_by_id granted_at ended_at"),
    Holding("notepads", _l("A person's own settings of pages"), Keep.ACCOUNT, (Reader.ONESELF,), Basis.CONTRACT, Erasure.DELETE,
            internal="user_id preferences", personal="note"),
)  # fmt: skip
