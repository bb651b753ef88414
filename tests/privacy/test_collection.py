"""As little as possible is asked for, and what is sensitive lies encrypted."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy.orm import Session

from app.calls.presets import PRESETS
from app.dynforms.building import PersonPart
from app.dynforms.schema import Visibility

from . import canary

#: Numbers of documents, phones and accounts. They are asked for when an award or a selection needs them, never at registration.
NUMBERS = re.compile(r"身份证|证件号|护照|ID (card|number)|passport|银行|bank|手机号|电话号", re.IGNORECASE)


def test_no_preset_asks_for_numbers_of_documents_or_accounts() -> None:
    asked = [
        f"{key}: {field.key}" for key, preset in PRESETS.items() for field in preset.form.fields
        for words in (field.key, field.label.zh, field.label.en, *(column.key + column.label.zh for column in field.columns))
        if NUMBERS.search(words)
    ]  # fmt: skip
    assert asked == []


def test_what_the_presets_ask_of_a_person_is_this_and_no_more(app: Flask) -> None:
    """A snapshot: whoever adds a sensitive question to a preset changes this list, and says why it is needed at registration."""
    sensitive = {f"{key}.{field.key}" for key, preset in PRESETS.items() for field in preset.form.fields
                 if field.visibility == Visibility.SENSITIVE}  # fmt: skip
    assert sensitive == {f"{key}.leader" for key in ("challenge", "leg", "talent", "venture")}
    with app.test_request_context():
        assert {part.name for part in PersonPart()} == {"name", "unit", "position", "phone", "email"}


def test_sensitive_fields_of_a_profile_are_nowhere_in_clear(session: Session) -> None:
    canary.make_scene(session)
    told = canary.stored_text(session.connection(), opened=False)
    for word in (canary.ID_NUMBER, canary.PHONE, canary.BANK):
        assert word not in told["profiles"]
        assert word not in told["journal_events"]
        assert word not in told["messages"]
    assert [table for table, text in told.items() if canary.BANK in text] == []


def test_signing_up_asks_for_a_name_and_an_address_only(client) -> None:
    page = client.get("/sign-up").get_data(as_text=True)
    assert set(re.findall(r'<input[^>]*name="([^"]+)"', page)) - {"csrf_token", "next"} == {"email"}
