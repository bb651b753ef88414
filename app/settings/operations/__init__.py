"""The verbs of settings, by noun."""
