"""Stored words with what people read."""

from __future__ import annotations

import pytest

from app.core.enums import Labelled


class Light(Labelled):
    RED = "red", "Stop"
    GREEN = "green", "Go"


def test_a_member_is_its_stored_word_and_knows_what_people_read() -> None:
    assert (Light("red"), f"{Light.RED}", Light.RED.value, Light.RED.label) == (Light.RED, "red", "red", "Stop")
    assert {"green": 1}[Light.GREEN] == 1


def test_a_member_without_words_does_not_come_into_being() -> None:
    with pytest.raises(TypeError, match="needs words"):

        class Silent(Labelled):
            ONE = "one"


def test_an_unknown_word_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="amber"):
        Light("amber")
