"""The sealed file: what comes out is what went in, and nothing else is taken for it."""

from __future__ import annotations

from io import BytesIO

import pytest

from app.backup.sealing import CHUNK, MAGIC, TAG, NotSealed, Sealer, Unsealer

KEY = "k" * 64
HEAD = len(MAGIC) + 32 + 16


def sealed(content: bytes, key: str = KEY) -> bytes:
    target = BytesIO()
    sealer = Sealer(target, key)
    for start in range(0, len(content), 300_000):
        sealer.write(content[start : start + 300_000])
    sealer.finish()
    return target.getvalue()


def opened(blob: bytes, key: str = KEY) -> bytes:
    unsealer = Unsealer(BytesIO(blob), key)
    return b"".join(iter(lambda: unsealer.read(250_000), b""))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_sealed_comes_out_again(size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(content[:size])) == content[:size]


def test_equal_contents_look_different_each_time_and_hide_what_they_are() -> None:
    content = b"a plain word " * 50
    first, second = sealed(content), sealed(content)
    assert first != second
    assert b"plain" not in first


def test_a_flipped_bit_anywhere_is_refused() -> None:
    blob = sealed(b"x" * (2 * CHUNK + 100))
    chunk = CHUNK + TAG
    places = [0, len(MAGIC), HEAD - 1, HEAD, HEAD + chunk - 1, HEAD + chunk, HEAD + 2 * chunk, len(blob) - 1]
    for place in places:
        altered = bytearray(blob)
        altered[place] ^= 1
        with pytest.raises(NotSealed):
            opened(bytes(altered))


def test_chunks_that_are_cut_off_swapped_or_added_are_refused() -> None:
    blob, chunk = sealed(b"x" * (2 * CHUNK + 100)), CHUNK + TAG
    head, first, second, last = blob[:HEAD], blob[HEAD : HEAD + chunk], blob[HEAD + chunk : HEAD + 2 * chunk], blob[HEAD + 2 * chunk :]
    assert opened(head + first + second + last)
    for wrong in (head, head + first, head + first + second, head + second + first + last, head + first + last, blob + b"x", blob + last):
        with pytest.raises(NotSealed):
            opened(wrong)


def test_another_key_is_told_from_damage() -> None:
    with pytest.raises(NotSealed, match="another BACKUP_KEY"):
        opened(sealed(b"x"), "l" * 64)
    with pytest.raises(NotSealed, match="not a backup of this system"):
        opened(b"PK\x03\x04" + b"0" * 100)
