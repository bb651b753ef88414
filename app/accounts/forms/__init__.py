"""The forms of accounts, by page."""
