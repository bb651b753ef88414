"""Taking samples of one request, and what is said about them."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from .browser import Browser, Reply

#: Prepares the numbered sample (fetches the form, makes the file) and returns the request that is timed.
Action = Callable[[int], Callable[[], Reply]]


@dataclass(frozen=True)
class Cost:
    """What a request costs: milliseconds, processor milliseconds of the web process (median and least), statements, bytes.

    Neighbours on the machine make processor time longer too, by cold caches and shared cores; the least is what they disturb least.
    """

    name: str
    samples: int
    p50: float
    p95: float
    processor: float
    least: float
    statements: int
    size: int
    status: int

    def row(self, floor: float, processor: float | None = None, statements: int | None = None) -> str:
        """One line of the table; ``floor`` is the processor time that the ratio divides by, then the goals where there are any."""
        times = f"{self.p50:8.1f} {self.p95:8.1f} {self.processor:7.1f} {self.least:6.1f}"
        figures = f"{self.samples:4d} {times} {self.statements:4d} {self.size / 1000:8.1f}"
        goals = f"{_goal(self.processor, processor)} {_goal(self.statements, statements)}"
        return f"{self.name:<34}{figures} {self.processor / floor:7.1f} {goals}"


def _goal(value: float, bound: float | None) -> str:
    """The bound, with an exclamation mark where it is missed."""
    return f"{'–':>8}" if bound is None else f"{f'≤ {bound:g}' + ('' if value <= bound else ' !'):>8}"


HEADING = f"{'':<34}{'n':>5} {'p50 ms':>8} {'p95 ms':>8} {'CPU ms':>8} {'SQL':>5} {'kB':>9} {'×floor':>7} {'CPU goal':>8} {'SQL goal':>8}"


class UnexpectedAnswerError(Exception):
    """A measured request was not answered as it should be, so its time means nothing."""


def measure(name: str, pinger: Browser, action: Action, samples: int, expect: tuple[int, ...] = (200,), warm_up: int = 3) -> Cost:
    """Run the action so many times, after some that do not count; the server must have one process."""
    for number in range(warm_up):
        action(-1 - number)()
    seconds: list[float] = []
    processor: list[float] = []
    replies: list[Reply] = []
    for number in range(samples):
        request = action(number)
        before = pinger.get("/healthz", follow=False).processor_ns
        reply = request()
        if reply.status not in expect:
            raise UnexpectedAnswerError(f"{name}: {reply.path} answered {reply.status}: {reply.text[:600]}")
        seconds.append(reply.seconds * 1000)
        processor.append((reply.processor_ns - before) / 1e6)
        replies.append(reply)
    return Cost(
        name=name,
        samples=samples,
        p50=statistics.median(seconds),
        p95=sorted(seconds)[max(0, round(0.95 * samples) - 1)],
        processor=statistics.median(processor),
        least=min(processor),
        statements=max(reply.statements for reply in replies),
        size=round(statistics.median(len(reply.body) for reply in replies)),
        status=replies[-1].status,
    )
