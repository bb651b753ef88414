"""The bridge to WebAuthn: what a security key is asked, and whether its answer is right (W3C Web Authentication, level 2)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.accounts.models import SecurityKey
from app.accounts.rules.relying import RelyingParty
from app.core.codes import token_hash
from app.core.later import later

if TYPE_CHECKING:
    import webauthn
    from webauthn.helpers import structs
else:
    webauthn = later("webauthn")
    structs = later("webauthn.helpers.structs")

LONGEST_ID = 1023


@dataclass(frozen=True)
class NewKey:
    """What is kept of a key that was registered."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str] = field(default_factory=list)


def creation_options(site: RelyingParty, *, user_id: int, account: str, name: str, challenge: bytes, known: Iterable[SecurityKey]) -> Any:
    """What ``navigator.credentials.create`` is given. The password was asked before, so the key only has to be touched."""
    options = webauthn.generate_registration_options(
        rp_id=site.host, rp_name=site.name, user_id=token_hash(f"webauthn:{user_id}").encode()[:64], user_name=account,
        user_display_name=name, challenge=challenge, authenticator_selection=_second_factor(), exclude_credentials=_described(known),
    )  # fmt: skip
    return json.loads(webauthn.options_to_json(options))


def request_options(site: RelyingParty, *, challenge: bytes, known: Iterable[SecurityKey]) -> Any:
    """What ``navigator.credentials.get`` is given: only the person's own keys may answer."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host, challenge=challenge, allow_credentials=_described(known),
        user_verification=structs.UserVerificationRequirement.DISCOURAGED,
    )  # fmt: skip
    return json.loads(webauthn.options_to_json(options))


def new_key(answer: str, *, site: RelyingParty, challenge: bytes) -> NewKey | None:
    """The key behind an answer to ``creation_options``, or None when the answer is not right for this site and challenge."""
    try:
        told = json.loads(answer)
        verified = webauthn.verify_registration_response(
            credential=told, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin
        )
        transports = told["response"].get("transports") or []
        kept = sorted(_transports().intersection(t for t in transports if isinstance(t, str)))
    except Exception:  # noqa: BLE001 -- the bytes come from outside: whatever the parsers say of them, the answer is not right
        return None
    if not 0 < len(verified.credential_id) <= LONGEST_ID:
        return None
    return NewKey(verified.credential_id, verified.credential_public_key, verified.sign_count, kept)


def credential_id_of(answer: str) -> bytes | None:
    """Which key says that it answers; nothing is proved by that."""
    try:
        return webauthn.base64url_to_bytes(json.loads(answer)["rawId"])
    except Exception:  # noqa: BLE001 -- as above
        return None


def signed_count(answer: str, *, key: SecurityKey, site: RelyingParty, challenge: bytes) -> int | None:
    """The key's new counter when it signed this challenge for this site; None when not, or when its counter went back (a copied key)."""
    try:
        verified = webauthn.verify_authentication_response(
            credential=json.loads(answer), expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin,
            credential_public_key=key.public_key, credential_current_sign_count=key.sign_count,
        )  # fmt: skip
    except Exception:  # noqa: BLE001 -- as above
        return None
    return verified.new_sign_count if verified.credential_id == key.credential_id else None


def _described(keys: Iterable[SecurityKey]) -> list[structs.PublicKeyCredentialDescriptor]:
    known = _transports()
    return [
        structs.PublicKeyCredentialDescriptor(
            id=key.credential_id, transports=[structs.AuthenticatorTransport(t) for t in key.transports if t in known] or None
        )
        for key in keys
    ]


def _transports() -> frozenset[str]:
    return frozenset(transport.value for transport in structs.AuthenticatorTransport)


def _second_factor() -> structs.AuthenticatorSelectionCriteria:
    return structs.AuthenticatorSelectionCriteria(
        resident_key=structs.ResidentKeyRequirement.DISCOURAGED, user_verification=structs.UserVerificationRequirement.DISCOURAGED
    )
