"""The verbs of forms."""
