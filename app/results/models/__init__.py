"""Tables of results, by noun."""

from .awards import Award, Certificate
from .orders import ResultOrder
from .runs import ResultRun, RunAnalysis, Standing

__all__ = ["Award", "Certificate", "ResultOrder", "ResultRun", "RunAnalysis", "Standing"]
