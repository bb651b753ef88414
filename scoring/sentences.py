"""Sentence templates, Chinese and English, for steps, ties, selections and cautions."""

from collections.abc import Mapping

from scoring.errors import ScoringError
from scoring.wordings import EN, ZH

CATALOGUES: Mapping[str, Mapping[str, str]] = {"zh": ZH, "en": EN}
CODED = {"mode": "round", "why": "why", "extreme": "explain"}
LANGUAGES = ("zh_CN", "en")


def sentence(key: str, lang: str, values: Mapping[str, object] | None = None) -> str:
    """Fill the template `key` in `zh_CN` or `en` (regional variants allowed). Raises ScoringError for unknown ones."""
    catalogue = CATALOGUES.get(lang.replace("-", "_").split("_")[0])
    if catalogue is None:
        raise ScoringError("sentences exist in zh_CN and en", {"lang": lang})
    if key not in catalogue:
        raise ScoringError("unknown sentence", {"key": key})
    filled = {name: catalogue.get(f"{CODED[name]}.{value}", value) if name in CODED else value for name, value in (values or {}).items()}
    return catalogue[key].format_map(filled)


def tie_name(label: str, lang: str) -> str:
    """The name of a tie key (`mean_all`, `criterion:innovation` …) as used inside a sentence."""
    kind, _, name = label.partition(":")
    return sentence(f"tie.{kind}", lang, {"name": name})
