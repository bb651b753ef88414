"""Proposals by field and within wishes: what they respect, what their preview says, and why there may be none."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.calls.models import Call, Track
from app.judging.enums import SeatCategory
from app.judging.models import AssignmentPlan, PanelCall, SeatTrack
from app.judging.operations import proposing, refusals
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.judging import Scene, make_entry, make_scene
from tests.judging.test_desk import open_now
from tests.support.client import Client, words


@pytest.fixture
def scene(session: Session) -> Scene:
    """Two tracks with three entries each, six judges: three at home in each."""
    scene = open_now(session, make_scene(session, entries=3, judges=6, assign=False))
    tracks = [
        Track(edition_id=scene.edition.id, code=code, name=name, position=n)
        for n, (code, name) in enumerate((("A", "材料"), ("B", "生物")))
    ]
    session.add_all(tracks)
    session.flush()
    other = Call(
        edition_id=scene.edition.id,
        code="T2",
        name="生物",
        opens_at=scene.call.opens_at,
        closes_at=scene.call.closes_at,
        track_id=tracks[1].id,
    )
    session.add(other)
    session.flush()
    scene.call.track_id = tracks[0].id
    session.add(PanelCall(panel_id=scene.panel.id, call_id=other.id))
    scene.entries += [make_entry(session, other, scene.stage) for _ in range(3)]
    session.add_all(SeatTrack(seat_id=seat.id, track_id=tracks[n // 3].id) for n, seat in enumerate(scene.seats))
    session.flush()
    return scene


def propose(session: Session, scene: Scene, **wishes: bool) -> AssignmentPlan:
    actor = acting(session, scene.organizer)
    return proposing.propose_plan(session, panel=scene.panel, seed="s", per_entry=2, actor=actor, now=NOW, **wishes)  # type: ignore[arg-type]


def test_by_field_every_entry_gets_judges_of_its_track(session: Session, scene: Scene) -> None:
    plan = propose(session, scene, by_field=True)
    first = {scene.seats[n].id for n in range(3)}
    for number, entry in enumerate(scene.entries):
        judges = {seat for e, seat in plan.pairs if e == entry.id}
        assert len(judges) == 2
        assert judges <= first if number < 3 else not judges & first
    report = plan.report
    assert (report["matched"], report["matchable"], report["strangers"], report["components"]) == (12, 12, [], 2)
    assert (report["load_low"], report["load_high"]) == (1, 3)
    assert (report["fit_entry"], report["fit_worst"], report["fit_bound"]) == (scene.entries[0].id, 2000, 2000)
    assert proposing.repeat_plan(plan)


def test_by_lot_fields_are_only_counted(session: Session, scene: Scene) -> None:
    report = propose(session, scene).report
    assert (report["load_low"], report["load_high"], report["components"], report["matchable"]) == (2, 2, 1, 12)
    assert report["matched"] < 12


def test_without_any_field_by_field_is_refused(session: Session, scene: Scene) -> None:
    for row in session.scalars(select(SeatTrack)):
        session.delete(row)
    session.flush()
    with pytest.raises(refusals.NoFields):
        propose(session, scene, by_field=True)


@pytest.mark.parametrize("by_field", [True, False])
def test_every_entry_meets_each_category_and_no_unit_twice(session: Session, scene: Scene, by_field: bool) -> None:
    for n, seat in enumerate(scene.seats):
        seat.category = SeatCategory.INVESTOR if n % 2 else SeatCategory.TECHNICAL
        seat.unit = f"Institute {n // 2}"
    session.flush()
    free = propose(session, scene).report
    assert set(free["lacking"]) == {"investor", "technical"}
    plan = propose(session, scene, by_field=by_field, each_category=True, one_per_unit=True)
    assert plan.report["lacking"] == {"investor": 0, "technical": 0}
    assert plan.report["doubled"] == 0
    assert proposing.repeat_plan(plan)


def test_a_plan_of_an_earlier_version_can_be_repeated(session: Session, scene: Scene) -> None:
    plan = propose(session, scene)
    plan.parameters = {key: value for key, value in plan.parameters.items() if key != "wishes"}
    session.flush()
    assert proposing.repeat_plan(plan)


def test_what_blocks_a_draw_is_named(client: Client, session: Session, scene: Scene) -> None:
    for seat in scene.seats[1:]:
        seat.category = SeatCategory.INVESTOR
    scene.seats[0].load_limit = 2
    session.flush()
    client.sign_in(scene.organizer)
    path = f"/manage/{scene.edition.code}/stages/2/panels/{scene.panel.id}/plans"
    data = {"judges_per_entry": "3", "seed": "s", "each_category": "y"}
    answer = client.post(path, data=data, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "The judges of the category Technical expert may take 2 entries, but 6 are needed." in words(answer)
    assert session.scalars(select(AssignmentPlan)).all() == []
    for seat in scene.seats:
        seat.load_limit = 2
    session.flush()
    answer = client.post(path, data={"judges_per_entry": "3", "seed": "kept seed"}, headers={"Accept-Language": "en"})
    assert "All judges together may take 12 entries, but 18 are needed." in words(answer)
    assert 'value="kept seed"' in answer.text


def test_the_preview_shows_loads_categories_and_fields(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.organizer)
    path = f"/manage/{scene.edition.code}/stages/2/panels/{scene.panel.id}/"
    answer = client.post(f"{path}plans", data={"judges_per_entry": "2", "seed": "s", "by_field": "y"})
    text = words(client.get(answer.location, headers={"Accept-Language": "en"}))
    assert "In the judge's field 12 / 12" in text
    assert "by field, the worst-served entry first" in text
    assert re.search(
        r"The worst-served entry is \S.*: its judges count 2 of 2\. No assignment could serve its worst-served entry better\.", text
    )
    assert "Technical expert: on every entry" in text
    assert "marks of different groups cannot be compared" in text
    plan = session.scalars(select(AssignmentPlan)).one()
    plan.report = {**plan.report, "fit_bound": 2400}
    session.flush()
    assert "its judges count 2 of 2; at best 2.4 is possible." in words(client.get(answer.location, headers={"Accept-Language": "en"}))


def test_scarce_judges_leave_the_worst_served_entry_where_it_can_be_at_best(client: Client, session: Session, scene: Scene) -> None:
    """Only one judge is left at home in the second track, and may take two of its three entries."""
    for seat in scene.seats[4:]:
        session.execute(update(SeatTrack).where(SeatTrack.seat_id == seat.id).values(track_id=scene.call.track_id))
    scene.seats[3].load_limit = 2
    session.flush()
    report = propose(session, scene, by_field=True).report
    assert (report["fit_worst"], report["fit_bound"]) == (0, 0)
    assert report["fit_entry"] in {entry.id for entry in scene.entries[3:]}
    by_lot = propose(session, scene).report
    assert (by_lot["fit_entry"], by_lot["fit_bound"]) == (None, None)


def test_a_ceiling_draws_among_those_who_fit_and_can_be_repeated(session: Session, scene: Scene) -> None:
    chosen: dict[tuple[int, int], int] = {}
    for seed in range(40):
        actor = acting(session, scene.organizer)
        plan = proposing.propose_plan(
            session, panel=scene.panel, seed=f"s{seed}", per_entry=1, by_field=True, ceiling=40, actor=actor, now=NOW
        )
        assert proposing.repeat_plan(plan)
        for e, s in plan.pairs:
            chosen[e, s] = chosen.get((e, s), 0) + 1
    home = {entry.id: {seat.id for seat in scene.seats[3 * (n // 3) : 3 * (n // 3) + 3]} for n, entry in enumerate(scene.entries)}
    assert all(s in home[e] for e, s in chosen)
    assert max(chosen.values()) < 40 * 0.75


def test_a_ceiling_that_cannot_be_kept_is_refused_with_the_entries(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.organizer)
    path = f"/manage/{scene.edition.code}/stages/2/panels/{scene.panel.id}/plans"
    english = {"Accept-Language": "en"}
    answer = client.post(path, data={"judges_per_entry": "3", "seed": "s", "by_field": "y", "ceiling": "40"}, headers=english)
    assert answer.status_code == 422
    assert "With this ceiling on chances too few judges are without conflict for:" in words(answer)
    for data, told in (
        ({"ceiling": "40"}, "A ceiling on chances belongs to assignments by field."),
        ({"ceiling": "40", "by_field": "y", "one_per_unit": "y"}, "A ceiling on chances cannot be combined"),
        ({"ceiling": "0", "by_field": "y"}, "Number must be between 1 and 100"),
    ):
        refused = client.post(path, data={"judges_per_entry": "2", "seed": "kept", **data}, headers=english)
        assert refused.status_code == 422
        assert told in words(refused)
        assert 'value="kept"' in refused.text
    drawn = client.post(path, data={"judges_per_entry": "2", "seed": "s", "by_field": "y", "ceiling": "70"})
    text = words(client.get(drawn.location, headers=english))
    assert "by lot among those who fit, no pair more likely than 70 %" in text
    assert re.search(r"The worst-served entry is \S.*: its judges count 2 of 2\. A judge at home", text)


def test_a_draw_made_beforehand_counts_while_everything_is_as_it_was(session: Session, scene: Scene) -> None:
    """It is worked out before the write transaction; a judge who has become busy meanwhile makes it worthless."""
    actor, wanted = acting(session, scene.organizer), {"panel": scene.panel, "seed": "s", "per_entry": 2, "by_field": True}
    made = proposing.draw_beforehand(session, **wanted)
    plan = proposing.propose_plan(session, **wanted, made=made, actor=actor, now=NOW)
    assert (plan.digest, proposing.repeat_plan(plan)) == (made.draw.digest, True)
    scene.seats[0].load_limit = 1
    with pytest.raises(refusals.DrawIsStale):
        proposing.propose_plan(session, **wanted, made=made, actor=actor, now=NOW)


def test_tracks_of_a_judge_are_kept_and_foreign_ones_left_out(client: Client, session: Session, scene: Scene) -> None:
    foreign = make_scene(session)
    strange = Track(edition_id=foreign.edition.id, code="X", name="其他")
    session.add(strange)
    session.flush()
    mine = session.scalars(select(SeatTrack.track_id).where(SeatTrack.seat_id == scene.seats[5].id)).one()
    client.sign_in(scene.organizer)
    path = f"/manage/{scene.edition.code}/stages/2/panels/{scene.panel.id}/seats"
    data = {"name": "Li", "email": "li@example.org", "category": "technical", "tracks": [str(mine)]}
    assert client.post(path, data=data).status_code == 303
    added = session.execute(select(SeatTrack.seat_id, SeatTrack.track_id).order_by(SeatTrack.seat_id.desc())).first()
    assert added is not None
    assert added.track_id == mine
    assert client.post(path, data={**data, "email": "wu@example.org", "tracks": [str(strange.id)]}).status_code == 422
    edit = f"{path}/{added.seat_id}"
    boxes = [box for box in re.findall(r"<input[^>]*>", client.get(edit).text) if 'name="tracks"' in box]
    assert [("checked" in box, f'value="{mine}"' in box) for box in boxes] == [(False, False), (True, True)]
    assert client.post(edit, data={"name": "Li", "category": "technical"}).status_code == 303
    assert session.scalars(select(SeatTrack).where(SeatTrack.seat_id == added.seat_id)).all() == []


def test_a_refused_step_of_a_seat_shows_the_panel_with_its_tracks(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.organizer)
    path = f"/manage/{scene.edition.code}/stages/2/panels/{scene.panel.id}/seats/{scene.seats[0].id}/invitation"
    answer = client.post(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "At home in" in words(answer)
