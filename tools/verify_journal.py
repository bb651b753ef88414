"""Verify an exported journal with nothing but Python: `python3 verify_journal.py BUNDLE.zip [--checkpoint FILE ...] [--key KEY]`.

It shares no code with the server; docs/ARCHITECTURE.md ("The journal") is the specification of both. Exit code 0: everything fits.
"""

import argparse
import base64
import hashlib
import json
import sys
import zipfile

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
TITLE = "jiebang checkpoint v1"
LINKED = ("seq", "name", "at", "actor_id", "actor_role", "subject", "subject_id", "commit", "prev")


class Refusal(Exception):
    """The first thing that does not fit."""


# --- Ed25519 (RFC 8032), verification only: points in extended coordinates -------------------------------------------


def recovered_x(y, sign):
    """The x of the point with this y; None when there is none."""
    square = (y * y - 1) * pow(CURVE * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    return PRIME - x if x & 1 != sign else x


def point_of(raw):
    """The point that 32 bytes stand for; None when they stand for none."""
    number = int.from_bytes(raw, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    if y >= PRIME:
        return None
    x = recovered_x(y, sign)
    return None if x is None else (x, y, 1, x * y % PRIME)


def added(one, two):
    """The sum of two points."""
    a, b = (one[1] - one[0]) * (two[1] - two[0]), (one[1] + one[0]) * (two[1] + two[0])
    c, d = 2 * one[3] * two[3] * CURVE, 2 * one[2] * two[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def times(number, point):
    """The point added to itself that often."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = added(total, point)
        point, number = added(point, point), number >> 1
    return total


BASE_Y = 4 * pow(5, PRIME - 2, PRIME) % PRIME
BASE = (recovered_x(BASE_Y, 0), BASE_Y, 1, recovered_x(BASE_Y, 0) * BASE_Y % PRIME)


def is_signed(key, message, signature):
    """Whether the signature is the key's."""
    if len(key) != 32 or len(signature) != 64:
        return False
    owner, nonce, scalar = point_of(key), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if owner is None or nonce is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(scalar, BASE), added(nonce, times(challenge, owner))
    return (left[0] * right[2] - right[0] * left[2]) % PRIME == 0 and (left[1] * right[2] - right[1] * left[2]) % PRIME == 0


# --- the chain -------------------------------------------------------------------------------------------------------


def link(chain, row):
    """The hash that the row must carry."""
    digest = hashlib.sha256(b"jiebang/event/v1")
    for part in (chain, *(row[name] for name in LINKED)):
        raw = b"" if part is None else str(part).encode()
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.hexdigest()


def grown(peaks, size, leaf):
    """The roots of the full subtrees after one more leaf (RFC 6962)."""
    node = hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest()
    while size & 1:
        node, size = hashlib.sha256(b"\x01" + peaks.pop() + node).digest(), size >> 1
    peaks.append(node)


def root(peaks):
    """The Merkle root over all leaves."""
    node = peaks[-1]
    for peak in reversed(peaks[:-1]):
        node = hashlib.sha256(b"\x01" + peak + node).digest()
    return node.hex()


def walked(chain, lines, sizes):
    """Check every row; hash and root at each of the wanted sizes, and how many payloads are withheld."""
    prev, peaks, seen, withheld, count = "", [], {}, 0, 0
    for count, line in enumerate(lines, 1):
        row = json.loads(line)
        if row["seq"] != count:
            raise Refusal(f"V04 number {count} is missing")
        if row["prev"] != prev:
            raise Refusal(f"V05 fact {count} does not link to the one before it")
        if row["hash"] != link(chain, row):
            raise Refusal(f"V03 fact {count} was altered")
        withheld += row["payload"] is None
        if row["payload"] is not None:
            opened = hashlib.sha256(b"jiebang/commit/v1" + bytes.fromhex(row["salt"] or "") + row["payload"].encode()).hexdigest()
            if opened != row["commit"]:
                raise Refusal(f"V02 the payload of fact {count} does not match its commitment")
        prev = row["hash"]
        grown(peaks, count - 1, prev)
        if count in sizes:
            seen[count] = (prev, root(peaks))
    return count, prev, seen, withheld


# --- checkpoints and the bundle --------------------------------------------------------------------------------------


def parsed(text, key):
    """The fields of a checkpoint whose signature is right."""
    lines = text.replace("\r\n", "\n").lstrip("\ufeff").strip().split("\n")
    if lines[0] != TITLE or not lines[-1].startswith("signature: "):
        raise Refusal("V07 this is not a checkpoint")
    fields = dict(line.split(": ", 1) for line in lines[1:-1])
    signed = ("\n".join(lines[:-1]) + "\n").encode()
    if fields["algorithm"] != "Ed25519" or not is_signed(key, signed, base64.b64decode(lines[-1][11:])):
        raise Refusal(f"V07 the checkpoint of {fields.get('size')} facts is not signed with this key, or was altered")
    return fields


def compared(fields, chain, seen, count):
    """A checkpoint against the chain as it was walked."""
    size = int(fields["size"])
    if fields["chain"] != chain:
        raise Refusal(f"V08 the checkpoint is of another chain: {fields['chain']}")
    if size > count:
        raise Refusal(f"V08 the chain was cut: a checkpoint speaks of {size} facts, there are {count}")
    if seen[size] != (fields["head"], fields["root"]):
        raise Refusal(f"V08 the chain was rewritten at or before fact {size}")


def verify(bundle, outside, trusted):
    """Check everything; raises Refusal at the first thing that does not fit."""
    manifest_bytes = bundle.read("manifest.json")
    manifest = json.loads(manifest_bytes)
    key = base64.b64decode(trusted or manifest["public_key"])
    if not is_signed(key, manifest_bytes, base64.b64decode(bundle.read("manifest.sig"))):
        raise Refusal("V07 the bundle is not signed with this key, or was altered")
    for name, digest in manifest["files"].items():
        if hashlib.sha256(bundle.read(name)).hexdigest() != digest:
            raise Refusal(f"V01 {name} is not the file that was signed")
    inside = [parsed(bundle.read(name).decode(), key) for name in manifest["files"] if name.startswith("checkpoints/")]
    held = [parsed(text, key) for text in outside]
    with bundle.open("journal.jsonl") as lines:
        count, head, seen, withheld = walked(manifest["chain"], lines, {int(fields["size"]) for fields in (*inside, *held)})
    if (count, head) != (manifest["size"], manifest["head"]):
        raise Refusal("V06 the chain does not end where the bundle says")
    for fields in (*inside, *held):
        compared(fields, manifest["chain"], seen, count)
    return count, withheld, len(inside), len(held)


def main():
    """Read the arguments, print the outcome."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle")
    parser.add_argument("--checkpoint", action="append", default=[], help="a checkpoint that you kept yourself")
    parser.add_argument("--key", help="the server's public key as you know it from elsewhere (base64)")
    asked = parser.parse_args()
    outside = []
    for path in asked.checkpoint:
        with open(path, encoding="utf-8") as file:
            outside.append(file.read())
    try:
        with zipfile.ZipFile(asked.bundle) as bundle:
            count, withheld, inside, held = verify(bundle, outside, asked.key)
    except (Refusal, KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        print(f"DOES NOT FIT: {error}")
        return 1
    print(f"{count} facts fit, {withheld} of them with their details withheld; checkpoints: {inside} in the bundle, {held} of your own")
    if not held:
        print("V09 ATTENTION: without a checkpoint of your own this only shows that the bundle agrees with itself.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
