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
    """What a request costs: milliseconds, processor milliseconds of the web process, statements, bytes."""

    name: str
    samples: int
    p50: float
    p95: float
    processor: float
    statements: int
    size: int
    status: int

    def row(self, floor: float | None = None) -> str:
        """One line of the table; ``floor`` is the p50 that the last column divides by."""
        ratio = f"{self.p50 / floor:7.1f}" if floor else "      –"
        figures = f"{self.samples:5d} {self.p50:8.1f} {self.p95:8.1f} {self.processor:8.1f} {self.statements:5d} {self.size / 1000:9.1f}"
        return f"{self.name:<44}{figures} {ratio}"


HEADING = f"{'':<44}{'n':>5} {'p50 ms':>8} {'p95 ms':>8} {'CPU ms':>8} {'SQL':>5} {'kB':>9} {'×floor':>7}"


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
        processor=statistics.fmean(processor),
        statements=max(reply.statements for reply in replies),
        size=round(statistics.median(len(reply.body) for reply in replies)),
        status=replies[-1].status,
    )
