"""Reading results: what a computation needs, runs with their standings, awards, the public list."""

from .inputs import gather_inputs

__all__ = ["gather_inputs"]
