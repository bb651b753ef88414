"""Entries of every kind, team and partners, answers, files, receipts, formal check, blind copy."""
