"""How long to wait after failed sign-ins: growing delays, never a lock that one person could put on another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=24)


@dataclass(frozen=True)
class Brake:
    """Free failures, then a delay that doubles with each further one up to a longest wait."""

    free: int
    first: timedelta
    longest: timedelta

    def delay(self, failures: int) -> timedelta:
        """What must pass since the last failure."""
        over = failures - self.free
        if over < 0:
            return timedelta()
        return min(self.first * 2 ** min(over, 20), self.longest)


#: One account from one network: the guesser's own way is braked hard.
PAIR = Brake(free=5, first=timedelta(seconds=5), longest=timedelta(minutes=15))
#: One account from anywhere: spread guessing is slowed, and the owner never waits longer than this.
ACCOUNT = Brake(free=20, first=timedelta(seconds=2), longest=timedelta(seconds=30))
#: One network on any account: offices share an address, so it begins late.
NETWORK = Brake(free=50, first=timedelta(seconds=2), longest=timedelta(minutes=15))


@dataclass(frozen=True)
class Tally:
    """Failures that count, and the moment of the last."""

    failures: int = 0
    last: datetime | None = None


def wait(now: datetime, *, pair: Tally, account: Tally, network: Tally) -> timedelta:
    """How long this attempt has to wait; zero when it may go on."""
    longest = timedelta()
    for brake, tally in ((PAIR, pair), (ACCOUNT, account), (NETWORK, network)):
        if tally.last is not None:
            longest = max(longest, tally.last + brake.delay(tally.failures) - now)
    return longest
