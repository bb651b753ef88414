"""What led to a published number, as data: steps with decimal strings, and their sentences in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.sentences import sentence


@dataclass(frozen=True)
class Step:
    """One step of a calculation: a key of `scoring.sentences` and the decimal strings that fill it."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)

    def sentence(self, lang: str = "zh_CN") -> str:
        return sentence(self.key, lang, self.values)


@dataclass(frozen=True)
class JudgeLine:
    """One judge's part: total in points, marks by criterion, and what became of it (kept, dropped, absent, recused …)."""

    judge: str
    total: str | None
    fate: str
    marks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Explanation:
    """The way from the judges' totals to the printed score of one entry."""

    entry: str
    judges: tuple[JudgeLine, ...]
    steps: tuple[Step, ...]
    exact: str
    printed: str
    status: str

    def sentences(self, lang: str = "zh_CN") -> tuple[str, ...]:
        return tuple(step.sentence(lang) for step in self.steps)

    def sentence(self, lang: str = "zh_CN") -> str:
        return ("" if lang.startswith("zh") else " ").join(self.sentences(lang))
