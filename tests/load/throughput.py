"""Sixteen clients at once: requests a second, beside those of the floor just before and just after."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Sequence

from .browser import Browser, Reply
from .scenes import Judging, Request

CLIENTS = 16
SAVES_EACH = 12


def rate(work: Sequence[Sequence[Request]], expect: int) -> float:
    """Requests a second when every list of requests is sent by a thread of its own, one after the other."""
    failures: list[Reply] = []
    ready = threading.Barrier(len(work) + 1)

    def client(requests: Sequence[Request]) -> None:
        ready.wait()
        failures.extend(reply for reply in (request() for request in requests) if reply.status != expect)

    threads = [threading.Thread(target=client, args=(requests,)) for requests in work]
    for thread in threads:
        thread.start()
    ready.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    if failures:
        raise RuntimeError(f"{len(failures)} answers were not {expect}: {failures[0].path} {failures[0].status} {failures[0].text[:300]}")
    return sum(map(len, work)) / seconds


def floor_over(floor: Callable[[], float], page: Callable[[], float]) -> tuple[float, float]:
    """The page's rate, and how many times the floor's rate (mean of before and after) it is."""
    before = floor()
    own = page()
    return own, statistics.fmean((before, floor())) / own


def same_page(browsers: Sequence[Browser], path: str, times: int) -> float:
    """The rate of one page for these people."""
    return rate([[lambda b=browser: b.get(path)] * times for browser in browsers], 200)  # type: ignore[misc]


def judges(port: int) -> list[Judging]:
    """Sixteen judges at their desks."""
    return [Judging(port, number) for number in range(1, CLIENTS + 1)]


def forms(desks: Sequence[Judging], times: int) -> float:
    """Every judge opens sheet after sheet."""
    return rate([[desk.form(n) for n in range(times)] for desk in desks], 200)


def saves(desks: Sequence[Judging], first: int = 0) -> float:
    """Every judge saves different sheets; the forms are fetched before, as they were when the marks were typed."""
    return rate([[desk.save(first + n) for n in range(SAVES_EACH)] for desk in desks], 303)
