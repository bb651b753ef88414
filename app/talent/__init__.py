"""Talent programmes: tiers, fast tracks, selection records with checks, notice and confirmation, talent files."""
