"""Result runs, standings, cut lines, release, awards, certificates."""
