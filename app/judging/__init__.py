"""Panels, seats, conflicts, assignments, score sheets, sign-off."""
