"""What an analysis of a run says: plain data that is stored as it is. Figures are texts for readers, never used for a decision."""

from __future__ import annotations

from msgspec import Struct

from .values import StepOut


class Figure(Struct, frozen=True):
    """One measure with its 95 percent limits. ``level`` weighs it (weak, fair, good); ``reason`` where it is not defined."""

    key: str
    value: str
    low: str = ""
    high: str = ""
    level: str = ""
    reason: str = ""


class Shares(Struct, frozen=True):
    """Where the differences between totals come from, in percent: the entries, the judges' severity, disagreement."""

    entries: int
    judges: int
    rest: int


class StudyRow(Struct, frozen=True):
    """Reliability of a mean of so many judges, in hundredths: of the order (relative), of the score itself (absolute)."""

    judges: int
    relative: int
    absolute: int


class Study(Struct, frozen=True):
    """How many judges are enough: reliability by number of judges; ``enough`` reach 0.80 (None: more than 30)."""

    shares: Shares
    rows: list[StudyRow]
    present: int
    enough: int | None


class JudgeFigures(Struct, frozen=True):
    """Severity in points above (generous) or below the panel with its standard error and 95 percent limits in hundredths;
    agreement with the others; spread and telling-apart of criteria beside the others; shares of equal sheets and dropped totals.
    """

    judge: int
    sheets: int
    severity: str
    error: str
    low: int
    high: int
    consistency: str
    spread: str
    halo: str
    straight: str
    dropped: str
    cautions: list[StepOut] = []


class EntryFigures(Struct, frozen=True):
    """Raw and corrected score, limits of the rank, chance (percent) of being among the first k, the methods that disagree.

    ``others``: methods whose answer to "among the first k?" differs from that of the rule. ``unsure``: the data do not support
    that it stands before the next one.
    """

    entry: int
    raw: str
    rank: int
    adjusted: str = ""
    adjusted_rank: int | None = None
    low: int | None = None
    high: int | None = None
    chance: int | None = None
    others: list[str] = []
    unsure: bool = False


class Analysis(Struct, frozen=True):
    """All figures of a run; ``refusals`` say which method does not apply and why, ``uncorrected`` why nothing is corrected."""

    k: int
    figures: list[Figure] = []
    study: Study | None = None
    judges: list[JudgeFigures] = []
    pairs: list[StepOut] = []
    entries: list[EntryFigures] = []
    methods: list[str] = []
    warnings: list[StepOut] = []
    refusals: list[StepOut] = []
    uncorrected: StepOut | None = None
