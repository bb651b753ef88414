"""The verbs of administration."""
