"""Conditions of entry: which facts they ask for, and what the answers mean."""

from .evaluating import Finding, Outcome, eligible, evaluate
from .facts import DECLARED, LIMITS, Question, questions, reading
from .faults import KINDS, eligibility_faults

__all__ = [
    "DECLARED",
    "KINDS",
    "LIMITS",
    "Finding",
    "Outcome",
    "Question",
    "eligibility_faults",
    "eligible",
    "evaluate",
    "questions",
    "reading",
]
