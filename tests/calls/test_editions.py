"""Making, publishing, opening and sealing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.calls.enums import EditionState, StageState
from app.calls.errors import ApprovalStale, CodeTaken, RulesFaulty, SamePerson
from app.calls.operations.publishing import publish_edition, request_publication
from app.calls.operations.stages import open_stage, seal_stage
from app.calls.presets import PRESETS
from app.calls.queries import calls_in, edition_faults, latest_dossier, stages_in
from app.calls.rules import Criterion, Rubric
from app.calls.rules.checks import blocking, rubric_faults
from app.calls.windows import is_open
from app.dynforms.schema import Text
from tests.conftest import NOW
from tests.factories.calls import make_edition, make_published, make_staff


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_preset_makes_an_edition_that_can_be_published(session: Session, preset: str):
    edition = make_edition(session, preset)
    assert [str(fault) for fault in edition_faults(session, edition, NOW) if fault.blocks] == []


def test_the_matrix_of_the_venture_contest_has_a_call_for_each_track_and_group(session: Session):
    calls = calls_in(session, make_edition(session, "venture"))
    assert len(calls) == 14
    assert (calls[0].code, calls[0].name) == ("ict-startup", "新一代信息技术 · 初创组")
    assert calls[0].rules.eligibility[0].value == "2025-01-01"
    assert calls[1].rules.eligibility[0].value == "2024-12-31"
    assert all(call.form_version.published_at == NOW for call in calls)


def test_a_code_is_used_once(session: Session):
    make_edition(session, code="cup")
    with pytest.raises(CodeTaken):
        make_edition(session, code="cup")


def test_publication_needs_two_persons(session: Session):
    edition = make_edition(session)
    host = make_staff(session, edition.host, Role.HOST)
    request_publication(session, edition=edition, actor=host, now=NOW)
    with pytest.raises(SamePerson):
        publish_edition(session, edition=edition, actor=host, now=NOW)
    publish_edition(session, edition=edition, actor=make_staff(session, edition.host, Role.HOST), now=NOW)
    assert (edition.state, edition.published_at) == (EditionState.PUBLISHED, NOW)
    dossier = latest_dossier(session, edition)
    assert dossier is not None
    assert (dossier.number, len(dossier.digest)) == (1, 64)


def test_what_changed_since_the_question_is_not_published(session: Session):
    edition = make_edition(session)
    request_publication(session, edition=edition, actor=make_staff(session, edition.host, Role.ORGANIZER), now=NOW)
    calls_in(session, edition)[0].quota = 5
    session.flush()
    with pytest.raises(ApprovalStale):
        publish_edition(session, edition=edition, actor=make_staff(session, edition.host, Role.HOST), now=NOW)


def test_the_closing_instant_is_too_late(session: Session):
    edition = make_published(session)
    call = calls_in(session, edition)[0]
    assert not is_open(call, call.opens_at - timedelta(microseconds=1))
    assert is_open(call, call.opens_at)
    assert is_open(call, call.closes_at - timedelta(microseconds=1))
    assert not is_open(call, call.closes_at)


def test_opening_freezes_the_rules_as_a_version(session: Session):
    edition = make_published(session)
    check, roadshow = stages_in(session, edition)
    actor = make_staff(session, edition.host, Role.ORGANIZER)
    open_stage(session, stage=roadshow, actor=actor, now=NOW)
    assert (roadshow.state, roadshow.rule_version.number) == (StageState.OPEN, 1)
    assert roadshow.rule_version.rules == roadshow.rules
    seal_stage(session, stage=roadshow, actor=actor, now=NOW)
    assert (roadshow.state, roadshow.sealed_at, check.state) == (StageState.SEALED, NOW, StageState.PREPARING)


def test_a_rubric_of_95_cannot_be_opened_and_the_figures_are_named(session: Session):
    names = (("创意性", "50"), ("商业性", "20"), ("团队", "20"), ("带动就业", "5"))
    rubric = Rubric(criteria=[Criterion(f"c{n}", Text(name), full) for n, (name, full) in enumerate(names)])
    assert "50 + 20 + 20 + 5 = 95" in str(blocking(rubric_faults(rubric))[0])
    edition = make_published(session)
    roadshow = stages_in(session, edition)[1]
    roadshow.rules = replace(roadshow.rules, rubrics={"*": rubric})
    session.flush()
    with pytest.raises(RulesFaulty):
        open_stage(session, stage=roadshow, actor=make_staff(session, edition.host, Role.ORGANIZER), now=NOW)
    assert roadshow.state == StageState.PREPARING
