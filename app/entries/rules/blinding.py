"""What blind judges may read: hidden answers left out, names and contacts replaced. Redaction falls to nothing, never back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.dynforms.display import AUDIENCES
from app.dynforms.schema import FieldKind, FormSchema

#: Content is Chinese; these words stand in the judges' text where a name stood.
NEUTRAL = {"member": "〔成员〕", "unit": "〔单位〕", "contact": "〔联系方式〕"}
MIN_NAME = 2
MIN_LATIN = 4
_CONTACTS = (
    re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}"),
    re.compile(r"(?<!\d)1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?!\d)"),
    re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),
    re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])"),
    re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"),
)


@dataclass(frozen=True)
class Identity:
    """The words that give a team away, by kind."""

    members: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass
class Findings:
    """Where something was replaced: place → kind → how often. It never holds the words themselves."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def note(self, place: str, kind: str, number: int) -> None:
        if number:
            self.counts[place, kind] = self.counts.get((place, kind), 0) + number

    def rows(self) -> list[dict[str, Any]]:
        return [{"place": place, "kind": kind, "count": n} for (place, kind), n in self.counts.items()]


def identity_of(content: Mapping[str, Any], schema: FormSchema, aliases: Iterable[str] = ()) -> Identity:
    """Names and units of a version: its team, partners, and the answers that are not blind-safe."""
    people = [m.get("name", "") for m in content.get("members", ())]
    units = [content.get("unit", {}).get("name", ""), *(m.get("unit", "") for m in content.get("members", ()))]
    units += [p.get("name", "") for p in content.get("partners", ())]
    for item in schema.fields:
        value = content.get("answers", {}).get(item.key)
        if item.kind == FieldKind.PERSON and isinstance(value, dict):
            people.append(value.get("name", ""))
            units.append(value.get("unit", ""))
        if item.kind == FieldKind.ORGANIZATION and isinstance(value, dict):
            units.append(value.get("name", ""))
    return Identity(_longest_first(people), _longest_first([*units, *aliases]))


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    kept = {word.strip() for word in words if word and len(word.strip()) >= MIN_NAME}
    return tuple(sorted(kept, key=lambda word: (-len(word), word)))


def neutral_text(text: str, identity: Identity, place: str, findings: Findings) -> str:
    """The text with contacts, units and names replaced; what was found is counted."""
    for pattern in _CONTACTS:
        text, number = pattern.subn(NEUTRAL["contact"], text)
        findings.note(place, "contact", number)
    for kind, words in (("unit", identity.units), ("member", identity.members)):
        for word in words:
            text, number = pattern_of(word).subn(NEUTRAL[kind], text)
            findings.note(place, kind, number)
    return text


def identity_in(text: str, identity: Identity, place: str, findings: Findings) -> None:
    """Count names and units in what is no prose: attributes, names of parts, bytes. Very short Latin words mean nothing there."""
    for kind, words in (("unit", identity.units), ("member", identity.members)):
        for word in words:
            if not word.isascii() or len(word) >= MIN_LATIN:
                findings.note(place, kind, len(pattern_of(word).findall(text)))


def must_be_cleaned(file: Mapping[str, Any]) -> bool:
    """Whether a file of a blind copy still waits for its cleaned copy."""
    return file.get("blob_id") is None and file.get("held_blob_id") is None and not file.get("withheld")


def waits_for_decision(file: Mapping[str, Any]) -> bool:
    """Whether the staff has still to say what becomes of the file."""
    return file.get("blob_id") is None and not must_be_cleaned(file) and not file.get("decision")


def pattern_of(word: str) -> re.Pattern[str]:
    """The word in any case and spacing; a Latin word only as a whole, so that "Li" is not found in "liquid"."""
    spaced = r"\s*".join(re.escape(character) for character in word if not character.isspace())
    if word.isascii():
        inner = r"\s+".join(re.escape(part) for part in word.split())
        spaced = rf"(?<![A-Za-z0-9]){inner}(?![A-Za-z0-9])"
    return re.compile(spaced, re.IGNORECASE)


def blind_answers(schema: FormSchema, answers: Mapping[str, Any], identity: Identity, findings: Findings) -> dict[str, Any]:
    """The answers of blind-safe fields with every text made neutral; persons and organizations are left out."""
    allowed = AUDIENCES["blind"]
    return {
        item.key: _neutral(answers[item.key], identity, item.key, findings)
        for item in schema.fields
        if item.visibility in allowed
        and item.key in answers
        and item.kind not in {FieldKind.PERSON, FieldKind.ORGANIZATION, FieldKind.FILE, FieldKind.HEADING}
    }


def _neutral(value: Any, identity: Identity, place: str, findings: Findings) -> Any:
    if isinstance(value, str):
        return neutral_text(value, identity, place, findings)
    if isinstance(value, list):
        return [_neutral(part, identity, place, findings) for part in value]
    if isinstance(value, dict):
        return {key: _neutral(part, identity, place, findings) for key, part in value.items()}
    return value
