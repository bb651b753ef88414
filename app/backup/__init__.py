"""Backups of everything in one sealed file, and the way back: check, restore, compare, open."""
