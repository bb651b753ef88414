"""The verbs of entries, by noun."""
