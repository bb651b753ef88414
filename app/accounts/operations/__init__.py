"""The verbs of accounts, by noun."""
