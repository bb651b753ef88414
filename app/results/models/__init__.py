"""Tables of results, by noun."""

from .awards import Award, Certificate
from .runs import ResultRun, RunAnalysis, Standing

__all__ = ["Award", "Certificate", "ResultRun", "RunAnalysis", "Standing"]
