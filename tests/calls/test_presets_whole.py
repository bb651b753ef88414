"""What a preset gives is whole: a new edition is not born with advice about its own stages."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.calls.presets import PRESETS
from app.calls.queries import stages_in
from app.calls.rules.checks import stage_faults
from app.calls.stagekinds import JUDGED
from tests.factories.calls import make_edition


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_the_stages_of_a_preset_have_no_faults(session: Session, preset: str) -> None:
    stages = stages_in(session, make_edition(session, preset))
    found = {
        stage.name: stage_faults(stage.rules, judged=stage.kind in JUDGED, earlier=any(other.kind in JUDGED for other in stages[:number]))
        for number, stage in enumerate(stages)
    }
    assert {name: faults for name, faults in found.items() if faults} == {}
