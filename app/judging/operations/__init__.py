"""The verbs of judging, one module a noun."""
