"""The clock guard: the wall clock must go on together with the time that the machine has been running."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.core import clock, timeservice
from app.core.clock import Reading
from app.core.timeguard import ClockFault, TimeGuard, Trust, fault_of
from tests.conftest import NOW

HOUR = 3_600_000_000


def at(seconds: float, *, uptime: float | None = None, boot: str = "one") -> Reading:
    """The clock that many seconds after NOW; the machine has been running as long, or as told."""
    ran = seconds if uptime is None else uptime
    return Reading(NOW + timedelta(seconds=seconds), HOUR + int(ran * 1_000_000), boot)


@pytest.mark.parametrize(
    ("seconds", "ran", "is_right"),
    [
        (60, 60, True), (59.5, 60, True), (59, 60, True), (58.9, 60, False), (0, 3600, False), (-3600, 0, False),
        (300, 0, True), (300.1, 0, False), (86_400, 5, False),
    ],
)  # fmt: skip
def test_the_clock_may_go_back_a_second_and_ahead_five_minutes(seconds: float, ran: float, is_right: bool) -> None:
    assert (fault_of(Trust(at(0)), at(seconds, uptime=ran)) is None) is is_right


def test_the_fault_says_how_far_the_clock_is_off() -> None:
    assert fault_of(Trust(at(0)), at(-3590, uptime=10)) == ClockFault(
        timedelta(hours=-1), NOW + timedelta(seconds=10), NOW + timedelta(seconds=-3590)
    )


def test_after_a_restart_of_the_machine_only_what_was_seen_counts() -> None:
    trust = Trust(at(0), NOW)
    assert fault_of(trust, at(7 * 86_400, uptime=3, boot="two")) is None
    assert fault_of(trust, at(-0.9, uptime=3, boot="two")) is None
    assert fault_of(trust, at(-1.1, uptime=3, boot="two")) is not None
    assert fault_of(trust, at(400 * 86_400, uptime=3, boot="two")) is not None, "a clock without battery wakes up anywhere"


def test_small_steps_ahead_become_the_measure_so_that_going_back_is_seen() -> None:
    readings = [at(0), at(200, uptime=10), at(20, uptime=20), at(215, uptime=25)]
    guard = TimeGuard()
    guard._read = iter(readings).__next__
    guard.begin(Trust())
    found = [guard.fault(), guard.fault(), guard.fault()]
    assert [fault is None for fault in found] == [True, False, True]
    assert found[1] is not None
    assert found[1].by == timedelta(seconds=-190)


def test_small_steps_back_do_not_add_up() -> None:
    guard = TimeGuard()
    guard._read = iter([at(0), at(9.2, uptime=10), at(18.4, uptime=20)]).__next__
    guard.begin(Trust())
    assert guard.fault() is None
    assert guard.fault() is not None, "0.8 s and again 0.8 s are more than one"


@pytest.mark.parametrize("edge", ["2026-03-29T01:59:59", "2026-10-25T02:59:59"])
def test_the_nights_in_which_a_zone_changes_its_clocks_are_no_fault(edge: str) -> None:
    """The guard sees UTC only: a wall in Berlin jumps by an hour in those two seconds, the guard's does not."""
    berlin = ZoneInfo("Europe/Berlin")
    before = clock.from_local(datetime.fromisoformat(edge), "Europe/Berlin")
    after = before + timedelta(seconds=2)
    assert after.astimezone(berlin).replace(tzinfo=None) - before.astimezone(berlin).replace(tzinfo=None) != timedelta(seconds=2)
    ran = iter([0, 2_000_000])
    walls = iter([before.astimezone(berlin), after.astimezone(berlin)])
    clock.read_from(walls.__next__, ran.__next__)
    try:
        assert fault_of(Trust(clock.reading()), clock.reading()) is None
    finally:
        clock.read_from(None)


def test_a_leap_second_is_no_fault() -> None:
    """The kernel shows 23:59:59 twice: the clock stands still for one second."""
    assert fault_of(Trust(at(0)), at(0, uptime=1)) is None


def test_a_guard_that_has_not_begun_believes_every_clock() -> None:
    assert TimeGuard().fault() is None


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (None, None),
        ((0, 0x2000, 700_000_000), timeservice.State(True, timedelta(milliseconds=700))),
        ((0, 0, -700), timeservice.State(True, timedelta(microseconds=-700))),
        ((5, 0x40, 0), timeservice.State(False, timedelta(0))),
        ((0, 0x40, 0), timeservice.State(False, timedelta(0))),
    ],
)
def test_the_kernels_answer_about_time_servers_is_read(told: tuple[int, int, int] | None, state: timeservice.State | None) -> None:
    assert timeservice.state(lambda: told) == state
