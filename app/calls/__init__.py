"""Series, editions, stages, calls, windows, eligibility rules, presets, rule dossier."""
