"""The organizer's pages of judging."""

from __future__ import annotations

from . import assigning, panels, progress, reopening, seats, several  # the last two add their views to the panels' blueprint

blueprints = (panels.bp, assigning.bp, progress.bp, reopening.bp)

__all__ = ["blueprints", "seats", "several"]
