"""Tables of results, by noun."""

from .awards import Award, Certificate
from .runs import ResultRun, Standing

__all__ = ["Award", "Certificate", "ResultRun", "Standing"]
