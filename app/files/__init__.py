"""Stored files: kept by content digest, checked by content, served only after a policy allowed it."""
