"""Fields are encrypted for one purpose; fingerprints find equals; signatures hold for one text only."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.crypto import FieldCipher, Signer, Undecryptable

CIPHER = FieldCipher("0" * 64)


def test_a_field_comes_back_and_its_bytes_do_not_show_it() -> None:
    blob = CIPHER.encrypt("11010519491231002X", "id_number")
    assert CIPHER.decrypt(blob, "id_number") == "11010519491231002X"
    assert b"1949" not in blob


def test_the_same_text_is_never_the_same_bytes() -> None:
    assert CIPHER.encrypt("x", "phone") != CIPHER.encrypt("x", "phone")


def test_a_value_pasted_into_another_field_is_refused() -> None:
    with pytest.raises(Undecryptable):
        CIPHER.decrypt(CIPHER.encrypt("13800000000", "phone"), "bank_account")


def test_another_key_reads_nothing() -> None:
    with pytest.raises(Undecryptable):
        FieldCipher("1" * 64).decrypt(CIPHER.encrypt("x", "phone"), "phone")


def test_equal_texts_have_equal_fingerprints_within_a_purpose() -> None:
    assert CIPHER.fingerprint("a", "phone") == CIPHER.fingerprint("a", "phone")
    assert CIPHER.fingerprint("a", "phone") != CIPHER.fingerprint("a", "id_number")


def test_a_signature_holds_for_its_text_and_key_only(tmp_path: Path) -> None:
    signer = Signer(tmp_path / "secrets" / "signing.pem")
    signature = signer.sign(b"receipt")
    assert signer.verify(b"receipt", signature)
    assert not signer.verify(b"receipt!", signature)
    assert not Signer(tmp_path / "other.pem").verify(b"receipt", signature)
    assert not signer.verify(b"receipt", "not base64")


def test_the_signing_key_survives_a_restart_and_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    assert Signer(path).key_id == Signer(path).key_id
    assert path.stat().st_mode & 0o077 == 0
