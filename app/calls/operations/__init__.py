"""The verbs of calls, by noun."""
