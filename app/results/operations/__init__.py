"""The verbs of results, by noun."""

from .runs import compute_run, propose_run, release_run, take_back_run

__all__ = ["compute_run", "propose_run", "release_run", "take_back_run"]
