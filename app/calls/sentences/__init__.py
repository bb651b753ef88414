"""A plain sentence beside each rule, in the reader's language. The dossier is made of these, so page and document agree."""

from .awards import award_sentence, disclosure_sentences
from .eligibility import condition_sentence, eligibility_sentence
from .rubric import criterion_line, deduction_sentence, gate_sentence, rubric_sentence
from .stages import (
    advancement_sentences,
    aggregation_sentences,
    carry_sentence,
    panel_sentences,
    stage_sentences,
    tie_sentence,
    tie_sentences,
)
from .words import group_name, say

#: What templates need to print rules.
FOR_TEMPLATES = {
    "award_sentence": award_sentence,
    "criterion_line": criterion_line,
    "deduction_sentence": deduction_sentence,
    "gate_sentence": gate_sentence,
    "eligibility_sentence": eligibility_sentence,
    "group_name": group_name,
    "rubric_sentence": rubric_sentence,
    "stage_sentences": stage_sentences,
}

__all__ = [
    "FOR_TEMPLATES",
    "advancement_sentences",
    "aggregation_sentences",
    "award_sentence",
    "carry_sentence",
    "condition_sentence",
    "criterion_line",
    "deduction_sentence",
    "disclosure_sentences",
    "eligibility_sentence",
    "gate_sentence",
    "group_name",
    "panel_sentences",
    "rubric_sentence",
    "say",
    "stage_sentences",
    "tie_sentence",
    "tie_sentences",
]
