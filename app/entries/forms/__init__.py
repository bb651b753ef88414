"""Forms of entering and of the formal check."""
