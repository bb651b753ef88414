"""What a computation reads and what it says: frozen, typed, plain data that is stored as it is.

Marks and scores are decimal texts. Entries and judges (seats) go by their ids; names never enter a computation.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from app.calls.rules import StageRules


class EntryIn(Struct, frozen=True):
    """An entry that takes part in the stage; entries of other calls are there where they compete for the same places."""

    id: int
    call: int = 0
    group: str = ""
    region: str = ""


class JudgeIn(Struct, frozen=True):
    """A seat of a panel."""

    id: int
    category: str = ""
    is_chair: bool = False


class SheetIn(Struct, frozen=True):
    """A signed sheet: marks by criterion, and the digest that the judge signed."""

    entry: int
    judge: int
    marks: dict[str, str]
    digest: str = ""


class AbsenceIn(Struct, frozen=True):
    """An assigned judge without a counting sheet. ``status``: recused, absent, void (struck out for cause)."""

    entry: int
    judge: int
    status: str
    reason: str = ""


class ExclusionIn(Struct, frozen=True):
    """An entry taken out of the ranking. With ``holds_place`` its place is not given to the next."""

    entry: int
    reason: str
    holds_place: bool = False


class EarlierIn(Struct, frozen=True):
    """The released result of an earlier stage: printed scores by entry id."""

    stage: int
    run: int
    digest: str
    scores: dict[str, str]
    position: int = 0


class Inputs(Struct, frozen=True):
    """Everything a result depends on. The order of the lists does not matter (see ``normalized``)."""

    stage: int
    call: int
    rules: StageRules
    rule_digest: str
    group: str
    region: str
    entries: list[EntryIn]
    judges: list[JudgeIn]
    sheets: list[SheetIn]
    absences: list[AbsenceIn] = []
    exclusions: list[ExclusionIn] = []
    earlier: list[EarlierIn] = []
    seed: str = ""
    format: int = 1


def of_call(inputs: Inputs) -> Inputs:
    """Only what is about the call itself: the result of one call never depends on marks of another."""
    own = {row.id for row in inputs.entries if row.call == inputs.call}
    sheets = [row for row in inputs.sheets if row.entry in own]
    absences = [row for row in inputs.absences if row.entry in own]
    judges = {row.judge for row in sheets} | {row.judge for row in absences}
    return replace(
        inputs,
        entries=[row for row in inputs.entries if row.id in own],
        judges=[row for row in inputs.judges if row.id in judges],
        sheets=sheets,
        absences=absences,
        exclusions=[row for row in inputs.exclusions if row.entry in own],
    )


def latest_scores(inputs: Inputs) -> dict[str, str]:
    """Printed scores of the latest earlier stage that has a released result, by entry id."""
    last = max((row.position for row in inputs.earlier), default=0)
    return {entry: score for row in inputs.earlier if row.position == last for entry, score in row.scores.items()}


def normalized(inputs: Inputs) -> Inputs:
    """The same inputs in the one order in which they are stored and hashed."""
    return replace(
        inputs,
        entries=sorted(inputs.entries, key=lambda row: row.id),
        judges=sorted(inputs.judges, key=lambda row: row.id),
        sheets=sorted(inputs.sheets, key=lambda row: (row.entry, row.judge)),
        absences=sorted(inputs.absences, key=lambda row: (row.entry, row.judge)),
        exclusions=sorted(inputs.exclusions, key=lambda row: row.entry),
        earlier=sorted(inputs.earlier, key=lambda row: (row.position, row.run)),
    )


class StepOut(Struct, frozen=True):
    """One step of an explanation: the key of a sentence and what fills it."""

    key: str
    values: dict[str, str] = {}


class LineOut(Struct, frozen=True):
    """A judge's part. ``fate``: kept, dropped, absent, recused, void, pending, substituted."""

    judge: int
    total: str | None
    fate: str
    marks: dict[str, str] = {}


class StandingOut(Struct, frozen=True):
    """An entry's place. ``exact`` is the unrounded score as ``num/den``; ``tie`` says what parted it from the next one."""

    entry: int
    position: int
    rank: int | None
    score: str | None
    exact: str
    status: str
    valid: int
    judges: list[LineOut]
    steps: list[StepOut]
    why: StepOut
    change: StepOut
    advances: bool = False
    award: str | None = None
    tie: StepOut | None = None
    spread: str | None = None
    disagrees: bool = False


class CutOut(Struct, frozen=True):
    """The cut line: ``line`` the lowest printed score that passes, ``after`` the number of positions above it."""

    method: str
    places: int | None
    line: str | None
    after: int
    first_out: int | None = None
    passed: int = 0


class AwardOut(Struct, frozen=True):
    """One level: who gets it, how many stay vacant and why."""

    key: str
    entries: list[int]
    vacant: int
    reason: StepOut | None = None


class Output(Struct, frozen=True):
    """The whole result, in the order of the ranking."""

    standings: list[StandingOut]
    cut: CutOut
    awards: list[AwardOut]
    warnings: list[StepOut] = []


class Summary(Struct, frozen=True):
    """What stands above the table of a run: cut, awards, warnings, its judges, how many entries, whether any lacks a score."""

    cut: CutOut
    awards: list[AwardOut]
    warnings: list[StepOut]
    judges: list[int]
    total: int
    unscored: bool


def summary_of(output: Output) -> Summary:
    """The head of a run without its rows."""
    return Summary(
        cut=output.cut, awards=output.awards, warnings=output.warnings, total=len(output.standings),
        judges=sorted({line.judge for row in output.standings for line in row.judges}),
        unscored=any(row.status == "insufficient" for row in output.standings),
    )  # fmt: skip
