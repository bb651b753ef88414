"""Several judges at once: a pasted list is shown as it was read, and stored whole or not at all."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.judging.enums import SeatCategory, SeatState
from app.judging.models import Seat
from app.notify.models import Message
from tests.factories.judging import Scene, make_scene
from tests.support.client import Client, html


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session, entries=1, judges=1, assign=False)


def address(scene: Scene) -> str:
    return f"/manage/{scene.edition.code}/stages/2/panels/{scene.panel.id}/seats/several"


def added(session: Session, scene: Scene) -> list[tuple[str, str, SeatCategory, str, SeatState]]:
    known = {seat.id for seat in scene.seats}
    rows = session.scalars(select(Seat).where(Seat.panel_id == scene.panel.id, Seat.id.not_in(known)).order_by(Seat.id))
    return [(row.name, row.email, row.category, row.unit, row.state) for row in rows]


LIST = (
    "姓名\t邮箱\t类别\t单位\n林知夏\tLin@Example.org\t创投\t澄湖资本\n\n"
    'Ann Lee, ann@example.org, Legal expert, "Lee, Park & Co."\n周行，zhou@example.org'
)


def test_a_pasted_list_is_looked_through_first_and_then_added(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.organizer)
    assert client.get(address(scene)).status_code == 200
    looked = client.post(address(scene), data={"judges": LIST, "then": "add"})
    rows = [[cell.get_text(" ", strip=True) for cell in row.find_all(["td", "th"])] for row in html(looked).find("tbody").find_all("tr")]
    assert (looked.status_code, rows) == (
        200,
        [
            ["2", "林知夏", "lin@example.org", "创投专家", "澄湖资本"],
            ["4", "Ann Lee", "ann@example.org", "法律专家", "Lee, Park & Co."],
            ["5", "周行", "zhou@example.org", "技术专家", "—"],
        ],
    )
    assert added(session, scene) == []
    seen = html(looked).find("input", attrs={"name": "seen"})["value"]
    done = client.post(address(scene), data={"judges": LIST, "seen": seen, "then": "add"})
    assert (done.status_code, done.location) == (303, address(scene).removesuffix("seats/several"))
    assert added(session, scene) == [
        ("林知夏", "lin@example.org", SeatCategory.INVESTOR, "澄湖资本", SeatState.PLANNED),
        ("Ann Lee", "ann@example.org", SeatCategory.LEGAL, "Lee, Park & Co.", SeatState.PLANNED),
        ("周行", "zhou@example.org", SeatCategory.TECHNICAL, "", SeatState.PLANNED),
    ]
    assert session.scalar(select(func.count()).select_from(Message)) == 0
    client.post(address(scene).replace("seats/several", "invitations"))
    assert {state for *_rest, state in added(session, scene)} == {SeatState.INVITED}


def test_one_wrong_line_stores_nothing_and_each_fault_stands_beside_its_line(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.organizer)
    text = f"林知夏, lin@example.org\n, lin@example.org, 律师, x, y\n周行, zhou\n赵一, {scene.seats[0].email}"
    answer = client.post(address(scene), data={"judges": text, "seen": text, "then": "add"})
    beside = [
        [line.get_text(" ", strip=True) for line in row.find_all(class_="error")] for row in html(answer).find("tbody").find_all("tr")
    ]
    assert (answer.status_code, [len(faults) for faults in beside]) == (422, [0, 4, 1, 1])
    assert "第 1 行" in beside[1][3]
    assert "律师" in beside[1][1]
    assert beside[3] == ["此人在该评审组已有席位。"]
    assert html(answer).find("textarea").text.strip() == text
    assert html(answer).find("button", attrs={"value": "add"}) is None
    assert added(session, scene) == []


def test_a_list_changed_after_it_was_looked_through_is_shown_again(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.organizer)
    answer = client.post(address(scene), data={"judges": "周行, zhou@example.org", "seen": "林知夏, lin@example.org", "then": "add"})
    assert (answer.status_code, added(session, scene)) == (200, [])


def test_more_lines_than_somebody_can_look_through_are_refused(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.organizer)
    answer = client.post(address(scene), data={"judges": "\n".join(f"甲, a{n}@example.org" for n in range(201))})
    assert (answer.status_code, "200" in html(answer).find(class_="error").text) == (422, True)
