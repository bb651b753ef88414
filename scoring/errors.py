"""Named refusals; each says in `.where` which entry, judge, criterion or field it is about."""

from collections.abc import Mapping


class ScoringError(ValueError):
    """Base of every refusal of this package; `where` maps `entry`, `judge`, `criterion`, `field` … to ids."""

    def __init__(self, message: str, where: Mapping[str, object] | None = None) -> None:
        self.message = message
        self.where: dict[str, object] = dict(where or {})
        place = ", ".join(f"{key} {value}" for key, value in self.where.items())
        super().__init__(f"{message} ({place})" if place else message)


class InvalidMark(ScoringError):
    """A mark that is not a number of the declared scale, out of range, off its step, or given twice."""


class InvalidRule(ScoringError):
    """A rule that contradicts itself or lacks what a call needs."""


class Insufficient(ScoringError):
    """Not enough marks, judges or entries for the figure asked for."""


class NotIdentifiable(ScoringError):
    """The judge-entry graph does not allow the comparison asked for."""


class Infeasible(ScoringError):
    """No assignment or selection satisfies the hard rules; `where` names the smallest blocking set found."""


class NotConverged(ScoringError):
    """An iteration did not reach its tolerance."""
